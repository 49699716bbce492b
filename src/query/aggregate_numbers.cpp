#include <algorithm>

#include "query/detail/aggregate.h"

namespace redoubt::query::detail {

namespace {

using kql::Type;
using kql::Value;

using Values = std::vector<Value>;

/// Whether the last argument, a predicate, holds.
bool holds(const Value& predicate) {
  const Value truth = kql::convert(predicate, Type::Bool);
  return !truth.is_null() && truth.as_bool();
}

/// count() and countif(predicate).
class Count : public Aggregate {
 public:
  Result<void> add(std::span<const Value> arguments) override {
    if (arguments.empty() || holds(arguments[0])) ++count_;
    return {};
  }
  Result<Values> results() override { return Values{Value::of_long(count_)}; }

 private:
  std::int64_t count_ = 0;
};

template <class T>
std::unique_ptr<Aggregate> make(const kql::Expression&, const kql::EvaluationContext&) {
  return std::make_unique<T>();
}

constexpr AggregateRow kRows[] = {{"count", make<Count>}, {"countif", make<Count>}};

}  // namespace

AggregateRows number_aggregates() { return kRows; }

}  // namespace redoubt::query::detail

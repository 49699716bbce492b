#include <cmath>
#include <optional>

#include "query/detail/aggregate.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "arg_max() (aggregation function)", "arg_min() ...", "take_any()
// ...".

namespace {

using kql::Value;

using Values = std::vector<Value>;

Values kept(Arguments arguments) {
  Values out;
  out.reserve(arguments.size());
  for (std::size_t i = 0; i < arguments.size(); ++i)
    out.push_back(arguments[i]);
  return out;
}

/// arg_max() and arg_min(): the columns of the row with the extreme; of several the first. Nulls lose, but
/// where there is nothing else the first row stays.
template <bool greatest>
class ExtremeRow : public Aggregate {
 public:
  explicit ExtremeRow(const AggregateCall& call) : columns_(call.expression->columns.size()) {}

  Result<void> add(Arguments arguments) override {
    if (row_.empty() || beats(arguments[0])) row_ = kept(arguments);
    return {};
  }
  Result<Values> results() override { return row_.empty() ? Values(columns_) : std::move(row_); }

 private:
  static bool is_nothing(const Value& value) {
    return value.is_null() || (value.is(kql::Type::Real) && std::isnan(value.as_real()));
  }
  bool beats(const Value& value) const {
    if (is_nothing(value)) return false;
    if (is_nothing(row_[0])) return true;
    const std::partial_ordering order = kql::order_of(value, row_[0]);
    return greatest ? order > 0 : order < 0;
  }

  std::size_t columns_;
  Values row_;
};

/// take_any(): of one column the first value that is not null or empty, of several those of the first row.
class AnyRow : public Aggregate {
 public:
  explicit AnyRow(const AggregateCall& call)
      : columns_(std::max<std::size_t>(call.expression->columns.size(), 1)) {}

  Result<void> add(Arguments arguments) override {
    if (arguments.size() == 0) return {};
    if (row_.empty() || (arguments.size() == 1 && is_empty(row_[0]) && !is_empty(arguments[0])))
      row_ = kept(arguments);
    return {};
  }
  Result<Values> results() override { return row_.empty() ? Values(columns_) : std::move(row_); }

 private:
  static bool is_empty(const Value& value) {
    return value.is_null() || (value.is(kql::Type::String) && value.as_string().empty());
  }

  std::size_t columns_;
  Values row_;
};

constexpr AggregateRow kRows[] = {{"arg_max", make_aggregate<ExtremeRow<true>>},
                                  {"arg_min", make_aggregate<ExtremeRow<false>>},
                                  {"passthrough", make_aggregate<AnyRow>},
                                  {"take_any", make_aggregate<AnyRow>},
                                  {"take_anyif", make_aggregate<AnyRow>, 1}};

}  // namespace

AggregateRows row_aggregates() { return kRows; }

}  // namespace redoubt::query::detail

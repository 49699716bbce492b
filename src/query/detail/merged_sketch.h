#pragma once

#include <optional>
#include <utility>

#include "kql/sketches.h"
#include "query/detail/aggregate.h"

namespace redoubt::query::detail {

/// The value of a sketch as a result; null: there is none.
template <class Sketch>
Result<std::vector<kql::Value>> sketch_result(const AggregateCall& call, std::optional<Sketch>& sketch) {
  using Values = std::vector<kql::Value>;
  if (!sketch) return Values{kql::Value::null(kql::Type::Dynamic)};
  std::string json = sketch->json();
  if (json.size() > call.limits().max_bytes) return call.too_large();
  return Values{kql::Value::of_dynamic(std::move(json))};
}

/// hll_merge() and tdigest_merge(): what is no sketch is passed over.
template <class Sketch>
class MergedSketch : public Aggregate {
 public:
  explicit MergedSketch(const AggregateCall& call) : call_(call) {}

  Result<void> add(Arguments arguments) override {
    const kql::Value& value = arguments[0];
    if (!value.is(kql::Type::Dynamic) || value.is_null()) return {};
    std::optional<Sketch> sketch = Sketch::read(value.json());
    if (sketch && merged_)
      merged_->merge(*sketch);
    else if (sketch)
      merged_ = std::move(sketch);
    return {};
  }
  Result<std::vector<kql::Value>> results() override { return sketch_result(call_, merged_); }

 private:
  const AggregateCall& call_;
  std::optional<Sketch> merged_;
};

}  // namespace redoubt::query::detail

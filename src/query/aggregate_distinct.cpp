#include <string>
#include <unordered_set>

#include "query/detail/aggregate.h"
#include "query/detail/keys.h"
#include "query/detail/merged_sketch.h"

namespace redoubt::query::detail {

// Nulls do not count. dcount() estimates in the engine; here it counts exactly, as count_distinct() does.
// Source: Kusto Query Language reference, the page of each function.

namespace {

using kql::DistinctSketch;
using kql::Value;

using Values = std::vector<Value>;

class CountDistinct : public Aggregate {
 public:
  Result<void> add(Arguments arguments) override {
    if (arguments[0].is_null()) return {};
    key_.clear();
    append_key(key_, arguments[0]);
    seen_.insert(key_);
    return {};
  }
  Result<Values> results() override {
    return Values{Value::of_long(static_cast<std::int64_t>(seen_.size()))};
  }

 private:
  std::string key_;
  std::unordered_set<std::string> seen_;
};

/// hll(); null when there are no values.
class Sketch : public Aggregate {
 public:
  explicit Sketch(const AggregateCall& call) : call_(call) {}

  Result<void> add(Arguments arguments) override {
    if (arguments[0].is_null()) return {};
    if (!sketch_) sketch_.emplace(call_.whole(1, DistinctSketch::kDefaultAccuracy));
    sketch_->add(arguments[0]);
    return {};
  }
  Result<Values> results() override { return sketch_result(call_, sketch_); }

 private:
  const AggregateCall& call_;
  std::optional<DistinctSketch> sketch_;
};

constexpr AggregateRow kRows[] = {{"count_distinct", make_aggregate<CountDistinct>},
                                  {"count_distinctif", make_aggregate<CountDistinct>, 1},
                                  {"dcount", make_aggregate<CountDistinct>},
                                  {"dcountif", make_aggregate<CountDistinct>, 1},
                                  {"hll", make_aggregate<Sketch>},
                                  {"hll_if", make_aggregate<Sketch>, 1},
                                  {"hll_merge", make_aggregate<MergedSketch<DistinctSketch>>}};

}  // namespace

AggregateRows distinct_aggregates() { return kRows; }

}  // namespace redoubt::query::detail

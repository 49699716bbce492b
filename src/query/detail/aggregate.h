#pragma once

#include <memory>
#include <span>
#include <vector>

#include "kql/evaluate.h"
#include "kql/plan.h"

namespace redoubt::query::detail {

/// An aggregate over the rows of one group, as its page of the Kusto Query Language reference has it.
class Aggregate {
 public:
  Aggregate() = default;
  Aggregate(const Aggregate&) = delete;
  Aggregate& operator=(const Aggregate&) = delete;
  virtual ~Aggregate() = default;

  /// The arguments of one row; of arg_max(), arg_min() and take_any() one for each column that they give.
  virtual Result<void> add(std::span<const kql::Value> arguments) = 0;
  /// One value; of a call that gives several columns, one for each.
  virtual Result<std::vector<kql::Value>> results() = 0;
};

/// A new aggregate of a call for one group. Null: the function is not known here.
std::unique_ptr<Aggregate> make_aggregate(const kql::Expression& call, const kql::EvaluationContext& context);

using AggregateFactory = std::unique_ptr<Aggregate> (*)(const kql::Expression& call,
                                                        const kql::EvaluationContext& context);
struct AggregateRow {
  std::string_view name;
  AggregateFactory make;
};
using AggregateRows = std::span<const AggregateRow>;

// The tables, a topic each.
AggregateRows number_aggregates();  ///< count, sum, avg, min ...

}  // namespace redoubt::query::detail

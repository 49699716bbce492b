#include "query/detail/aggregate.h"

namespace redoubt::query::detail {

std::unique_ptr<Aggregate> make_aggregate(const kql::Expression& call, const kql::EvaluationContext& context) {
  static constexpr AggregateRows (*kTables[])() = {number_aggregates};
  const std::string_view name =
      call.function->alias_of.empty() ? call.function->name : call.function->alias_of;
  for (const auto table : kTables)
    for (const AggregateRow& row : table())
      if (row.name == name) return row.make(call, context);
  return nullptr;
}

}  // namespace redoubt::query::detail

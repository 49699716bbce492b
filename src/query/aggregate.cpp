#include "query/detail/aggregate.h"

#include <fmt/format.h>

namespace redoubt::query::detail {

const AggregateRow* find_aggregate(const kql::Function& function) {
  static constexpr AggregateRows (*kTables[])() = {
      number_aggregates, statistic_aggregates, row_aggregates,       collection_aggregates,
      schema_aggregates, distinct_aggregates,  percentile_aggregates};
  for (const std::string_view name : {function.name, function.alias_of})
    for (const auto table : kTables)
      for (const AggregateRow& row : table())
        if (row.name == name) return &row;
  return nullptr;
}

std::int64_t AggregateCall::whole(std::size_t argument, std::int64_t otherwise) const {
  if (argument >= constants.size() || constants[argument] == nullptr) return otherwise;
  const kql::Value value = kql::convert(*constants[argument], kql::Type::Long);
  return value.is_null() ? otherwise : value.as_long();
}

tl::unexpected<Error> AggregateCall::too_large() const {
  return fail(Error::Kind::Limit, "KQL0405",
              fmt::format("result larger than the limit of {} bytes: {}", limits().max_bytes,
                          expression->function->name));
}

}  // namespace redoubt::query::detail

#pragma once

#include <vector>

#include "doc/value.h"
#include "kql/detail/query_tree.h"
#include "kql/query_files.h"

namespace redoubt::kql::detail {

/// The columns that what stands beside a rule's query takes from its result: entity mappings, custom details,
/// overrides of alert details, dimensions of a scheduled query rule. `object` is what the query is a member
/// of. Source: Microsoft Sentinel, "Map data fields to entities", "Surface custom event details in alerts",
/// "Customize alert details"; Microsoft.Insights/scheduledQueryRules.
std::vector<TakenColumn> rule_columns(const doc::Value& object, const doc::Sources& parsed,
                                      const ValuePlaces& places);

}  // namespace redoubt::kql::detail

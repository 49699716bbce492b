#pragma once

#include <string_view>
#include <vector>

#include "kql/plan.h"

namespace redoubt::kql::detail {

/// A table that the examples of the Kusto documentation read; null: none of that name. It is found only where
/// no table of the user's has the name.
/// Source: Kusto documentation, "Sample database" (help cluster, database Samples).
const Relation* find_sample_table(std::string_view name);
/// All of them, in the documentation's order: what a query reads everywhere while no tables are known.
std::vector<const Relation*> sample_tables();

}  // namespace redoubt::kql::detail

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kql/analysis.h"
#include "kql/plan.h"
#include "kql/value.h"
#include "query/memory_tables.h"

namespace redoubt::query {

/// What a query compares columns with, by their names; of a path into a dynamic column the JSON in which it
/// has that value.
using ColumnHints = std::map<std::string, std::vector<kql::Value>, std::less<>>;
ColumnHints hints_of(const kql::Analysis& analysis);

/// Adds a table of made-up rows of the right types. So that conditions hold now and then, a third of the rows
/// has in each column mostly what the query compares it with, texts are often ones that stand in the query,
/// and half of the times lie in the last day; a few cells of each column are null or empty. The same for the
/// same seed.
void add_random_table(const kql::Relation& table, std::string_view query, const ColumnHints& hints,
                      std::uint64_t seed, std::size_t rows, MemoryTables& out);

}  // namespace redoubt::query

#pragma once

#include <string_view>

#include "kql/plan.h"
#include "query/memory_tables.h"

namespace redoubt::query {

/// Adds a table of made-up rows of the right types. Its texts are often ones that stand in the query, so that
/// conditions hold now and then; a few cells of each column are null or empty. The same for the same seed.
void add_random_table(const kql::Relation& table, std::string_view query, std::uint64_t seed,
                      std::size_t rows, MemoryTables& out);

}  // namespace redoubt::query

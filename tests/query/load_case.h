#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kql/schemas.h"
#include "query/memory_tables.h"

namespace redoubt::query {

/// A part of a case of tests/query/cases/load: `== NAME` begins a file, `== schema` the columns of the table
/// T as {"Column": "type"}. A backslash at the end of a file: no line break stands behind it.
struct Part {
  std::string name;
  std::string text;
};
std::vector<Part> parts_of(std::string_view input);

/// Adds the table T.
void add_schema(const std::string& json, kql::Schemas& schemas);

/// The table T: its columns with their types, a line of JSON for each row.
std::string table_text(MemoryTables& tables);

}  // namespace redoubt::query

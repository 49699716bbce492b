#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "query/table.h"
#include "store/engine.h"

namespace redoubt::query::sql {

/// The value of a column in a row.
using CellAt = std::function<kql::Value(std::size_t column, std::size_t row)>;

/// Columns of rows in memory as a table that an engine reads: column number i is called `c<i>`, its values
/// are held as SqlValue says.
store::Input input_of(std::string name, const std::vector<kql::Type>& types, CellAt cell, std::size_t rows);

/// Adds a value at the end of a column of its type, as the engine holds such; null is empty where the column
/// has none.
void append_value(store::Column& column, const kql::Value& value);

/// Whether a statement names a table.
bool names_table(std::string_view sql, std::string_view table);

}  // namespace redoubt::query::sql

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "query/table.h"
#include "store/engine.h"

namespace redoubt::query::sql {

/// The value of a column in a row.
using CellAt = std::function<kql::Value(std::size_t column, std::size_t row)>;

/// The columns that a statement names of tables in memory, which are called `rd_...` there, their columns
/// `c0`, `c1` ...: an engine is given these alone.
class NamedColumns {
 public:
  explicit NamedColumns(std::string_view sql);

  /// Their numbers, from the smallest on. Null: the statement does not name the table.
  const std::vector<std::size_t>* of(std::string_view table) const;

 private:
  std::map<std::string, std::vector<std::size_t>, std::less<>> tables_;
};

/// Columns of rows in memory as a table that an engine reads; column number i is called `c<i>` and is of type
/// number i, its values are held as SqlValue says. Without any it has the first one: it has as many rows.
store::Input input_of(std::string name, const std::vector<std::size_t>& columns,
                      const std::vector<kql::Type>& types, CellAt cell, std::size_t rows);

/// Adds a value at the end of a column of its type, as the engine holds such; null is empty where the column
/// has none.
void append_value(store::Column& column, const kql::Value& value);

}  // namespace redoubt::query::sql

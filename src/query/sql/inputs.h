#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "query/table.h"
#include "store/engine.h"

namespace redoubt::query::sql {

/// Columns of rows in memory as a table that an engine reads: column number i is called `c<i>`, its values are
/// held as SqlValue says.
store::Input input_of(std::string name, std::vector<kql::Type> types,
                      std::vector<std::shared_ptr<const Cells>> cells, std::size_t rows);

/// Whether a statement names a table.
bool names_table(std::string_view sql, std::string_view table);

}  // namespace redoubt::query::sql

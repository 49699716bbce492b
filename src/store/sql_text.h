#pragma once

#include <string>
#include <string_view>

namespace redoubt::store {

/// A text as a literal of SQL. Any bytes come back as they are.
std::string sql_text(std::string_view text);

/// A name of a database, table or column.
std::string sql_name(std::string_view name);

}  // namespace redoubt::store

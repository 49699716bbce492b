#pragma once

#include <string>

#include "core/result.h"

struct sqlite3;

namespace redoubt::state::detail {

/// What a result code of SQLite means to the user of the file at `path`. `connection` may be null.
tl::unexpected<Error> sqlite_error(sqlite3* connection, int code, const std::string& path);

/// STA0002, with what is wrong with it.
tl::unexpected<Error> not_ours(const std::string& path, std::string_view why);

}  // namespace redoubt::state::detail

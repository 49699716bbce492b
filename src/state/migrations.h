#pragma once

#include <cstdint>

#include "core/result.h"
#include "state/database.h"

namespace redoubt::state {

/// The version of the tables: how many files `migrations/` has. The file keeps it as user_version.
std::int64_t schema_version();

/// Brings the tables up to schema_version(), in one transaction, however many processes try at once.
/// Errors: STA0002 the file belongs to another program, STA0003 (Unsupported) it is of a newer Redoubt.
Result<void> migrate(Database& database);

/// What migrate() would do before it: whether the tables are of this version. The same errors.
Result<bool> is_current(Database& database);

}  // namespace redoubt::state

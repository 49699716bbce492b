#include "state/migrations.h"

#include <fmt/format.h>

#include <span>

#include "core/embedded.h"
#include "state/detail/sqlite_error.h"

extern "C" const redoubt::EmbeddedFile state_migrations_begin[], state_migrations_end[];

namespace redoubt::state {

namespace {

/// application_id of the file: "RdBt".
constexpr std::int64_t kApplication = 0x52644274;

/// What tells whose file it is. In one statement: while another process makes it, several would see it half
/// made.
constexpr std::string_view kMarks =
    "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) "
    "FROM pragma_application_id, pragma_user_version";

std::span<const EmbeddedFile> steps() { return {state_migrations_begin, state_migrations_end}; }

Result<std::int64_t> version_of(Database& database) {
  std::int64_t application = 0;
  std::int64_t version = 0;
  std::int64_t tables = 0;
  Statement statement = RD_TRY(database.prepare(kMarks));
  RD_TRY(statement.each({}, [&](const Statement& row) {
    application = row.integer(0);
    version = row.integer(1);
    tables = row.integer(2);
  }));
  const bool empty = application == 0 && version == 0 && tables == 0;
  if (!empty && application != kApplication)
    return detail::not_ours(database.path(), "another program made it");
  if (version < 0 || (!empty && version == 0))
    return detail::not_ours(database.path(), fmt::format("its version is {}", version));
  if (version > schema_version())
    return fail(
        Error::Kind::Unsupported, "STA0003",
        fmt::format("a newer Redoubt made the state database: its version is {}, this program knows {}",
                    version, schema_version()),
        Where{database.path(), 0, 0, {}}, "use the newer program, or another data directory");
  return version;
}

}  // namespace

std::int64_t schema_version() { return static_cast<std::int64_t>(steps().size()); }

Result<bool> is_current(Database& database) {
  const std::int64_t version = RD_TRY(version_of(database));
  return version == schema_version();
}

Result<void> migrate(Database& database) {
  const bool current = RD_TRY(is_current(database));
  if (current) return {};
  return database.in_transaction([&]() -> Result<void> {
    const std::int64_t version = RD_TRY(version_of(database));  // another process may have been quicker
    for (std::int64_t i = version; i < schema_version(); ++i) {
      RD_TRY(database.execute(steps()[static_cast<std::size_t>(i)].content()));
    }
    return database.execute(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplication, schema_version()));
  });
}

}  // namespace redoubt::state

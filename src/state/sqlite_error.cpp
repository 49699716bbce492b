#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "state/detail/sqlite_error.h"

namespace redoubt::state::detail {

namespace {

struct ErrorRow {
  int code;  // of SQLite, without its extension
  Error::Kind kind;
  std::string_view ours;
  std::string_view what;
  std::string_view hint;
};

constexpr std::string_view kDamaged = "move the file away, or take it from a backup";
constexpr std::string_view kDisk = "make room on the disk; what was recorded before is still there";

// Source: "Result and Error Codes" of SQLite.
constexpr ErrorRow kErrors[] = {
    {SQLITE_CANTOPEN, Error::Kind::Io, "STA0001", "the state database can't be opened",
     "see that the data directory can be read and written"},
    {SQLITE_PERM, Error::Kind::Io, "STA0001", "the state database can't be opened",
     "see that the data directory can be read and written"},
    {SQLITE_CORRUPT, Error::Kind::InvalidInput, "STA0002", "the state database is damaged", kDamaged},
    {SQLITE_NOTADB, Error::Kind::InvalidInput, "STA0002", "the state database is damaged", kDamaged},
    {SQLITE_BUSY, Error::Kind::Unavailable, "STA0004", "another process holds the state database",
     "wait until it has ended, and try again"},
    {SQLITE_LOCKED, Error::Kind::Unavailable, "STA0004", "another process holds the state database",
     "wait until it has ended, and try again"},
    {SQLITE_READONLY, Error::Kind::Io, "STA0005", "the state database can't be written",
     "see who may write the data directory"},
    {SQLITE_FULL, Error::Kind::Unavailable, "STA0006", "the disk is full", kDisk},
    {SQLITE_IOERR, Error::Kind::Unavailable, "STA0006",
     "the state database can't be read or written on its disk", kDisk},
};

bool is_full(sqlite3* connection) {
  const int number = sqlite3_system_errno(connection);
  return number == ENOSPC || number == EDQUOT;
}

}  // namespace

tl::unexpected<Error> sqlite_error(sqlite3* connection, int code, const std::string& path) {
  // Of a full disk SQLite says so of some files, and of others that they could not be written.
  const bool no_room = (code & 0xFF) == SQLITE_IOERR && connection != nullptr && is_full(connection);
  if (no_room) code = SQLITE_FULL;
  const auto* row = std::find_if(std::begin(kErrors), std::end(kErrors),
                                 [&](const ErrorRow& one) { return one.code == (code & 0xFF); });
  const std::string said =
      connection == nullptr || no_room || sqlite3_extended_errcode(connection) == SQLITE_OK
          ? std::string(sqlite3_errstr(code))
          : std::string(sqlite3_errmsg(connection));
  Where where{path, 0, 0, {}};
  if (row == std::end(kErrors))
    return fail(Error::Kind::Io, "STA0009", fmt::format("the state database can't be used: {}", said),
                std::move(where), "report it, with the command that was run");
  return fail(row->kind, row->ours, fmt::format("{}: {}", row->what, said), std::move(where),
              std::string(row->hint));
}

tl::unexpected<Error> not_ours(const std::string& path, std::string_view why) {
  return fail(Error::Kind::InvalidInput, "STA0002", fmt::format("no state database of Redoubt: {}", why),
              Where{path, 0, 0, {}}, std::string(kDamaged));
}

}  // namespace redoubt::state::detail

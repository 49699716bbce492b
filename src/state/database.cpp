#include "state/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <thread>

#include "state/detail/sqlite_error.h"

namespace redoubt::state {

namespace {

/// A path as a URI of SQLite has it. Source: "Uniform Resource Identifiers" of SQLite.
std::string uri(const std::string& path, bool immutable) {
  std::string out = "file:";
  for (const char c : path) {
    const bool plain = c != '%' && c != '?' && c != '#';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return immutable ? out + "?immutable=1" : out;
}

/// The database with whatever its last writer had not yet put into it, or not yet taken back, is one file.
bool is_whole(const std::string& path) {
  const auto is_empty = [](const std::string& file) {
    std::error_code error;
    return !std::filesystem::exists(file, error) || std::filesystem::file_size(file, error) == 0;
  };
  std::error_code error;
  return std::filesystem::exists(path, error) && is_empty(path + "-wal") && is_empty(path + "-journal");
}

/// SQLite would wait for a pipe, and must not read a device.
Result<void> check_kind(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status) ||
      std::filesystem::is_directory(status))
    return {};
  return detail::not_ours(path, "it is no file but a pipe or device");
}

}  // namespace

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Database::Database(std::string path, std::chrono::milliseconds patience)
    : path_(std::make_unique<std::string>(std::move(path))), patience_(patience) {}

Result<Database> Database::open(const std::string& path, Access access, std::chrono::milliseconds patience) {
  RD_TRY(check_kind(path));
  Database out(path, patience);
  if (access == Access::Write) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    if (error) return detail::sqlite_error(nullptr, SQLITE_CANTOPEN, path);
  }
  Result<void> connected = out.connect(access, false);
  // SQLite keeps a file beside the database even to read; where it can't, nobody else writes either.
  const bool denied =
      !connected && (connected.error().code == "STA0001" || connected.error().code == "STA0005");
  if (denied && access == Access::Read && is_whole(path)) connected = out.connect(access, true);
  if (!connected) return tl::unexpected(connected.error());
  return out;
}

Result<void> Database::connect(Access access, bool immutable) {
  const int flags =
      SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (access == Access::Write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(uri(*path_, immutable).c_str(), &connection, flags, nullptr);
  connection_.reset(connection);
  if (code != SQLITE_OK) return detail::sqlite_error(connection, code, *path_);
  sqlite3_busy_timeout(connection, static_cast<int>(patience_.count()));
  // The file may come from a stranger: no code of its own, and no trust in its pages.
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  RD_TRY(execute("PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL"));
  // SQLite opens late: only the first read tells what the file is.
  const std::int64_t version = RD_TRY(number("PRAGMA schema_version"));
  static_cast<void>(version);
  return {};
}

/// Two processes that make the file at the same time may be told that it is busy without any waiting.
Result<void> Database::use_wal() {
  const auto until = std::chrono::steady_clock::now() + patience_;
  for (;;) {
    const Result<void> done = execute("PRAGMA journal_mode = WAL");
    if (done) return {};
    if (done.error().code != "STA0004" || std::chrono::steady_clock::now() >= until) return done;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

Result<void> Database::execute(std::string_view sql) {
  const int code = sqlite3_exec(connection_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return detail::sqlite_error(connection_.get(), code, *path_);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return detail::sqlite_error(connection_.get(), code, *path_);
  return Statement(connection_.get(), statement, *path_);
}

Result<std::int64_t> Database::number(std::string_view sql) {
  Statement statement = RD_TRY(prepare(sql));
  std::optional<std::int64_t> out;
  RD_TRY(statement.each({}, [&](const Statement& row) {
    if (!out) out = row.integer(0);
  }));
  return out.value_or(0);
}

Result<void> Database::in_transaction(const std::function<Result<void>()>& work) {
  RD_TRY(execute("BEGIN IMMEDIATE"));
  Result<void> done = work();
  if (done) done = execute("COMMIT");
  // A failed statement may have ended the transaction itself.
  if (!done && is_in_transaction()) static_cast<void>(execute("ROLLBACK"));
  return done;
}

bool Database::is_in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

std::int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(connection_.get()); }

std::int64_t Database::changes() const { return sqlite3_changes64(connection_.get()); }

}  // namespace redoubt::state

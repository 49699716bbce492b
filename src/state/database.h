#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace redoubt::state {

/// A value for a placeholder of a statement. Text must live until the statement has run.
using Parameter = std::variant<std::nullptr_t, std::int64_t, double, std::string_view>;

/// A prepared statement, to be run many times. It must not outlive its database.
class Statement {
 public:
  /// Runs it with values for ?1, ?2, ... and leaves its rows alone. Errors: those of Database.
  Result<void> run(std::initializer_list<Parameter> parameters = {});
  /// The same; `take` sees each row, through the columns of this statement.
  Result<void> each(std::initializer_list<Parameter> parameters,
                    const std::function<void(const Statement& row)>& take);

  // Columns of the row that each() is at, counted from 0. NULL is 0 and empty.
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  struct Close {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3* connection, sqlite3_stmt* statement, const std::string& path);
  Result<void> bind(std::initializer_list<Parameter> parameters);

  sqlite3* connection_;
  std::unique_ptr<sqlite3_stmt, Close> statement_;
  const std::string* path_;  // of the database
};

/// What the database is opened for.
enum class Access : std::uint8_t { Read, Write };

/// One connection to a SQLite file. For one thread.
///
/// Errors, of every call: STA0001 (Io) the file can't be opened or made, STA0002 (InvalidInput) it is damaged
/// or no database of Redoubt, STA0004 (Unavailable) another process holds it for longer than `patience`,
/// STA0005 (Io) it can't be written, STA0006 (Io) the disk is full, STA0009 (Io) what else SQLite says.
class Database {
 public:
  /// How long to wait for other processes.
  static constexpr std::chrono::milliseconds kPatience{30'000};

  /// Opens a file, which Access::Write makes with its folder where it is not there; then every commit is on
  /// the disk before it returns. A file that lies where nothing can be written is read as it is, too.
  static Result<Database> open(const std::string& path, Access access,
                               std::chrono::milliseconds patience = kPatience);

  /// Puts the file into WAL mode, in which it stays: readers wait for nobody.
  Result<void> use_wal();

  /// Runs one or more statements without parameters.
  Result<void> execute(std::string_view sql);
  Result<Statement> prepare(std::string_view sql);
  /// The first column of the first row, as a number; 0 when there is none.
  Result<std::int64_t> number(std::string_view sql);

  /// Runs `work` in a transaction that holds the right to write from the start; what it did is undone when it
  /// fails.
  Result<void> in_transaction(const std::function<Result<void>()>& work);

  bool is_in_transaction() const;
  std::int64_t last_insert_id() const;
  /// Rows that the last statement changed.
  std::int64_t changes() const;
  const std::string& path() const { return *path_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  Database(std::string path, std::chrono::milliseconds patience);
  Result<void> connect(Access access, bool immutable);

  std::unique_ptr<sqlite3, Close> connection_;
  std::unique_ptr<std::string> path_;  // statements refer to it
  std::chrono::milliseconds patience_;
};

}  // namespace redoubt::state

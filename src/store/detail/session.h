#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "store/detail/library.h"
#include "store/engine.h"

namespace redoubt::store::detail {

/// What the engine gives back, with what it read for it.
class Answer {
 public:
  Answer(const Library& library, chdb_result_* result)
      : library_(&library), result_(result, library.destroy) {}

  chdb_result_* get() const { return result_.get(); }
  std::string_view bytes() const;
  /// Errors: as engine_error() says.
  Result<void> check() const;
  void add_to(QueryStatistics& statistics) const;

 private:
  const Library* library_;
  std::unique_ptr<chdb_result_, void (*)(chdb_result_*)> result_;
};

/// One connection with its settings and temporary tables. For one thread.
class Session {
 public:
  /// `arguments` are those of the program clickhouse: `--path=...`, `--max_threads=2`.
  /// Errors: STO0004 (Io) the engine does not start.
  static Result<Session> open(const Library& library, std::span<const std::string> arguments);

  /// Runs a statement to its end; what it answers is in the format Native.
  Result<Answer> run(std::string_view sql);

  /// Begins a SELECT. The stream must not outlive the session, and be ended before another statement is run.
  Result<Answer> stream(std::string_view sql);
  /// What comes next; no bytes at the end.
  Result<Answer> fetch(const Answer& stream);
  void cancel(const Answer& stream);

  Connection connection() const { return *connection_; }
  const Library& library() const { return *library_; }

 private:
  Session(const Library& library, Connection* connection)
      : library_(&library), connection_(connection, library.close) {}
  Result<Answer> checked(chdb_result_* result) const;

  const Library* library_;
  std::unique_ptr<Connection, void (*)(Connection*)> connection_;
};

}  // namespace redoubt::store::detail

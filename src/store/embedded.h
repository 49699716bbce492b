#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/result.h"
#include "store/engine.h"

namespace redoubt::store {

namespace detail {
struct EngineState;
}

/// The file of the engine: `named`, or the one that the environment names (REDOUBT_LIBCHDB), or beside the
/// program, or in the folder engine/ of the checkout that the program was built in.
/// Errors: STO0001 (NotFound) there is none, with the command that gets it.
Result<std::string> find_engine_library(const std::string& named = {});

struct EmbeddedOptions {
  std::string data_directory;          ///< where the events are; empty: a temporary one, without any
  std::string library;                 ///< as for find_engine_library()
  unsigned threads = 0;                ///< for a query; 0: one for each processor
  std::uint64_t max_memory_bytes = 0;  ///< of all queries together; 0: nine tenths of the machine's
};

/// ClickHouse in this process: libchdb.so, loaded when it is opened.
///
/// The library has one folder of events a process: a second engine with another one does not open (STO0004),
/// nor one with the same (STO0003). Each query has a connection of its own, so that queries of several
/// threads run beside each other and leave nothing behind. Destroy it before the process ends, and when no
/// query runs. After it was opened once, start programs with posix_spawn, never with fork.
///
/// Inputs are copied into the engine before the statement runs, since its streams can be read once only. A
/// query that was stopped returns when the engine's threads have ended their present block: in hundredths of
/// a second, unless the SQL sleeps.
class EmbeddedEngine final : public EventEngine {
 public:
  /// Errors: STO0001 (NotFound) there is no library, STO0002 (Unsupported) it can't be used, STO0003
  /// (Unavailable) another process has the folder, STO0004 (Io) the folder or the engine can't be opened.
  static Result<std::unique_ptr<EmbeddedEngine>> open(const EmbeddedOptions& options);
  /// Whether a folder is the data directory of one, now or before.
  static bool was_here(const std::string& folder);
  ~EmbeddedEngine() override;

  Result<QueryStatistics> query(const Query& query, const BlockSink& sink,
                                const std::stop_token& stop) override;
  Result<QueryStatistics> execute(const Query& statement, const std::stop_token& stop) override;
  /// There are none: those of other processes ended with them, and of this one a caller knows.
  Result<void> end_statements(std::string_view mark) override;
  Result<void> sync() override;
  std::string version() const override;

 private:
  explicit EmbeddedEngine(std::unique_ptr<detail::EngineState> state);

  std::unique_ptr<detail::EngineState> state_;
};

}  // namespace redoubt::store

#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "store/block.h"

namespace redoubt::store {

/// Rows of ours that a query reads as a table.
struct Input {
  std::string name;  ///< of the table, as the SQL has it: letters, digits and `_`
  std::vector<ColumnShape> columns;
  BlockSource blocks;  ///< called until it ends, by one thread at a time, which may be one of the engine's
};

/// What a query may take; 0: no limit.
struct QueryLimits {
  std::chrono::milliseconds max_time{0};  ///< with the time in which inputs are read
  std::uint64_t max_memory_bytes = 0;     ///< of the engine, for this query
  std::uint64_t max_result_rows = 0;
  std::uint64_t max_result_bytes = 0;
};

struct Query {
  std::string sql;  ///< one statement of ClickHouse's SQL; it is code, and can do what the engine can
  std::vector<Input> inputs;
  QueryLimits limits;
  /// What end_statements() calls it by: letters, digits and `-`. Empty: nobody does.
  std::string mark = {};
  /// Of an INSERT into tables that remember such texts: one with the same text is done once only, so that it
  /// may be sent again when it is not known what became of it. Empty: it is no such one.
  std::string deduplication_token = {};
};

struct QueryStatistics {
  std::uint64_t rows_read = 0;   ///< by the engine, from tables; at least, where the result has many blocks
  std::uint64_t bytes_read = 0;  ///< the same
  std::uint64_t result_rows = 0;
  std::uint64_t result_bytes = 0;  ///< in memory
  std::chrono::microseconds elapsed{0};
};

/// What answers SQL over the event tables. Safe for several threads at once.
///
/// Errors of every call: STO0005 (Limit) max_time is over, STO0006 (Limit) memory, STO0007 (Limit) the result
/// is too large, STO0008 (Unavailable) `stop` was requested, STO0009 (InvalidInput) the engine does not
/// accept the statement, STO0010 (InvalidInput) it failed while it ran, STO0011 to STO0013 the result can't
/// be read (see NativeDecoder), STO0014 (Io) disk, STO0015 (Usage) an input is not as it was said to be,
/// STO0036 (Limit) the statement is too large; what `sink` and the inputs fail with. An engine that is
/// elsewhere has more (RemoteEngine).
class EventEngine {
 public:
  EventEngine() = default;
  EventEngine(const EventEngine&) = delete;
  EventEngine& operator=(const EventEngine&) = delete;
  virtual ~EventEngine() = default;

  /// Runs a SELECT. `sink` is called on this thread, with one block at least, which then has no rows but the
  /// columns. Rows come in the order of the statement's ORDER BY, otherwise in any.
  virtual Result<QueryStatistics> query(const Query& query, const BlockSink& sink,
                                        const std::stop_token& stop) = 0;

  /// Runs a statement without a result, such as CREATE TABLE or INSERT ... SELECT.
  virtual Result<QueryStatistics> execute(const Query& statement, const std::stop_token& stop) = 0;

  /// Whether a statement may fail and still be done, for it is elsewhere and only its answer was lost.
  virtual bool may_lose_answers() const { return false; }

  /// Statements with this mark, whoever began them, run no more when it returns; what they did is there or
  /// not, and stays so.
  virtual Result<void> end_statements(std::string_view mark) = 0;

  /// What was inserted until now outlives a failure of the machine, not only of this process. STO0014 (Io).
  virtual Result<void> sync() = 0;

  /// Of the engine, to be shown.
  virtual std::string version() const = 0;
};

}  // namespace redoubt::store

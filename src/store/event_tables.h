#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "store/engine.h"
#include "store/event_schema.h"

namespace redoubt::store {

/// What a table takes.
struct EventTableSize {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;                 ///< on disk
  std::optional<std::int64_t> first_time;  ///< ticks of the time column, or of receiving
  std::optional<std::int64_t> last_time;
};

/// How tables are made, and who loads into them.
struct EventPlacement {
  /// The ledger of loads. Empty: there is one, as of a folder of events.
  std::string writer = {};
  /// The cluster that new tables are spread over. Empty: they are on the server that is asked.
  std::string cluster = {};
};

/// The tables of events in an engine: what there is, and how it changes. The engine itself keeps what is said
/// of them, so that a folder of events is whole without anything else. For one thread; the engine must
/// outlive it.
///
/// Errors of every call: those of EventEngine. Names may be any texts: the engine sees them as comments
/// alone, or where they are plain words.
class EventTables {
 public:
  /// Finds the tables that there are.
  static Result<EventTables> open(EventEngine& engine);

  const std::map<std::string, EventTable, std::less<>>& tables() const { return tables_; }
  /// Null: there is none.
  const EventTable* find(std::string_view name) const;

  /// STO0020 (Usage) there is one of that name, or it has columns of one name.
  Result<void> create(const EventTable& table);
  /// Columns that the table does not have yet; in rows that are there they are null or empty.
  /// STO0020 (Usage) it has one of these; STO0021 (NotFound) there is no such table.
  Result<void> add_columns(std::string_view table, std::span<const EventColumn> columns);
  /// STO0021 (NotFound).
  Result<void> set_retention(std::string_view table, std::int64_t days);
  /// The rows that are younger than what the table keeps by a day and more: none of them is about to go.
  /// STO0021 (NotFound).
  Result<std::uint64_t> lasting_rows(std::string_view table);
  /// STO0021 (NotFound).
  Result<void> drop(std::string_view table);
  /// STO0021 (NotFound).
  Result<EventTableSize> size(std::string_view table);

  /// Parts that the engine has put aside since their files are damaged, by table. Their rows are missing in
  /// every answer, and nothing else says so.
  Result<std::map<std::string, std::uint64_t>> damaged_parts();
  /// The rows of every table. Cheap: nothing of them is read.
  Result<std::map<std::string, std::uint64_t>> row_counts();

  /// Adds rows of one partition (partition_of()), all of them or none: they become one part of the table.
  /// Columns are found by their names and have the shapes that shape_of() says; those that are not there are
  /// null or empty. `received` is in ticks. `mark` is what end_statements() of the engine calls it by.
  /// Errors: STO0015 (Usage) it has other columns; STO0021.
  Result<void> insert(std::string_view table, Block rows, std::int64_t received,
                      const std::stop_token& stop = {}, std::string_view mark = {});
  /// Of these times of receiving, those that the table has rows of from this writer, and how many. STO0021.
  Result<std::map<std::int64_t, std::uint64_t>> received(std::string_view table, std::int64_t first,
                                                         std::int64_t end);
  /// Takes the rows of these times of receiving and this writer away. STO0021.
  Result<void> remove_received(std::string_view table, std::int64_t first, std::int64_t end);

  EventEngine& engine() { return *engine_; }
  /// Before anything is loaded or made.
  void place(EventPlacement placement) { placement_ = std::move(placement); }
  const EventPlacement& placement() const { return placement_; }

 private:
  explicit EventTables(EventEngine& engine) : engine_(&engine) {}
  Result<const EventTable*> existing(std::string_view name) const;
  Result<void> read_catalog();
  Result<void> make_databases();
  Result<void> read_tables(std::map<std::string, std::string, std::less<>>& names);
  Result<void> read_columns(const std::map<std::string, std::string, std::less<>>& names);
  std::string rows_of(const EventTable& table, std::int64_t first, std::int64_t end) const;
  Result<void> run(std::string sql);
  Result<void> run_all(std::span<const std::string> statements);
  Result<void> read(std::string sql, const BlockSink& take);
  Result<std::map<std::string, std::uint64_t>> read_numbers(std::string_view number, std::string_view table,
                                                            std::string_view condition);

  EventEngine* engine_;
  EventPlacement placement_;
  std::map<std::string, EventTable, std::less<>> tables_;
};

/// Where rows of a time lie together: its month, as 202403.
std::int64_t partition_of(std::int64_t ticks);

}  // namespace redoubt::store

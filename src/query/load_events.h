#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "query/load.h"
#include "state/loads.h"
#include "store/event_tables.h"

namespace redoubt::query {

struct EventLoadOptions {
  /// Types of columns of tables that are not there yet, and of columns that come new, by the table's name;
  /// null: they are inferred from the first rows.
  const kql::Schemas* schemas = nullptr;
  LoadLimits limits;
  std::stop_token stop;
  ProgressCallback progress;
  Instant now;
  Instant clock;                    ///< the engine's: what rows grow old by; unset: none are too old
  bool again = false;               ///< also what was loaded before
  bool durable = false;             ///< on the disk when it is done
  std::int64_t retention_days = 0;  ///< of tables that are made; 0: all rows stay
  /// Of the files, with the times of their rows: texts, or whole numbers of Unix time in seconds to
  /// nanoseconds, by their size. Empty: TimeGenerated, then Timestamp.
  std::string time_column = {};
  LocalEngine engine = {};  ///< reads Parquet; empty: such files are refused
};

/// What became of one file.
struct LoadedEvents {
  LoadedFile file;
  std::uint64_t found_rows = 0;  ///< that an earlier load, which did not end, had brought
  std::uint64_t untimed_rows =
      0;  ///< without a time that the time column can hold, or without one: they have that of the load
  std::uint64_t too_old_rows = 0;  ///< older than the table keeps: they go at once
  std::uint64_t unfit_values = 0;  ///< none of their column's type: they are null
  std::vector<std::string> new_columns;
  bool made_table = false;
  bool was_loaded = false;  ///< before, all of it; nothing was done
};

/// Loads files into tables of events, each once. What a file is and which columns it has is told as
/// TableLoader does; but a table has its columns from the first file on, and what is new in a later one is
/// added to it. Memory is that of some ten thousand rows. For one thread; tables and loads must outlive it.
class EventFiles {
 public:
  EventFiles(store::EventTables& tables, state::Loads& loads, EventLoadOptions options);

  /// Loads a file. One that was loaded into that table before is known by its content, and one whose load did
  /// not end is gone on with.
  ///
  /// Diagnostics: those of TableLoader; QRY0017 warnings: rows without a time that can be kept; QRY0022
  /// warnings: rows that are older than the table keeps; QRY0026 warnings: no time in the time_column.
  /// Errors: QRY0025 the first rows have no time_column; those of TableLoader::add(), Loads, EventTables and
  /// EventLoader; the rows until then are in the table, and loading the file again goes on behind them.
  Result<LoadedEvents> load(const std::string& table, const std::string& path,
                            std::vector<Diagnostic>& diagnostics);
  /// The same of what can't be read again: where it did not end, the next load takes its rows away.
  Result<LoadedEvents> load(const std::string& table, std::istream& stream, std::string name,
                            std::vector<Diagnostic>& diagnostics);

 private:
  store::EventTables& tables_;
  state::Loads& loads_;
  EventLoadOptions options_;
};

}  // namespace redoubt::query

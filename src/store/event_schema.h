#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/block.h"

namespace redoubt::store {

/// What the cells of a column mean. The names are those of Kusto's types.
enum class ColumnKind : std::uint8_t {
  Bool,
  Int,
  Long,
  Real,
  Decimal,   ///< its text
  String,    ///< never null
  DateTime,  ///< ticks of 100 ns since the year 1
  Timespan,  ///< ticks
  Guid,      ///< its text
  Dynamic    ///< compact JSON, empty for null
};

/// `bool`, `long`, `datetime` ...
std::string_view name_of(ColumnKind kind);
std::optional<ColumnKind> find_column_kind(std::string_view name);

struct EventColumn {
  std::string name;  ///< any text
  ColumnKind kind = ColumnKind::String;
  /// Of texts: each distinct one is kept once. Pays where there are far fewer than rows.
  bool shared_texts = false;
  /// Of dynamic and long texts: words in them are found by an index.
  bool word_index = false;
  /// Of a time: the table was made without it, so that its rows are in no order of it.
  bool is_late = false;
};

/// What the column is called that has the times of the rows: of two the first.
inline constexpr std::string_view kTimeColumns[] = {"TimeGenerated", "Timestamp"};

/// A table of events.
struct EventTable {
  std::string name;  ///< any text
  std::vector<EventColumn> columns;
  std::int64_t retention_days = 0;  ///< older rows go by themselves; 0: none do
  /// The cluster whose servers each have a part of the rows, on all their replicas. Empty: the server that is
  /// asked has them all.
  std::string cluster = {};
  /// Whether each row says which ledger of loads brought it, for there are several.
  bool has_writers = false;

  const EventColumn* find(std::string_view column) const;
  /// The column whose rows are in its order, and which is never null: a datetime TimeGenerated or Timestamp.
  /// Null: the table was made without one, and the time of receiving stands in for it.
  const EventColumn* time_column() const;
};

/// How the cells of a column are handed over. Null is allowed but for string, dynamic and the time column.
ColumnShape shape_of(const EventColumn& column, bool is_time);

// ---- How the engine has them

/// The table's name, not quoted.
std::string stored_table(std::string_view table);
/// Behind FROM, quoted.
std::string stored_from(std::string_view table);
/// The column's name, not quoted. Names that are plain words stay as they are, of others it is a hash.
std::string stored_column(std::string_view column);
/// When the rows were received: DateTime64(7, 'UTC').
inline constexpr std::string_view kReceivedColumn = "rd_received";
/// Of tables with has_writers: the ledger that brought them.
inline constexpr std::string_view kWriterColumn = "rd_writer";

/// The years that the time column can hold, as ticks: from the first to before the second.
inline constexpr std::int64_t kFirstEventTime = 599'266'080'000'000'000;  // 1900
inline constexpr std::int64_t kEventTimesEnd = 725'493'888'000'000'000;   // 2300

}  // namespace redoubt::store

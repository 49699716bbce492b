#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kql/plan.h"
#include "query/detail/raw_table.h"
#include "query/packed_column.h"
#include "store/block.h"

namespace redoubt::query::detail {

/// Which cells of a source count, and how they are read.
enum class SourceKind : std::uint8_t {
  Own,     ///< all that have a text, as values of the column
  Time,    ///< those that are times, of a column that is one of its own as well
  AnyTime  ///< the same, also whole numbers: Unix time in seconds to nanoseconds, by their size
};

/// A column of the files that one of the table is made of.
struct ColumnSource {
  std::size_t column = 0;
  SourceKind kind = SourceKind::Own;
  bool is_shared = false;  ///< another column of the table is made of it, too
};

/// A column of a table, and the columns of its files that it is made of: of each row the first that is there.
struct LoadedColumn {
  std::string name;
  kql::Type type = kql::Type::String;
  std::vector<ColumnSource> sources;
  std::string absent = {};  ///< what a row without a value has; empty: nothing
};

/// A column that rows should be kept by, of which no value is a time.
struct TimelessColumn {
  std::string name;
  std::string text;  ///< of the first value, cut
};

/// What of the files has another name in the table, or no place in its schema.
struct LoadedColumns {
  std::vector<LoadedColumn>
      columns;                     ///< those of the schema in its order, then the others in that of the file
  std::vector<std::string> extra;  ///< that the schema does not have
  std::vector<std::string> missing;  ///< that only the schema has
  std::vector<std::string> renamed;  ///< `time as TimeGenerated`
  std::vector<TimelessColumn> timeless;
  // Of the column that somebody named for the time.
  bool has_time_column = false;  ///< the files have it
  bool has_times = false;        ///< one of its values is a time
  std::string first_time;        ///< the first one, cut; empty: there is none
};

/// Which columns a table has. Without a schema: those of its files, typed by what they say or by all cells.
/// Rows are kept by TimeGenerated, else by Timestamp: one time in it is enough for a datetime.
///
/// The portal splits a column whose type differs between tables into Name_string, Name_dynamic ...: these
/// become one again, with Name itself where other rows have that. Where rows have no TimeGenerated, a time in
/// Timestamp is theirs; a time in `time_column` goes before both, and makes the column where it is not. With
/// a schema, a name that differs in case, `time` (TimeGenerated) and what stands in `properties` (Azure
/// Monitor's resource logs) find their columns, too; and of Type, a string, rows that have no value have the
/// name of the table. Source: Azure Monitor documentation, "Common and service-specific schemas for resource
/// logs", "Standard columns in Azure Monitor Logs".
LoadedColumns plan_columns(const RawTable& table, const kql::Relation* schema,
                           std::string_view time_column = {});

/// The first characters of a value.
std::string shown(std::string_view value);

/// The time that a cell says to a source of times, as ticks.
std::optional<std::int64_t> time_of(SourceKind kind, CellForm form, std::string_view text);

/// What a member of `properties` is called in a raw table.
inline constexpr std::string_view kPropertiesPrefix = "properties.";

/// The column of a schema whose rows say which table they are of.
inline constexpr std::string_view kTypeColumn = "Type";

/// Values that are none of their column's type, and became null.
struct UnfitValues {
  std::size_t count = 0;
  Where first;
  std::string column;
  kql::Type type = kql::Type::Unknown;
  std::string text;  ///< of the first one, cut
};

/// The cells of a column as values. Frees the sources' memory.
PackedColumn pack_column(RawTable& table, const LoadedColumn& column, UnfitValues& unfit);
/// The same, at the end of a column of events of that type.
void fill_column(RawTable& table, const LoadedColumn& column, store::Column& out, UnfitValues& unfit);

}  // namespace redoubt::query::detail

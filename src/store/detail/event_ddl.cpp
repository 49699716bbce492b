#include "store/detail/event_ddl.h"

#include <fmt/format.h>

#include <vector>

#include "store/sql_text.h"

namespace redoubt::store::detail {

namespace {

/// Ticks from the year 1 to 1970, from which the engine counts.
constexpr std::int64_t kUnixTicks = 621'355'968'000'000'000;

/// In the order of ColumnKind. The types are those that SQL of queries counts on (query/sql/sql_value.h).
constexpr std::string_view kTypes[] = {
    "Nullable(UInt8)", "Nullable(Int32)", "Nullable(Int64)", "Nullable(Float64)", "Nullable(String)",
    "String",          "Nullable(Int64)", "Nullable(Int64)", "Nullable(String)",  "String",
};
constexpr std::string_view kTimeType = "DateTime64(7, 'UTC')";

/// Measured on sign-in events: half the size of LZ4 at the same rate of inserts.
constexpr std::string_view kCodec = "CODEC(ZSTD(1))";
constexpr std::string_view kTimeCodec = "CODEC(Delta(8), ZSTD(1))";

constexpr std::string_view kWriterType = "LowCardinality(String)";

/// A statement returns when all servers of the cluster have the rows.
constexpr std::string_view kInsertOnCluster = ", distributed_foreground_insert = 1";

constexpr char kSharedFlag = 's';
constexpr char kWordFlag = 'w';

std::string type_of(const EventColumn& column, bool is_time) {
  if (is_time) return std::string(kTimeType);
  const std::string_view type = kTypes[static_cast<std::size_t>(column.kind)];
  return column.shared_texts && type == "String" ? "LowCardinality(String)" : std::string(type);
}

std::string definition(const EventColumn& column, bool is_time) {
  return fmt::format("{} {} COMMENT {}", sql_name(stored_column(column.name)), type_of(column, is_time),
                     sql_text(column_comment(column)));
}

std::string_view codec_of(const EventColumn& column) {
  const bool is_ticks = column.kind == ColumnKind::DateTime || column.kind == ColumnKind::Timespan;
  return is_ticks ? kTimeCodec : kCodec;
}

std::string stored_definition(const EventColumn& column, bool is_time) {
  return fmt::format("{} {}", definition(column, is_time), codec_of(column));
}

/// Of the words in lower case, and of where a text has more than ASCII: there words are told apart by
/// expressions. A condition that asks for both (query/sql/binary_sql.cpp) is looked up in both.
std::vector<std::string> indexes(const EventColumn& column) {
  if (!column.word_index || column.kind != ColumnKind::String) return {};
  const std::string stored = stored_column(column.name);
  const std::string name = sql_name(stored);
  return {fmt::format("INDEX {} (lower({})) TYPE text(tokenizer = splitByNonAlpha)",
                      sql_name("rd_words_" + stored), name),
          fmt::format("INDEX {} (length({}) - lengthUTF8({})) TYPE minmax GRANULARITY 1",
                      sql_name("rd_wide_" + stored), name, name)};
}

std::string time_name(const EventTable& table) {
  const EventColumn* const column = table.time_column();
  return sql_name(column == nullptr ? kReceivedColumn : stored_column(column->name));
}

std::string ttl(const EventTable& table, std::int64_t days) {
  return fmt::format("TTL {} + toIntervalDay({})", time_name(table), days);
}

std::string on_cluster(std::string_view cluster) {
  return cluster.empty() ? std::string() : " ON CLUSTER " + sql_name(cluster);
}

/// Where the rows are: the table itself, or its parts.
std::string parts_name(const EventTable& table) {
  return table.cluster.empty() ? stored_from(table.name)
                               : sql_name(kPartsDatabase) + "." + sql_name(stored_table(table.name));
}

std::string parts_engine(const EventTable& table) {
  // One path for all replicas of a part, another for each table that is made.
  return table.cluster.empty() ? "MergeTree"
                               : "ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')";
}

std::string create_parts(const EventTable& table) {
  const EventColumn* const time = table.time_column();
  std::string columns;
  for (const EventColumn& column : table.columns)
    columns += stored_definition(column, &column == time) + ", ";
  columns += fmt::format("{} {} {}", sql_name(kReceivedColumn), kTimeType, kTimeCodec);
  if (table.has_writers) columns += fmt::format(", {} {} {}", sql_name(kWriterColumn), kWriterType, kCodec);
  for (const EventColumn& column : table.columns)
    for (const std::string& index : indexes(column))
      columns += ", " + index;
  return fmt::format("CREATE TABLE {}{} ({}) ENGINE = {} PARTITION BY toYYYYMM({}) ORDER BY {}{} COMMENT {}",
                     parts_name(table), on_cluster(table.cluster), columns, parts_engine(table),
                     time_name(table), time_name(table),
                     table.retention_days == 0 ? "" : " " + ttl(table, table.retention_days),
                     sql_text(table.name));
}

/// A piece of a load has one time of receiving, and so is on one server as a whole.
std::string create_over_parts(const EventTable& table) {
  const EventColumn* const time = table.time_column();
  std::string columns;
  for (const EventColumn& column : table.columns)
    columns += definition(column, &column == time) + ", ";
  columns += fmt::format("{} {}", sql_name(kReceivedColumn), kTimeType);
  if (table.has_writers) columns += fmt::format(", {} {}", sql_name(kWriterColumn), kWriterType);
  return fmt::format("CREATE TABLE {}{} ({}) ENGINE = Distributed({}, {}, {}, sipHash64({})) COMMENT {}",
                     stored_from(table.name), on_cluster(table.cluster), columns, sql_text(table.cluster),
                     sql_text(kPartsDatabase), sql_text(stored_table(table.name)), sql_name(kReceivedColumn),
                     sql_text(table.name));
}

std::string add_columns_of(std::string_view name, const EventTable& table,
                           std::span<const EventColumn> columns, bool is_stored) {
  std::string out = fmt::format("ALTER TABLE {}{}", name, on_cluster(table.cluster));
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += (i == 0 ? " ADD COLUMN " : ", ADD COLUMN ") +
           (is_stored ? stored_definition(columns[i], false) : definition(columns[i], false));
  for (const EventColumn& column : columns)
    for (const std::string& index : is_stored ? indexes(column) : std::vector<std::string>())
      out += ", ADD " + index;
  return out;
}

}  // namespace

std::vector<std::string> database_statements(std::string_view cluster) {
  std::vector<std::string> out;
  for (const std::string_view database : {kEventsDatabase, kPartsDatabase})
    if (database == kEventsDatabase || !cluster.empty())
      out.push_back(fmt::format("CREATE DATABASE IF NOT EXISTS {}{} ENGINE = Atomic", sql_name(database),
                                on_cluster(cluster)));
  return out;
}

std::vector<std::string> create_statements(const EventTable& table) {
  std::vector<std::string> out = {create_parts(table)};
  if (!table.cluster.empty()) out.push_back(create_over_parts(table));
  return out;
}

std::vector<std::string> add_statements(const EventTable& table, std::span<const EventColumn> columns) {
  std::vector<std::string> out = {add_columns_of(parts_name(table), table, columns, true)};
  if (!table.cluster.empty()) out.push_back(add_columns_of(stored_from(table.name), table, columns, false));
  return out;
}

std::vector<std::string> drop_statements(const EventTable& table) {
  std::vector<std::string> out = {
      fmt::format("DROP TABLE {}{} SYNC", stored_from(table.name), on_cluster(table.cluster))};
  if (!table.cluster.empty())
    out.push_back(fmt::format("DROP TABLE {}{} SYNC", parts_name(table), on_cluster(table.cluster)));
  return out;
}

std::string parts_statement(const EventTable& table, std::string_view what) {
  return fmt::format("ALTER TABLE {}{} {}", parts_name(table), on_cluster(table.cluster), what);
}

std::string retention_statement(const EventTable& table, std::int64_t days) {
  return parts_statement(table, days == 0 ? "REMOVE TTL" : "MODIFY " + ttl(table, days));
}

std::string input_column(std::size_t number) { return fmt::format("c{}", number); }

std::string time_text(std::int64_t ticks) {
  return fmt::format("reinterpret(toInt64('{}'), 'DateTime64(7, \\'UTC\\')')", ticks - kUnixTicks);
}

/// All rows become one part, or none does: they are gathered into one block, and they are of one partition.
std::string insert_statement(const EventTable& table, std::span<const EventColumn* const> columns,
                             std::int64_t received, std::string_view writer) {
  std::string names;
  std::string values;
  const EventColumn* const time = table.time_column();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    names += sql_name(stored_column(columns[i]->name)) + ", ";
    values += columns[i] == time ? fmt::format("reinterpret({} - {}, 'DateTime64(7, \\'UTC\\')'), ",
                                               input_column(i), kUnixTicks)
                                 : input_column(i) + ", ";
  }
  names += sql_name(kReceivedColumn);
  values += time_text(received);
  if (table.has_writers) {
    names += ", " + sql_name(kWriterColumn);
    values += ", " + sql_text(writer);
  }
  return fmt::format(
      "INSERT INTO {} ({}) SELECT {} FROM {} SETTINGS max_insert_threads = 1, max_threads = 1, "
      "max_partitions_per_insert_block = 1, min_insert_block_size_rows = 0, min_insert_block_size_bytes = "
      "{}{}",
      stored_from(table.name), names, values, kInsertedRows, std::uint64_t{1} << 40U,
      table.cluster.empty() ? "" : kInsertOnCluster);
}

std::string column_comment(const EventColumn& column) {
  std::string flags;
  if (column.shared_texts) flags += kSharedFlag;
  if (column.word_index) flags += kWordFlag;
  return fmt::format("{}:{}:{}", name_of(column.kind), flags, column.name);
}

bool read_column_comment(std::string_view comment, EventColumn& column) {
  const std::size_t kind_end = comment.find(':');
  const std::size_t flags_end =
      kind_end == std::string_view::npos ? kind_end : comment.find(':', kind_end + 1);
  if (flags_end == std::string_view::npos) return false;
  const std::optional<ColumnKind> kind = find_column_kind(comment.substr(0, kind_end));
  if (!kind) return false;
  const std::string_view flags = comment.substr(kind_end + 1, flags_end - kind_end - 1);
  column = {.name = std::string(comment.substr(flags_end + 1)),
            .kind = *kind,
            .shared_texts = flags.find(kSharedFlag) != std::string_view::npos,
            .word_index = flags.find(kWordFlag) != std::string_view::npos};
  return true;
}

}  // namespace redoubt::store::detail

#include "store/event_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/time.h"
#include "store/detail/event_ddl.h"
#include "store/sql_text.h"

namespace redoubt::store {

namespace {

using detail::kEventsDatabase;

/// Ticks of a time of the engine.
std::string ticks_of(std::string_view time) {
  return fmt::format("(reinterpretAsInt64({}) - reinterpretAsInt64({}))", time, detail::time_text(0));
}

std::string in_range(std::int64_t first, std::int64_t end) {
  return fmt::format("{0} >= {1} AND {0} < {2}", kReceivedColumn, detail::time_text(first),
                     detail::time_text(end));
}

std::int64_t number_at(const Block& block, std::size_t column, std::size_t row) {
  return std::get<std::vector<std::int64_t>>(block.columns[column].cells)[row];
}

std::string text_at(const Block& block, std::size_t column, std::size_t row) {
  return std::string(std::get<Strings>(block.columns[column].cells)[row]);
}

BlockSource once(Block block) {
  return [block = std::optional<Block>(std::move(block))]() mutable -> Result<std::optional<Block>> {
    return std::exchange(block, std::nullopt);
  };
}

bool is_stored_time(std::string_view type) { return type.starts_with("DateTime64"); }

/// What rows are kept by, as the engine calls it.
std::string time_column(const EventTable& table) {
  const EventColumn* const time = table.time_column();
  return time == nullptr ? std::string(kReceivedColumn) : stored_column(time->name);
}

tl::unexpected<Error> there_is(std::string_view what, std::string_view name) {
  return fail(Error::Kind::Usage, "STO0020", fmt::format("there is such a {}: {}", what, name));
}

/// No two names may be equal.
Result<void> check_names(const EventTable& table, std::span<const EventColumn> more) {
  std::set<std::string_view> names;
  for (const EventColumn& column : table.columns)
    if (!names.insert(column.name).second) return there_is("column", column.name);
  for (const EventColumn& column : more)
    if (!names.insert(column.name).second) return there_is("column", column.name);
  return {};
}

}  // namespace

std::int64_t partition_of(std::int64_t ticks) {
  const CivilTime time = civil_time(Instant{ticks});
  return std::int64_t{time.year} * 100 + time.month;
}

Result<EventTables> EventTables::open(EventEngine& engine) {
  EventTables out(engine);
  RD_TRY(out.read_catalog());
  return out;
}

Result<void> EventTables::run(std::string sql) {
  RD_TRY(engine_->execute({.sql = std::move(sql), .inputs = {}, .limits = {}}, {}));
  return {};
}

Result<void> EventTables::read(std::string sql, const BlockSink& take) {
  RD_TRY(engine_->query({.sql = std::move(sql), .inputs = {}, .limits = {}}, take, {}));
  return {};
}

Result<void> EventTables::run_all(std::span<const std::string> statements) {
  for (const std::string& sql : statements)
    RD_TRY(run(sql));
  return {};
}

Result<void> EventTables::read_catalog() {
  std::map<std::string, std::string, std::less<>> names;  // by how the engine calls them
  RD_TRY(read_tables(names));
  return read_columns(names);
}

/// The parts of a table are called as it is, and know how long rows are kept.
Result<void> EventTables::read_tables(std::map<std::string, std::string, std::less<>>& names) {
  const BlockSink take = [&](const Block& block) -> Result<void> {
    for (std::size_t row = 0; row < block.rows(); ++row) {
      std::string name = text_at(block, 1, row);
      names.emplace(text_at(block, 0, row), name);
      tables_[name] = {.name = name,
                       .columns = {},
                       .retention_days = number_at(block, 2, row),
                       .cluster = text_at(block, 3, row)};
    }
    return {};
  };
  return read(
      fmt::format(
          "SELECT name, anyIf(comment, database = {0}), max(toInt64OrZero(extract(engine_full, {1}))), "
          "max(extract(engine_full, {2})) FROM system.tables WHERE database IN ({0}, {3}) "
          "GROUP BY name HAVING countIf(database = {0}) != 0",
          sql_text(kEventsDatabase), sql_text(detail::kRetentionPattern), sql_text(detail::kClusterPattern),
          sql_text(detail::kPartsDatabase)),
      take);
}

Result<void> EventTables::read_columns(const std::map<std::string, std::string, std::less<>>& names) {
  const BlockSink take = [&](const Block& block) -> Result<void> {
    for (std::size_t row = 0; row < block.rows(); ++row) {
      const auto name = names.find(text_at(block, 0, row));
      if (name == names.end()) continue;
      EventTable& table = tables_[name->second];
      EventColumn column;
      if (detail::read_column_comment(text_at(block, 1, row), column)) {
        column.is_late = !is_stored_time(text_at(block, 3, row));
        table.columns.push_back(std::move(column));
      }
      table.has_writers = table.has_writers || text_at(block, 2, row) == kWriterColumn;
    }
    return {};
  };
  return read(fmt::format("SELECT table, comment, name, type FROM system.columns WHERE database = {} ORDER "
                          "BY table, position",
                          sql_text(kEventsDatabase)),
              take);
}

const EventTable* EventTables::find(std::string_view name) const {
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : &found->second;
}

Result<const EventTable*> EventTables::existing(std::string_view name) const {
  if (const EventTable* const table = find(name)) return table;
  return fail(Error::Kind::NotFound, "STO0021", fmt::format("there is no table of events {}", name));
}

/// Who may make tables need not be allowed to make databases.
Result<void> EventTables::make_databases() {
  const std::vector<std::string> statements = detail::database_statements(placement_.cluster);
  std::size_t count = 0;
  const BlockSink take = [&](const Block& block) -> Result<void> {
    count += block.rows();
    return {};
  };
  RD_TRY(
      read(fmt::format("SELECT name FROM system.databases WHERE name IN ({}, {})", sql_text(kEventsDatabase),
                       sql_text(placement_.cluster.empty() ? kEventsDatabase : detail::kPartsDatabase)),
           take));
  return count >= statements.size() ? Result<void>() : run_all(statements);
}

Result<void> EventTables::create(const EventTable& table) {
  if (find(table.name) != nullptr) return there_is("table", table.name);
  RD_TRY(check_names(table, {}));
  EventTable made = table;
  made.cluster = placement_.cluster;
  made.has_writers = !placement_.writer.empty();
  if (tables_.empty()) RD_TRY(make_databases());
  for (EventColumn& column : made.columns)
    column.is_late = false;
  RD_TRY(run_all(detail::create_statements(made)));
  tables_.emplace(made.name, made);
  return {};
}

Result<void> EventTables::add_columns(std::string_view name, std::span<const EventColumn> columns) {
  const EventTable* const table = RD_TRY(existing(name));
  RD_TRY(check_names(*table, columns));
  if (columns.empty()) return {};
  RD_TRY(run_all(detail::add_statements(*table, columns)));
  std::vector<EventColumn>& all = tables_.find(name)->second.columns;
  for (EventColumn column : columns) {
    column.is_late = true;
    all.push_back(std::move(column));
  }
  return {};
}

Result<void> EventTables::set_retention(std::string_view name, std::int64_t days) {
  const EventTable* const table = RD_TRY(existing(name));
  if (table->retention_days == days) return {};
  RD_TRY(run(detail::retention_statement(*table, days)));
  tables_.find(name)->second.retention_days = days;
  return {};
}

Result<std::uint64_t> EventTables::lasting_rows(std::string_view name) {
  const EventTable* const table = RD_TRY(existing(name));
  std::uint64_t out = 0;
  const BlockSink take = [&](const Block& block) -> Result<void> {
    out = static_cast<std::uint64_t>(number_at(block, 0, 0));
    return {};
  };
  const std::string younger = table->retention_days == 0
                                  ? std::string()
                                  : fmt::format(" WHERE {} > now() - toIntervalDay({})",
                                                sql_name(time_column(*table)), table->retention_days - 1);
  RD_TRY(read(fmt::format("SELECT toInt64(count()) FROM {}{}", stored_from(name), younger), take));
  return out;
}

Result<void> EventTables::drop(std::string_view name) {
  const EventTable* const table = RD_TRY(existing(name));
  RD_TRY(run_all(detail::drop_statements(*table)));
  tables_.erase(tables_.find(name));
  return {};
}

Result<EventTableSize> EventTables::size(std::string_view name) {
  const EventTable* const table = RD_TRY(existing(name));
  EventTableSize out;
  const std::map<std::string, std::uint64_t> bytes =
      RD_TRY(read_numbers("sum(bytes_on_disk)", "parts", "active"));
  if (const auto found = bytes.find(table->name); found != bytes.end()) out.bytes = found->second;
  const std::string column = sql_name(time_column(*table));
  const BlockSink take_rows = [&](const Block& block) -> Result<void> {
    out.rows = static_cast<std::uint64_t>(number_at(block, 0, 0));
    if (out.rows == 0) return {};
    out.first_time = number_at(block, 1, 0);
    out.last_time = number_at(block, 2, 0);
    return {};
  };
  RD_TRY(read(fmt::format("SELECT toInt64(count()), {}, {} FROM {}", ticks_of(fmt::format("min({})", column)),
                          ticks_of(fmt::format("max({})", column)), stored_from(name)),
              take_rows));
  return out;
}

/// A number for each table, of a table of the system that has a row for each of their parts. Of a cluster,
/// one replica of each part is asked.
Result<std::map<std::string, std::uint64_t>> EventTables::read_numbers(std::string_view number,
                                                                       std::string_view table,
                                                                       std::string_view condition) {
  std::map<std::string, std::map<std::string, std::string, std::less<>>> names;  // by cluster
  for (const auto& [name, one] : tables_)
    names[one.cluster].emplace(stored_table(name), name);
  std::map<std::string, std::uint64_t> out;
  for (const auto& [cluster, stored] : names) {
    const BlockSink take = [&](const Block& block) -> Result<void> {
      for (std::size_t row = 0; row < block.rows(); ++row)
        if (const auto name = stored.find(text_at(block, 0, row)); name != stored.end())
          out[name->second] = static_cast<std::uint64_t>(number_at(block, 1, row));
      return {};
    };
    const std::string from = cluster.empty()
                                 ? fmt::format("system.{}", table)
                                 : fmt::format("cluster({}, system.{})", sql_text(cluster), table);
    RD_TRY(read(
        fmt::format("SELECT table, toInt64({}) FROM {} WHERE {} AND database = {} GROUP BY table", number,
                    from, condition, sql_text(cluster.empty() ? kEventsDatabase : detail::kPartsDatabase)),
        take));
  }
  return out;
}

Result<std::map<std::string, std::uint64_t>> EventTables::damaged_parts() {
  return read_numbers("count()", "detached_parts", "startsWith(reason, 'broken')");
}

Result<std::map<std::string, std::uint64_t>> EventTables::row_counts() {
  return read_numbers("sum(rows)", "parts", "active");
}

Result<void> EventTables::insert(std::string_view name, Block rows, std::int64_t received,
                                 const std::stop_token& stop, std::string_view mark) {
  const EventTable* const table = RD_TRY(existing(name));
  std::vector<const EventColumn*> columns;
  std::vector<ColumnShape> shapes;
  for (const Column& given : rows.columns) {
    const EventColumn* const column = table->find(given.name);
    if (column == nullptr)
      return fail(Error::Kind::Usage, "STO0015",
                  fmt::format("the table {} has no column {}", name, given.name));
    columns.push_back(column);
    shapes.push_back(shape_of(*column, column == table->time_column()));
  }
  RD_TRY(check_block(rows, shapes));
  if (rows.rows() == 0) return {};
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    shapes[i].name = detail::input_column(i);
    rows.columns[i].name = shapes[i].name;
  }
  store::Query insert{.sql = detail::insert_statement(*table, columns, received, placement_.writer),
                      .mark = std::string(mark)};
  // Tables that are replicated remember it.
  if (!table->cluster.empty()) insert.deduplication_token = fmt::format("{}-{}", placement_.writer, received);
  insert.inputs.push_back({std::string(detail::kInsertedRows), std::move(shapes), once(std::move(rows))});
  RD_TRY(engine_->execute(insert, stop));
  return {};
}

Result<std::map<std::int64_t, std::uint64_t>> EventTables::received(std::string_view name, std::int64_t first,
                                                                    std::int64_t end) {
  const EventTable* const table = RD_TRY(existing(name));
  std::map<std::int64_t, std::uint64_t> out;
  const BlockSink take = [&](const Block& block) -> Result<void> {
    for (std::size_t row = 0; row < block.rows(); ++row)
      out[number_at(block, 0, row)] = static_cast<std::uint64_t>(number_at(block, 1, row));
    return {};
  };
  RD_TRY(read(fmt::format("SELECT {} AS t, toInt64(count()) AS c FROM {} WHERE {} GROUP BY t",
                          ticks_of(kReceivedColumn), stored_from(name), rows_of(*table, first, end)),
              take));
  return out;
}

Result<void> EventTables::remove_received(std::string_view name, std::int64_t first, std::int64_t end) {
  const EventTable* const table = RD_TRY(existing(name));
  return run(detail::parts_statement(
      *table, fmt::format("DELETE WHERE {} SETTINGS mutations_sync = {}", rows_of(*table, first, end),
                          table->cluster.empty() ? 1 : 2)));
}

std::string EventTables::rows_of(const EventTable& table, std::int64_t first, std::int64_t end) const {
  std::string out = in_range(first, end);
  if (table.has_writers) out += fmt::format(" AND {} = {}", kWriterColumn, sql_text(placement_.writer));
  return out;
}

}  // namespace redoubt::store

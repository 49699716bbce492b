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
  RD_TRY(out.run(fmt::format("CREATE DATABASE IF NOT EXISTS {} ENGINE = Atomic", sql_name(kEventsDatabase))));
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

Result<void> EventTables::read_catalog() {
  std::map<std::string, std::string, std::less<>> names;  // by how the engine calls them
  const BlockSink take_tables = [&](const Block& block) -> Result<void> {
    for (std::size_t row = 0; row < block.rows(); ++row) {
      std::string name = text_at(block, 1, row);
      names.emplace(text_at(block, 0, row), name);
      tables_[name] = {name, {}, number_at(block, 2, row)};
    }
    return {};
  };
  RD_TRY(read(fmt::format("SELECT name, comment, toInt64OrZero(extract(engine_full, {})) FROM system.tables "
                          "WHERE database = {}",
                          sql_text(detail::kRetentionPattern), sql_text(kEventsDatabase)),
              take_tables));
  const BlockSink take_columns = [&](const Block& block) -> Result<void> {
    for (std::size_t row = 0; row < block.rows(); ++row) {
      EventColumn column;
      const auto table = names.find(text_at(block, 0, row));
      if (table != names.end() && detail::read_column_comment(text_at(block, 1, row), column))
        tables_[table->second].columns.push_back(std::move(column));
    }
    return {};
  };
  return read(
      fmt::format("SELECT table, comment FROM system.columns WHERE database = {} ORDER BY table, position",
                  sql_text(kEventsDatabase)),
      take_columns);
}

const EventTable* EventTables::find(std::string_view name) const {
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : &found->second;
}

Result<const EventTable*> EventTables::existing(std::string_view name) const {
  if (const EventTable* const table = find(name)) return table;
  return fail(Error::Kind::NotFound, "STO0021", fmt::format("there is no table of events {}", name));
}

Result<void> EventTables::create(const EventTable& table) {
  if (find(table.name) != nullptr) return there_is("table", table.name);
  RD_TRY(check_names(table, {}));
  RD_TRY(run(detail::create_statement(table)));
  tables_.emplace(table.name, table);
  return {};
}

Result<void> EventTables::add_columns(std::string_view name, std::span<const EventColumn> columns) {
  const EventTable* const table = RD_TRY(existing(name));
  RD_TRY(check_names(*table, columns));
  if (columns.empty()) return {};
  RD_TRY(run(detail::add_statement(*table, columns)));
  std::vector<EventColumn>& all = tables_.find(name)->second.columns;
  all.insert(all.end(), columns.begin(), columns.end());
  return {};
}

Result<void> EventTables::set_retention(std::string_view name, std::int64_t days) {
  const EventTable* const table = RD_TRY(existing(name));
  if (table->retention_days == days) return {};
  RD_TRY(run(detail::retention_statement(*table, days)));
  tables_.find(name)->second.retention_days = days;
  return {};
}

Result<void> EventTables::drop(std::string_view name) {
  RD_TRY(existing(name));
  RD_TRY(run(fmt::format("DROP TABLE {} SYNC", stored_from(name))));
  tables_.erase(tables_.find(name));
  return {};
}

Result<EventTableSize> EventTables::size(std::string_view name) {
  const EventTable* const table = RD_TRY(existing(name));
  EventTableSize out;
  const BlockSink take_bytes = [&](const Block& block) -> Result<void> {
    out.bytes = static_cast<std::uint64_t>(number_at(block, 0, 0));
    return {};
  };
  RD_TRY(
      read(fmt::format("SELECT toInt64(sum(bytes_on_disk)) FROM system.parts WHERE active AND database = {} "
                       "AND table = {}",
                       sql_text(kEventsDatabase), sql_text(stored_table(name))),
           take_bytes));
  const EventColumn* const time = table->time_column();
  const std::string column = sql_name(time == nullptr ? kReceivedColumn : stored_column(time->name));
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

/// A number for each table, of a table of the engine's that has a row for each of their parts.
Result<std::map<std::string, std::uint64_t>> EventTables::read_numbers(std::string_view number,
                                                                       std::string_view from) {
  std::map<std::string, std::string, std::less<>> names;
  for (const auto& [name, table] : tables_)
    names.emplace(stored_table(name), name);
  std::map<std::string, std::uint64_t> out;
  const BlockSink take = [&](const Block& block) -> Result<void> {
    for (std::size_t row = 0; row < block.rows(); ++row)
      if (const auto name = names.find(text_at(block, 0, row)); name != names.end())
        out[name->second] = static_cast<std::uint64_t>(number_at(block, 1, row));
    return {};
  };
  RD_TRY(read(fmt::format("SELECT table, toInt64({}) FROM {} AND database = {} GROUP BY table", number, from,
                          sql_text(kEventsDatabase)),
              take));
  return out;
}

Result<std::map<std::string, std::uint64_t>> EventTables::damaged_parts() {
  return read_numbers("count()", "system.detached_parts WHERE startsWith(reason, 'broken')");
}

Result<std::map<std::string, std::uint64_t>> EventTables::row_counts() {
  return read_numbers("sum(rows)", "system.parts WHERE active");
}

Result<void> EventTables::insert(std::string_view name, Block rows, std::int64_t received,
                                 const std::stop_token& stop) {
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
  store::Query insert{detail::insert_statement(*table, columns, received), {}, {}};
  insert.inputs.push_back({std::string(detail::kInsertedRows), std::move(shapes), once(std::move(rows))});
  RD_TRY(engine_->execute(insert, stop));
  return {};
}

Result<std::map<std::int64_t, std::uint64_t>> EventTables::received(std::string_view name, std::int64_t first,
                                                                    std::int64_t end) {
  RD_TRY(existing(name));
  std::map<std::int64_t, std::uint64_t> out;
  const BlockSink take = [&](const Block& block) -> Result<void> {
    for (std::size_t row = 0; row < block.rows(); ++row)
      out[number_at(block, 0, row)] = static_cast<std::uint64_t>(number_at(block, 1, row));
    return {};
  };
  RD_TRY(read(fmt::format("SELECT {} AS t, toInt64(count()) AS c FROM {} WHERE {} GROUP BY t",
                          ticks_of(kReceivedColumn), stored_from(name), in_range(first, end)),
              take));
  return out;
}

Result<void> EventTables::remove_received(std::string_view name, std::int64_t first, std::int64_t end) {
  RD_TRY(existing(name));
  return run(fmt::format("ALTER TABLE {} DELETE WHERE {} SETTINGS mutations_sync = 1", stored_from(name),
                         in_range(first, end)));
}

}  // namespace redoubt::store

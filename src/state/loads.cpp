#include "state/loads.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "state/state_file.h"

namespace redoubt::state {

namespace {

constexpr std::string_view kColumns =
    "SELECT id, events, source, fingerprint, method, received, ended, rows FROM loads";

Load load_of(const Statement& row) {
  return {row.integer(0),
          {row.text(1), row.text(2), row.text(3), row.integer(4)},
          Instant{row.integer(5)},
          row.is_null(6) ? std::nullopt : std::optional(Instant{row.integer(6)}),
          row.integer(7)};
}

}  // namespace

Result<Loads> Loads::open(const std::string& data_directory, std::chrono::milliseconds patience) {
  Database database = RD_TRY(open_state(data_directory, patience));
  return Loads(std::move(database));
}

Result<std::optional<Loads>> Loads::open_to_read(const std::string& data_directory) {
  std::optional<Database> database = RD_TRY(open_state_to_read(data_directory));
  if (!database) return std::nullopt;
  return Loads(*std::move(database));
}

Result<std::vector<Load>> Loads::select(std::string_view condition,
                                        std::initializer_list<Parameter> parameters) {
  Statement statement = RD_TRY(database_->prepare(fmt::format("{} {}", kColumns, condition)));
  std::vector<Load> out;
  RD_TRY(statement.each(parameters, [&](const Statement& row) { out.push_back(load_of(row)); }));
  return out;
}

Result<void> Loads::run(std::string_view sql, std::initializer_list<Parameter> parameters) {
  Statement statement = RD_TRY(database_->prepare(sql));
  return statement.run(parameters);
}

Result<std::string> Loads::writer() {
  Statement statement = RD_TRY(database_->prepare("SELECT id FROM writer"));
  std::string out;
  RD_TRY(statement.each({}, [&](const Statement& row) { out = row.text(0); }));
  return out;
}

Result<std::optional<Load>> Loads::find(const LoadSource& source) {
  if (source.fingerprint.empty()) return std::nullopt;
  std::vector<Load> found = RD_TRY(select("WHERE events = ?1 AND fingerprint = ?2 ORDER BY id DESC LIMIT 1",
                                          {source.events, source.fingerprint}));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<Load> Loads::begin(const LoadSource& source, Instant now) {
  Load out{.source = source};
  const auto insert = [&]() -> Result<void> {
    const std::int64_t last = RD_TRY(database_->number("SELECT coalesce(max(received), 0) FROM loads"));
    out.received.ticks = std::max(now.ticks, last + kLoadPieces);
    RD_TRY(
        run("INSERT INTO loads (events, source, fingerprint, method, received, rows) "
            "VALUES (?1, ?2, ?3, ?4, ?5, 0)",
            {source.events, source.name, source.fingerprint, source.method, out.received.ticks}));
    out.id = database_->last_insert_id();
    return {};
  };
  RD_TRY(database_->in_transaction(insert));
  return out;
}

Result<void> Loads::restart(std::int64_t id, std::int64_t method) {
  return database_->in_transaction([&]() -> Result<void> {
    RD_TRY(keep_none_of(id));
    return run("UPDATE loads SET method = ?2, ended = NULL WHERE id = ?1", {id, method});
  });
}

Result<void> Loads::end(std::int64_t id, std::int64_t rows, Instant now) {
  return run("UPDATE loads SET rows = ?2, ended = ?3 WHERE id = ?1", {id, rows, now.ticks});
}

Result<std::vector<Load>> Loads::unfinished() { return select("WHERE ended IS NULL ORDER BY id", {}); }

Result<std::map<std::string, std::uint64_t>> Loads::lasting_rows() {
  Statement statement =
      RD_TRY(database_->prepare("SELECT events, sum(rows) FROM ("
                                "SELECT events, rows FROM loads WHERE ended IS NOT NULL AND id > coalesce("
                                "(SELECT last_load FROM kept_rows WHERE kept_rows.events = loads.events), 0) "
                                "UNION ALL SELECT events, rows FROM kept_rows) GROUP BY events"));
  std::map<std::string, std::uint64_t> out;
  RD_TRY(statement.each(
      {}, [&](const Statement& row) { out[row.text(0)] = static_cast<std::uint64_t>(row.integer(1)); }));
  return out;
}

Result<void> Loads::keep(std::string_view events, std::uint64_t rows) {
  return run(
      "INSERT OR REPLACE INTO kept_rows (events, last_load, rows) "
      "VALUES (?1, (SELECT coalesce(max(id), 0) FROM loads), ?2)",
      {events, static_cast<std::int64_t>(rows)});
}

/// Rows of a load that has not ended may be among those that stay; how many, nobody knows.
Result<void> Loads::keep_none_of(std::int64_t id) {
  return run(
      "UPDATE kept_rows SET rows = 0 WHERE last_load >= ?1 AND "
      "events = (SELECT events FROM loads WHERE id = ?1)",
      {id});
}

Result<void> Loads::forget(std::int64_t id) {
  return database_->in_transaction([&]() -> Result<void> {
    RD_TRY(keep_none_of(id));
    return run("DELETE FROM loads WHERE id = ?1", {id});
  });
}

Result<void> Loads::forget_events(std::string_view events) {
  return database_->in_transaction([&]() -> Result<void> {
    RD_TRY(run("DELETE FROM kept_rows WHERE events = ?1", {events}));
    return run("DELETE FROM loads WHERE events = ?1", {events});
  });
}

}  // namespace redoubt::state

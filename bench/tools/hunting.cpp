#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "bench/hunting_events.h"
#include "bench/hunting_measure.h"
#include "core/time.h"
#include "store/event_schema.h"
#include "store/sql_text.h"

// What bench/measure_hunting.py asks for:
//   write TABLE FIRST COUNT TOTAL SEED FILE   events as JSON Lines
//   fill DIR TABLE FIRST COUNT TOTAL SEED     events into a table that is there
//   export DIR TABLE FILE                     events as Parquet
//   measure DIR QUERIES RUNS [NAME]           a line of JSON for each query
//   explain DIR KQL | sql DIR SQL             what a query becomes; the rows of SQL
//   time DIR RUNS SQL...                      median milliseconds of each

namespace redoubt::bench {
namespace {

Result<const EventTableShape*> table_of(std::string_view name) {
  if (const EventTableShape* const table = find_event_table(name)) return table;
  return fail(Error::Kind::Usage, "BEN0002", fmt::format("there is no such table: {}", name));
}

EventRange range_of(char** numbers) {
  const auto number = [&](int i) { return std::strtoull(numbers[i], nullptr, 10); };
  return {number(0), number(1), number(2), number(3)};
}

Result<void> write(char** arguments) {
  const EventTableShape* const table = RD_TRY(table_of(arguments[0]));
  const auto engine = RD_TRY(store::EmbeddedEngine::open({}));
  std::FILE* const file = std::fopen(arguments[5], "wb");
  if (file == nullptr) return fail(Error::Kind::Io, "DOC0001", "the file can't be written");
  const store::BlockSink take = [&](const store::Block& block) -> Result<void> {
    const auto& lines = std::get<store::Strings>(block.columns[0].cells);
    for (std::size_t row = 0; row < lines.size(); ++row) {
      std::fwrite(lines[row].data(), 1, lines[row].size(), file);
      std::fputc('\n', file);
    }
    return {};
  };
  const auto done = engine->query(
      {.sql = events_json_sql(*table, range_of(arguments + 1)), .inputs = {}, .limits = {}}, take, {});
  std::fclose(file);
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<void> fill(char** arguments) {
  const HuntingField field = RD_TRY(HuntingField::open(arguments[0]));
  const EventTableShape* const table = RD_TRY(table_of(arguments[1]));
  std::string names;
  for (const EventColumnShape& column : table->columns)
    names += std::string(column.name) + ", ";
  const std::string into = store::stored_from(table->name);
  RD_TRY(field.execute(fmt::format("INSERT INTO {} ({}{}) SELECT *, now64(7) FROM ({})", into, names,
                                   store::kReceivedColumn, events_sql(*table, range_of(arguments + 2)))));
  return field.execute(fmt::format("OPTIMIZE TABLE {} FINAL", into));
}

Result<void> write_parquet(char** arguments) {
  const HuntingField field = RD_TRY(HuntingField::open(arguments[0]));
  const EventTableShape* const table = RD_TRY(table_of(arguments[1]));
  std::string names;
  for (const EventColumnShape& column : table->columns)
    names += (names.empty() ? "" : ", ") + std::string(column.name);
  return field.execute(fmt::format("INSERT INTO FUNCTION file({}, Parquet) SELECT {} FROM {}",
                                   store::sql_text(arguments[2]), names, store::stored_from(table->name)));
}

Result<void> measure(int count, char** arguments) {
  const HuntingField field = RD_TRY(HuntingField::open(arguments[0]));
  const std::vector<HuntingQuery> queries = RD_TRY(read_hunting_queries(arguments[1]));
  for (const HuntingQuery& query : queries) {
    if (count > 3 && query.name.find(arguments[3]) == std::string::npos) continue;
    const Result<HuntingTimes> times = field.measure(query, std::atoi(arguments[2]));
    if (!times) {
      fmt::print("{{\"query\": \"{}\", \"failed\": true}}\n", query.name);
      fmt::print(stderr, "{}\n", times.error().text());
      continue;
    }
    fmt::print(
        "{{\"query\": \"{}\", \"kql_ms\": {:.1f}, \"sql_ms\": {:.1f}, \"ratio\": {:.3f}, \"cpu_ratio\": "
        "{:.3f}, \"compile_ms\": "
        "{:.2f}, "
        "\"rows_read\": {}, \"rows\": {}}}\n",
        query.name, times->kql_ms, times->sql_ms, times->ratio, times->cpu_ratio, times->compile_ms,
        times->rows_read, times->rows);
    std::fflush(stdout);
  }
  return {};
}

/// The statements take turns, so that what else the machine does meets all of them.
Result<void> time(int count, char** arguments) {
  const HuntingField field = RD_TRY(HuntingField::open(arguments[0]));
  const int runs = std::atoi(arguments[1]);
  std::vector<std::vector<double>> times(static_cast<std::size_t>(count - 2));
  for (int run = 0; run <= runs; ++run)
    for (std::size_t i = 0; i < times.size(); ++i) {
      const auto begin = std::chrono::steady_clock::now();
      RD_TRY(field.ask_text(arguments[2 + i]));
      const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
      if (run > 0) times[i].push_back(took.count());
    }
  for (std::size_t i = 0; i < times.size(); ++i) {
    std::sort(times[i].begin(), times[i].end());
    fmt::print("{:8.1f} ms  {}\n", times[i][times[i].size() / 2],
               std::string_view(arguments[2 + i]).substr(0, 150));
  }
  return {};
}

Result<void> show(std::string_view verb, char** arguments) {
  const HuntingField field = RD_TRY(HuntingField::open(arguments[0]));
  std::string text;
  if (verb == "sql")
    text = RD_TRY(field.ask_text(arguments[1]));
  else
    text = RD_TRY(field.explain(arguments[1]));
  std::fputs(text.c_str(), stdout);
  return {};
}

Result<void> run(int count, char** arguments) {
  const std::string_view verb = count > 0 ? arguments[0] : "";
  if (verb == "write" && count == 7) return write(arguments + 1);
  if (verb == "fill" && count == 7) return fill(arguments + 1);
  if (verb == "export" && count == 4) return write_parquet(arguments + 1);
  if (verb == "time" && count > 3) return time(count - 1, arguments + 1);
  if (verb == "measure" && count >= 4) return measure(count - 1, arguments + 1);
  if ((verb == "explain" || verb == "sql") && count == 3) return show(verb, arguments + 1);
  return fail(Error::Kind::Usage, "BEN0002", "see the head of bench/tools/hunting.cpp");
}

}  // namespace
}  // namespace redoubt::bench

int main(int argc, char** argv) {
  const redoubt::Result<void> done = redoubt::bench::run(argc - 1, argv + 1);
  if (done) return 0;
  fmt::print(stderr, "{}\n", done.error().text());
  return 1;
}

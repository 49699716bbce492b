#include <fmt/format.h>

#include "cli/cases.h"
#include "cli/commands.h"
#include "cli/deployment_options.h"
#include "cli/kql_answers.h"
#include "kql/pattern.h"
#include "query/memory_tables.h"

namespace redoubt::cli {

namespace {

tl::unexpected<Error> bad_tables(std::string_view what) {
  return fail(Error::Kind::InvalidInput, "KQL0010", fmt::format("tables of a case: {}", what), {},
              R"(write {"T":{"columns":[["a","long"]],"rows":[[1]]}})");
}

Result<std::vector<std::pair<std::string, kql::Type>>> columns_of(const doc::Value& table) {
  const doc::Value* const columns = table.find("columns");
  if (columns == nullptr || !columns->is_array()) return bad_tables("columns are a list");
  std::vector<std::pair<std::string, kql::Type>> out;
  for (const doc::Value& column : columns->items()) {
    const bool pair = column.is_array() && column.size() == 2 && column.items()[0].is_string() &&
                      column.items()[1].is_string();
    if (!pair) return bad_tables("a column is [name, type]");
    const std::optional<kql::Type> type = kql::find_type(column.items()[1].as_string());
    if (!type) return bad_tables(fmt::format("no type has the name {}", column.items()[1].as_string()));
    out.emplace_back(std::string(column.items()[0].as_string()), *type);
  }
  return out;
}

Result<void> add_tables(const doc::Value& tables, query::MemoryTables& out) {
  if (!tables.is_object()) return bad_tables("they are an object");
  for (const doc::Member& table : tables.members()) {
    const std::vector<std::pair<std::string, kql::Type>> columns = RD_TRY(columns_of(table.value));
    std::vector<query::Cells> cells(columns.size());
    const doc::Value* const rows = table.value.find("rows");
    for (const doc::Value& row : rows != nullptr && rows->is_array() ? rows->items() : std::span<const doc::Value>()) {
      if (!row.is_array() || row.size() != columns.size()) return bad_tables("a row has a value for each column");
      for (std::size_t i = 0; i < columns.size(); ++i)
        cells[i].push_back(cell_of(row.items()[i], columns[i].second));
    }
    out.add(table.name, columns, std::move(cells));
  }
  return {};
}

Result<std::string> run_case(const doc::Value& test_case, const query::RunOptions& common) {
  const doc::Value* const query = test_case.find("query");
  if (query == nullptr || !query->is_string())
    return fail(Error::Kind::InvalidInput, "KQL0010", "a case needs a query, as text");
  query::MemoryTables tables;
  if (const doc::Value* const given = test_case.find("tables")) RD_TRY(add_tables(*given, tables));
  query::RunOptions options = common;
  kql::PatternCache patterns;
  options.evaluation.patterns = &patterns;
  if (const std::optional<std::string_view> now = test_case.text_of("now")) {
    const Result<ZonedTime> time = parse_time(*now);
    if (!time) return fail(Error::Kind::InvalidInput, "KQL0010", fmt::format("now is no time: {}", *now));
    options.evaluation.now = time->instant;
  }
  options.rewrites.context = &options.evaluation;
  const query::Answer answer = RD_TRY(query::run(query->as_string(), tables.schemas(), tables, options));
  doc::JsonWriter json;
  json.begin_object();
  const query::ResultTable none;
  write_columns_and_rows(json, answer.tables.empty() ? none : answer.tables.front());
  if (answer.tables.size() > 1) {
    json.key("results").begin_array();
    for (const query::ResultTable& table : answer.tables) {
      json.begin_object();
      write_columns_and_rows(json, table);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
  return json.take();
}

Result<Exit> run_kql_run(const Arguments& arguments, Context& context) {
  query::RunOptions options;
  const std::optional<Instant> now = RD_TRY(read_now(arguments));
  options.evaluation.now = now.value_or(redoubt::now());
  return run_cases(arguments.text("--cases"), context,
                   [&](const doc::Value& test_case) { return run_case(test_case, options); });
}

}  // namespace

std::vector<Command> kql_run_commands() {
  return {{.name = "kql run",
           .summary = "Answer KQL queries",
           .examples = {"redoubt kql run --cases cases.jsonl"},
           .description = "Answers queries.",
           .positionals = {},
           .options = {{.flags = "--cases", .value = "FILE", .text = "JSON Lines of queries, answered one by one"},
                       {.flags = "--now", .value = "TIME", .text = "the time that now() is"}},
           .run = run_kql_run}};
}

}  // namespace redoubt::cli

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/data_option.h"
#include "cli/event_store.h"
#include "cli/query_input.h"
#include "core/text.h"
#include "doc/json.h"
#include "query/sql/event_catalog.h"
#include "report/table.h"
#include "state/loads.h"
#include "store/event_ddl_text.h"

namespace redoubt::cli {

namespace {

/// Without the parts below the second.
std::string time_text(std::int64_t ticks) {
  return to_text(from_epoch_seconds(to_epoch_seconds(Instant{ticks})));
}

std::string bytes_text(std::uint64_t bytes) {
  static constexpr std::string_view kUnits[] = {"B", "KB", "MB", "GB", "TB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; amount >= 1'000 && unit + 1 < std::size(kUnits); ++unit)
    amount /= 1'000;
  return fmt::format("{:.{}f} {}", amount, unit == 0 ? 0 : 1, kUnits[unit]);
}

void write_size(doc::JsonWriter& json, const store::EventTable& table, const store::EventTableSize& size) {
  json.begin_object().key("table").text(table.name);
  json.key("columns").integer(static_cast<std::int64_t>(table.columns.size()));
  json.key("rows").integer(static_cast<std::int64_t>(size.rows));
  json.key("bytes").integer(static_cast<std::int64_t>(size.bytes));
  json.key("first");
  size.first_time ? json.text(to_text(Instant{*size.first_time})) : json.null();
  json.key("last");
  size.last_time ? json.text(to_text(Instant{*size.last_time})) : json.null();
  json.key("retentionDays").integer(table.retention_days);
  json.end_object();
}

Result<Exit> run_logs_tables(const Arguments& arguments, Context& context) {
  const EventPlace place = RD_TRY(event_place(arguments, data_directory(arguments), context));
  const std::unique_ptr<EventStore> events = RD_TRY(EventStore::open_existing(place));
  report::Table shown{
      .columns =
          {{"table"}, {"rows", true}, {"on disk", true}, {"first"}, {"last"}, {"columns", true}, {"kept"}},
      .groups = {{}}};
  doc::JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.logs-tables/1").key("tables").begin_array();
  for (const auto& [name, table] : events->tables().tables()) {
    const store::EventTableSize size = RD_TRY(events->tables().size(name));
    write_size(json, table, size);
    report::Row row;
    row.cells = {
        {name},
        {std::to_string(size.rows)},
        {bytes_text(size.bytes)},
        {size.first_time ? time_text(*size.first_time) : "-"},
        {size.last_time ? time_text(*size.last_time) : "-"},
        {std::to_string(table.columns.size())},
        {table.retention_days == 0 ? "always"
                                   : counted(static_cast<std::uint64_t>(table.retention_days), "day")}};
    shown.groups.front().rows.push_back(std::move(row));
  }
  json.end_array().end_object();
  RD_TRY(tell_missing_rows(*events, place.ledger, context));
  RD_TRY(tell_lost_rows(*events, place.ledger, {}, context));
  if (context.format == "json")
    context.output.write(json.take() + "\n");
  else if (shown.groups.front().rows.empty())
    context.output.write("no tables\nnext: redoubt logs load FILE --table TABLE\n");
  else
    context.output.write(report::to_text(shown, context.style));
  return Exit::Done;
}

Result<const store::EventTable*> find_table(EventStore& events, const std::string& name) {
  if (const store::EventTable* const table = events.tables().find(name)) return table;
  std::vector<std::string_view> names;
  for (const auto& [known, table] : events.tables().tables())
    names.push_back(known);
  const std::optional<std::string_view> close = closest(name, names);
  return fail(Error::Kind::NotFound, "STO0021", fmt::format("there is no table of events {}", name), {},
              close ? fmt::format("did you mean {}?", *close) : "redoubt logs tables lists them");
}

/// Tables as `--tables` and `--schema` read them.
std::string schema_json(const std::vector<const store::EventTable*>& tables) {
  doc::JsonWriter json(true);
  json.begin_object().key("LogAnalytics").begin_object();
  for (const store::EventTable* table : tables) {
    json.key(table->name).begin_object();
    for (const store::EventColumn& column : table->columns)
      json.key(column.name).text(store::name_of(column.kind));
    json.end_object();
  }
  json.end_object().end_object();
  return json.take() + "\n";
}

std::string ddl_text(const std::vector<const store::EventTable*>& tables, std::string_view cluster) {
  std::string out;
  for (const std::string& statement : store::table_statements(tables, cluster))
    out += statement + ";\n";
  return out;
}

/// The tables of a file as they would be made.
Result<Exit> run_ddl_of_file(const Arguments& arguments, Context& context) {
  doc::Sources sources;
  kql::Schemas schemas;
  RD_TRY(read_tables(arguments.values("--schema"), context, sources, schemas));
  const std::vector<store::EventTable> known = query::sql::event_tables_of(schemas);
  const std::span<const std::string> named = arguments.values("TABLE");
  std::vector<const store::EventTable*> tables;
  for (const std::string& name : named) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const store::EventTable& one) { return one.name == name; });
    if (found == known.end())
      return fail(Error::Kind::NotFound, "STO0021", fmt::format("there is no table of events {}", name), {},
                  "--schema has the tables that there are");
    tables.push_back(&*found);
  }
  if (named.empty())
    for (const store::EventTable& table : known)
      tables.push_back(&table);
  context.output.write(ddl_text(tables, arguments.text("--cluster")));
  return Exit::Done;
}

Result<Exit> run_logs_schema(const Arguments& arguments, Context& context) {
  if (!arguments.given("--ddl") && (arguments.given("--schema") || arguments.given("--cluster")))
    return fail(Error::Kind::Usage, "CLI0005", "--schema and --cluster go with --ddl", {}, "add --ddl");
  if (arguments.given("--schema")) return run_ddl_of_file(arguments, context);
  const EventPlace place = RD_TRY(event_place(arguments, data_directory(arguments), context));
  const std::unique_ptr<EventStore> events = RD_TRY(EventStore::open_existing(place));
  std::vector<const store::EventTable*> tables;
  for (const std::string& name : arguments.values("TABLE")) {
    const store::EventTable* const table = RD_TRY(find_table(*events, name));
    tables.push_back(table);
  }
  if (tables.empty())
    for (const auto& [name, table] : events->tables().tables())
      tables.push_back(&table);
  RD_TRY(tell_lost_rows(*events, place.ledger, arguments.values("TABLE"), context));
  if (arguments.given("--ddl")) {
    context.output.write(ddl_text(tables, arguments.text("--cluster")));
    return Exit::Done;
  }
  if (context.format == "json") {
    context.output.write(schema_json(tables));
    return Exit::Done;
  }
  report::Table shown{.columns = {{"column"}, {"type"}}, .groups = {}};
  for (const store::EventTable* table : tables) {
    report::Group group{.title = {table->name}, .rows = {}};
    for (const store::EventColumn& column : table->columns)
      group.rows.push_back(
          {.cells = {{column.name}, {std::string(store::name_of(column.kind))}}, .notes = {}});
    shown.groups.push_back(std::move(group));
  }
  context.output.write(report::to_text(shown, context.style));
  return Exit::Done;
}

Result<Exit> run_logs_drop(const Arguments& arguments, Context& context) {
  const EventPlace place = RD_TRY(event_place(arguments, data_directory(arguments), context));
  const std::unique_ptr<EventStore> events = RD_TRY(EventStore::open_existing(place));
  std::set<std::string> names;
  for (const std::string& name : arguments.values("TABLE")) {
    RD_TRY(find_table(*events, name));
    names.insert(name);
  }
  state::Loads loads = RD_TRY(state::Loads::open(place.ledger));
  for (const std::string& name : names) {
    const store::EventTableSize size = RD_TRY(events->tables().size(name));
    RD_TRY(events->tables().drop(name));
    RD_TRY(loads.forget_events(name));
    context.output.write(fmt::format("{}: dropped, with {}\n", name, counted(size.rows, "row")));
    context.output.flush();
  }
  return Exit::Done;
}

std::vector<Option> store_options() {
  std::vector<Option> out = {data_option()};
  for (Option& one : place_options("otherwise that of the data directory"))
    out.push_back(std::move(one));
  return out;
}

std::vector<Option> schema_options() {
  std::vector<Option> out = store_options();
  out.push_back({.flags = "--ddl", .text = "the statements of ClickHouse that make the tables"});
  out.push_back({.flags = "--schema",
                 .value = "FILE",
                 .text = "with --ddl: tables with their columns, in place of those that are there",
                 .repeatable = true});
  out.push_back(
      {.flags = "--cluster", .value = "NAME", .text = "with --ddl: for the servers of this cluster"});
  return out;
}

}  // namespace

std::vector<Command> logs_commands() {
  return {
      logs_load_command(),
      {.name = "logs tables",
       .summary = "List the tables of events",
       .examples = {"redoubt logs tables", "redoubt logs tables -f json"},
       .description = "Rows, bytes on disk and the times of each table. Files whose rows are not all there, "
                      "since their load did not end, are named.",
       .options = store_options(),
       .formats = {"table", "json"},
       .run = run_logs_tables},
      {.name = "logs schema",
       .summary = "Show the columns of tables of events",
       .examples = {"redoubt logs schema SigninLogs", "redoubt logs schema -f json -o tables.json",
                    "redoubt logs schema --ddl --schema tables.json --cluster logs > tables.sql"},
       .description =
           "As JSON it is what --tables of the kql commands and --schema of logs load read.\n\n"
           "With --ddl it is the statements that make the tables on a ClickHouse server, or with --cluster "
           "on all servers of a cluster: replicated parts, and a table over them. An administrator can run "
           "them where the account that loads may make no tables.",
       .positionals =
           {{.name = "TABLE", .text = "a table; all without", .required = false, .repeatable = true}},
       .options = schema_options(),
       .formats = {"table", "json"},
       .run = run_logs_schema},
      {.name = "logs drop",
       .summary = "Remove tables of events with their rows",
       .examples = {"redoubt logs drop SigninLogs", "redoubt logs drop SigninLogs AuditLogs"},
       .description = "The tables go, and what is known of files that were loaded into them. None goes where "
                      "one is not there.",
       .positionals = {{.name = "TABLE", .text = "the tables", .repeatable = true}},
       .options = store_options(),
       .run = run_logs_drop}};
}

}  // namespace redoubt::cli

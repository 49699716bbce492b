#include <fmt/format.h>

#include "cli/cases.h"
#include "cli/commands.h"
#include "cli/deployment_options.h"
#include "cli/event_store.h"
#include "kql/pattern.h"
#include "query/answer_json.h"
#include "query/sql/event_catalog.h"
#include "query/sql/memory_catalog.h"
#include "query/sql/sql_tables.h"
#include "store/embedded.h"

namespace redoubt::cli {

namespace {

Result<std::string> run_case(const doc::Value& test_case, const query::RunOptions& common,
                             store::EventEngine* engine, EventStore* events) {
  const doc::Value* const query = test_case.find("query");
  if (query == nullptr || !query->is_string())
    return fail(Error::Kind::InvalidInput, "KQL0010", "a case needs a query, as text");
  query::MemoryTables tables;
  if (const doc::Value* const given = test_case.find("tables")) RD_TRY(query::add_tables(*given, tables));
  query::RunOptions options = common;
  kql::PatternCache patterns;
  options.evaluation.patterns = &patterns;
  if (const std::optional<std::string_view> now = test_case.text_of("now")) {
    const Result<ZonedTime> time = parse_time(*now);
    if (!time) return fail(Error::Kind::InvalidInput, "KQL0010", fmt::format("now is no time: {}", *now));
    options.evaluation.now = time->instant;
  }
  options.rewrites.context = &options.evaluation;
  const query::sql::MemoryCatalog catalog(tables);
  std::optional<query::sql::SqlTables> of_engine;
  if (engine != nullptr)
    of_engine.emplace(*engine, catalog, query::sql::SqlTablesOptions{.everything = true});
  const bool is_stored = events != nullptr && test_case.find("tables") == nullptr;
  std::optional<query::sql::EventCatalog> stored;
  kql::Schemas stored_schemas;
  if (is_stored) {
    stored.emplace(events->tables());
    stored_schemas = query::sql::schemas_of(events->tables());
    of_engine.emplace(events->engine(), *stored, query::sql::SqlTablesOptions{});
  }
  query::TableSource& source = of_engine ? static_cast<query::TableSource&>(*of_engine) : tables;
  const query::Answer answer =
      RD_TRY(query::run(query->as_string(), is_stored ? stored_schemas : tables.schemas(), source, options));
  doc::JsonWriter json;
  json.begin_object();
  const query::ResultTable none;
  query::write_columns_and_rows(json, answer.tables.empty() ? none : answer.tables.front());
  if (answer.tables.size() > 1) {
    json.key("results").begin_array();
    for (const query::ResultTable& table : answer.tables) {
      json.begin_object();
      query::write_columns_and_rows(json, table);
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
  std::unique_ptr<store::EmbeddedEngine> engine;
  if (arguments.text("--engine") == "embedded") engine = RD_TRY(store::EmbeddedEngine::open({}));
  std::unique_ptr<EventStore> events;
  if (arguments.given("--db")) events = RD_TRY(EventStore::open_existing(arguments.text("--db")));
  return run_cases(arguments.text("--cases"), context, [&](const doc::Value& test_case) {
    return run_case(test_case, options, engine.get(), events.get());
  });
}

}  // namespace

std::vector<Command> kql_run_commands() {
  return {{.name = "kql run",
           .summary = "Answer KQL queries",
           .examples = {"redoubt kql run --cases cases.jsonl"},
           .description = "Answers queries.",
           .positionals = {},
           .options = {{.flags = "--cases",
                        .value = "FILE",
                        .text = "JSON Lines of queries, answered one by one"},
                       {.flags = "--db",
                        .value = "DIR",
                        .text = "the folder of events that queries without tables of their own are asked of"},
                       {.flags = "--engine",
                        .value = "ENGINE",
                        .text = "where rows that come with a query are worked out",
                        .fallback = "memory",
                        .choices = {"memory", "embedded"}},
                       {.flags = "--now", .value = "TIME", .text = "the time that now() is"}},
           .run = run_kql_run}};
}

}  // namespace redoubt::cli

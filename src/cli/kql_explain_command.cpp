#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/deployment_options.h"
#include "cli/event_store.h"
#include "cli/kql_problems.h"
#include "cli/query_input.h"
#include "kql/management_command.h"
#include "kql/pattern.h"
#include "kql/plan_text.h"
#include "kql/rewrite.h"
#include "query/sql/event_catalog.h"
#include "query/sql/explain.h"
#include "query/sql/schema_catalog.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

struct Switch {
  std::string_view name;
  bool kql::RewriteOptions::* option;
};
constexpr Switch kRewrites[] = {
    {"search", &kql::RewriteOptions::search}, {"fold", &kql::RewriteOptions::fold},
    {"push", &kql::RewriteOptions::push},     {"prune", &kql::RewriteOptions::prune},
    {"time", &kql::RewriteOptions::time},     {"unions", &kql::RewriteOptions::unions}};

kql::RewriteOptions rewrites_of(const Arguments& arguments) {
  kql::RewriteOptions out;
  for (const std::string& name : arguments.values("--without"))
    for (const Switch& one : kRewrites)
      if (name == "all" || name == one.name) out.*one.option = false;
  return out;
}

std::vector<Option> explain_options() {
  std::vector<Option> out = environment_options();
  out.push_back({.flags = "--without",
                 .value = "REWRITE",
                 .text = "leave a rewrite out",
                 .repeatable = true,
                 .choices = {"search", "fold", "push", "prune", "time", "unions", "all"}});
  out.push_back(
      {.flags = "--sql", .text = "the SQL that the event engine is asked, and what is left to do in memory"});
  for (Option& one : place_options("its tables are those of queries, in place of "
                                   "--tables; --sql without either looks for ./.redoubt/events"))
    out.push_back(std::move(one));
  out.push_back({.flags = "--now",
                 .value = "TIME",
                 .text = "the time that now() is; for --sql the clock's, where none is given"});
  return out;
}

/// The tables that queries are about: those of a store of events, or of `--tables`.
struct ExplainedTables {
  std::unique_ptr<EventStore> events;
  std::unique_ptr<query::sql::Catalog> catalog;
};

Result<ExplainedTables> tables_of(const Arguments& arguments, QueryEnvironment& environment,
                                  Context& context) {
  ExplainedTables out;
  // A plan needs no tables; what the engine is asked, hangs on them.
  const bool has_other_tables = !arguments.given("--sql") || arguments.given("--tables");
  const std::optional<EventPlace> place = RD_TRY(events_to_ask(arguments, has_other_tables, context));
  if (!place) {
    out.catalog = std::make_unique<query::sql::SchemaCatalog>(environment.tables);
    return out;
  }
  out.events = RD_TRY(EventStore::open_existing(*place));
  environment.tables = query::sql::schemas_of(out.events->tables());
  out.catalog = std::make_unique<query::sql::EventCatalog>(out.events->tables());
  return out;
}

/// How a query is explained.
struct Explaining {
  const Arguments& arguments;
  Context& context;
  const doc::Sources& sources;
  const QueryEnvironment& environment;
  const query::sql::Catalog& catalog;
  kql::RewriteOptions rewrites;
  const kql::EvaluationContext& evaluation;
};

/// False: what is wrong with the query was told.
Result<bool> explain(const kql::FoundQuery& query, const Explaining& how) {
  std::optional<kql::SavedFunction> function;
  if (query.function) function.emplace(query);
  kql::Analysis analysis = function ? kql::analyze_function(*function, how.environment.view())
                                    : kql::analyze(query.query, how.environment.view());
  if (!analysis.ok()) {
    tell_errors(analysis, query, how.sources, how.context);
    return false;
  }
  if (Result<void> checked = kql::check_no_command(analysis.syntax, "has no plan", {}); !checked) {
    checked.error().where.file = how.sources.name(query.file);
    how.context.tell(checked.error());
    return false;
  }
  kql::rewrite(analysis, how.rewrites);
  std::string text;
  if (how.arguments.given("--sql"))
    text = RD_TRY(query::sql::explain(analysis, how.catalog, how.evaluation));
  else
    text = kql::plan_text(analysis);
  how.context.output.write(report::printable(text));
  return true;
}

/// With the place of each where there are several. False: not all could be explained.
Result<bool> explain_all(const std::vector<kql::FoundQuery>& queries, const Explaining& how) {
  bool all = true;
  const bool several = queries.size() > 1;
  for (const kql::FoundQuery& query : queries) {
    if (several)
      how.context.output.write(
          report::printable_line(fmt::format("{}{}{}", query.where(how.sources, 0).text(),
                                             query.name.empty() ? "" : ": ", query.name)) +
          "\n");
    const bool done = RD_TRY(explain(query, how));
    if (done && several) how.context.output.write("\n");
    all = all && done;
  }
  return all;
}

Result<Exit> run_kql_explain(const Arguments& arguments, Context& context) {
  doc::Sources sources;
  if (!arguments.given("PATH"))
    return fail(Error::Kind::Usage, "KQL0011", "nothing to explain", {},
                "name files or folders of queries; - is stdin");
  kql::RewriteOptions options = rewrites_of(arguments);
  kql::PatternCache patterns;
  kql::EvaluationContext evaluation{{}, {}, &patterns};
  const std::optional<Instant> now = RD_TRY(read_now(arguments));
  // SQL has to say a time; a plan says now() where none is given.
  evaluation.now = now.value_or(redoubt::now());
  if (now || arguments.given("--sql")) options.context = &evaluation;
  const Reading<kql::FoundQueries> found = RD_TRY(read_queries(arguments, context, sources));
  const std::vector<kql::FoundQuery>& queries = found.value.queries;
  QueryEnvironment environment = RD_TRY(read_environment(arguments, context, sources, queries));
  const ExplainedTables tables = RD_TRY(tables_of(arguments, environment, context));
  bool unfinished = queries.empty();
  for (const Diagnostic& diagnostic : found.diagnostics) {
    unfinished = unfinished || diagnostic.severity == Severity::Error;
    context.tell(diagnostic);
  }
  const bool all = RD_TRY(
      explain_all(queries, {arguments, context, sources, environment, *tables.catalog, options, evaluation}));
  if (queries.empty() && found.diagnostics.empty()) context.note("no queries were found");
  return unfinished || !all ? Exit::Unfinished : Exit::Done;
}

}  // namespace

std::vector<Command> kql_explain_commands() {
  return {
      {.name = "kql explain",
       .summary = "Show the plan of KQL queries: what is read, in which order, with which types",
       .examples = {"redoubt kql explain query.kql --tables tables.json",
                    "echo 'SigninLogs | count' | redoubt kql explain -",
                    "redoubt kql explain query.kql --without push --without prune"},
       .description =
           "Prints what each result of a query is made of, in the order in which rows go through it: "
           "functions put in place of their calls, let and materialize() that are used more than once as "
           "parts of their own, constants worked out, conditions at the tables, and of each table the "
           "columns that are needed and the time that is asked for. --without shows the plan without one of "
           "these rewrites; it means the same.\n\n"
           "With --now, what hangs on now() and ago() is worked out, too.\n\n"
           "--sql shows what the event engine is asked about the tables of --db or --tables; without either "
           "they are those of the events in ./.redoubt, where there are some, as for kql run.",
       .positionals = {query_paths()},
       .options = explain_options(),
       .run = run_kql_explain}};
}

}  // namespace redoubt::cli

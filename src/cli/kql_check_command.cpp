#include <algorithm>

#include "cli/arguments.h"
#include "cli/cases.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/fail_on.h"
#include "cli/kql_check_report.h"
#include "cli/query_input.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "kql/advice.h"
#include "kql/analysis.h"
#include "kql/query_files.h"
#include "report/excerpt.h"

namespace redoubt::cli {

namespace {

void write_problem(doc::JsonWriter& json, const kql::Problem& problem) {
  json.begin_object().key("code").text(problem.code).key("severity").text(name_of(problem.severity));
  json.key("message")
      .text(problem.message)
      .key("start")
      .integer(problem.offset)
      .key("length")
      .integer(problem.size);
  if (!problem.hint.empty()) json.key("hint").text(problem.hint);
  json.end_object();
}

Result<std::string> check_case(const doc::Value& test_case, const kql::Schemas* schemas) {
  const doc::Value* const query = test_case.find("query");
  if (query == nullptr || !query->is_string())
    return fail(Error::Kind::InvalidInput, "KQL0010", "a case needs a query, as text");
  const kql::Analysis analysis = schemas == nullptr ? kql::Analysis{kql::parse(query->as_string())}
                                                    : kql::analyze(query->as_string(), *schemas);
  const kql::Syntax& syntax = analysis.syntax;
  doc::JsonWriter json;
  json.begin_object().key("ok").boolean(!syntax.has_errors()).key("diagnostics").begin_array();
  for (const kql::Problem& problem : syntax.problems)
    write_problem(json, problem);
  json.end_array();
  if (const kql::Relation* const result = analysis.result()) {
    json.key("columns").begin_array();
    for (const kql::Column* column : result->columns)
      json.begin_array().text(column->name).text(kql::type_name(column->type)).end_array();
    json.end_array();
  }
  json.end_object();
  return json.take();
}

/// A rule of Sentinel or Defender is run over a period that stands beside its query.
bool has_period(kql::QueryKind kind) {
  return kind == kql::QueryKind::AnalyticsRule || kind == kql::QueryKind::ArmAnalyticsRule ||
         kind == kql::QueryKind::ScheduledQueryRule || kind == kql::QueryKind::CustomDetection;
}

CheckedQuery check_query(const kql::FoundQuery& found, const kql::Schemas* schemas,
                         const doc::Sources& sources, const report::TableStyle& style) {
  CheckedQuery out{found.where(sources, 0), found.kind, found.name, found.id};
  kql::Analysis analysis =
      schemas == nullptr ? kql::Analysis{kql::parse(found.query)} : kql::analyze(found.query, *schemas);
  out.ok = analysis.ok();
  for (kql::Problem& hint : kql::advise(analysis, {has_period(found.kind)}))
    analysis.syntax.problems.push_back(std::move(hint));
  std::stable_sort(
      analysis.syntax.problems.begin(), analysis.syntax.problems.end(),
      [](const kql::Problem& left, const kql::Problem& right) { return left.offset < right.offset; });
  const std::string& text = sources.text(found.file);
  for (kql::Problem& problem : analysis.syntax.problems) {
    const Where where = found.where(sources, problem.offset);
    const std::size_t from = found.place(problem.offset).offset;
    const std::size_t to = found.place(problem.offset + problem.size).offset;
    out.problems.push_back({{problem.severity, std::string(problem.code), std::move(problem.message), where,
                             std::move(problem.hint)},
                            report::excerpt(text, from, to - from, where.line, style)});
  }
  if (schemas == nullptr) return out;
  for (const kql::TableUse& use : analysis.table_uses())
    out.tables.push_back({std::string(use.table), {use.columns.begin(), use.columns.end()}});
  if (const kql::Relation* const result = analysis.result()) {
    out.has_result = true;
    out.open = result->open;
    for (const kql::Column* column : result->columns)
      out.columns.emplace_back(column->name, kql::type_name(column->type));
  }
  return out;
}

Result<QueryCheck> check_files(const Arguments& arguments, Context& context, const kql::Schemas* schemas) {
  doc::Sources sources;
  QueryCheck out;
  Reading<kql::FoundQueries> found = read_queries(arguments, context, sources);
  out.diagnostics = std::move(found.diagnostics);
  out.counts = found.value.counts;
  const std::vector<kql::FoundQuery>& queries = found.value.queries;
  const ProgressCallback progress = context.progress.callback();
  for (const kql::FoundQuery& query : queries) {
    if (progress) progress({"checking queries", out.queries.size(), queries.size()});
    out.queries.push_back(check_query(query, schemas, sources, context.style));
  }
  return out;
}

Result<Exit> run_kql_check(const Arguments& arguments, Context& context) {
  doc::Sources sources;
  const kql::Schemas schemas = RD_TRY(read_tables(arguments, context, sources));
  const kql::Schemas* const used = arguments.given("--syntax-only") ? nullptr : &schemas;
  if (arguments.given("--cases")) {
    if (arguments.given("PATH"))
      return fail(Error::Kind::Usage, "KQL0011", "files and --cases do not go together", {},
                  "give one of them");
    return run_cases(arguments.text("--cases"), context,
                     [&](const doc::Value& test_case) { return check_case(test_case, used); });
  }
  if (!arguments.given("PATH"))
    return fail(Error::Kind::Usage, "KQL0011", "nothing to check", {},
                "name files or folders of queries; - is stdin");
  const QueryCheck check = RD_TRY(check_files(arguments, context, used));
  if (context.format == "json")
    context.output.write(to_json(check));
  else if (context.format == "sarif")
    context.output.write(to_sarif(check));
  else
    context.output.write(to_text(check, context.style, context.verbose));
  if (schemas.empty() && used != nullptr && !check.queries.empty())
    context.note("names of tables and columns were not checked: --tables FILE says what tables there are");
  const auto is_error = [](const Diagnostic& one) { return one.severity == Severity::Error; };
  if (check.queries.empty() || std::any_of(check.diagnostics.begin(), check.diagnostics.end(), is_error)) {
    if (check.queries.empty() && check.diagnostics.empty()) context.note("no queries were found");
    return Exit::Unfinished;
  }
  Level worst = Level::None;
  for (const CheckedQuery& query : check.queries)
    for (const QueryProblem& problem : query.problems)
      worst = std::max(worst, level_of(problem.diagnostic.severity));
  return exit_for(worst, fail_on(arguments));
}

}  // namespace

std::vector<Command> kql_check_commands() {
  return {
      {.name = "kql check",
       .summary = "Check KQL queries: syntax, names and types, and what they would better do",
       .examples = {"redoubt kql check query.kql --tables tables.json",
                    "redoubt kql check rules/ --tables tables.json -f sarif -o kql.sarif",
                    "echo 'SigninLogs | cuont' | redoubt kql check -"},
       .description =
           "Finds the queries in .kql and .csl files, Sentinel and Defender rules in YAML or JSON, ARM "
           "templates, workbooks, Logic Apps and Markdown fences, and tells of each what is wrong, with the "
           "line in its file: what Kusto would refuse is an error, cost is a hint. Of a single query, and "
           "with "
           "--verbose of all, it shows the tables and columns that are read and the columns of the "
           "result.\n\n"
           "Without --tables any table may have any column. With it, a name that no table has is an error. "
           "The file is {\"LogAnalytics\": {\"Table\": {\"Column\": \"string\"}}, \"ResourceGraph\": {...}}.",
       .positionals = {query_paths()},
       .options = {tables_option(),
                   {.flags = "--syntax-only", .text = "look at the syntax alone"},
                   {.flags = "--cases", .value = "FILE", .text = "JSON Lines of cases; - is stdin"},
                   fail_on_option(Level::High)},
       .formats = {"table", "json", "sarif"},
       .run = run_kql_check}};
}

}  // namespace redoubt::cli

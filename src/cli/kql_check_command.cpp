#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <tuple>

#include "cli/arguments.h"
#include "cli/cases.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/fail_on.h"
#include "cli/kql_accepted.h"
#include "cli/kql_check_report.h"
#include "cli/kql_ignored.h"
#include "cli/query_input.h"
#include "core/text.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "kql/advice.h"
#include "kql/analysis.h"
#include "kql/query_files.h"

namespace redoubt::cli {

namespace {

constexpr std::string_view kEmptyQuery = "KQL0022";

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

/// What queries are held against; only their syntax where there is no environment.
struct Judge {
  const kql::Environment* environment = nullptr;
  const doc::Sources& sources;  ///< of saved functions, too
  const report::TableStyle& style;
  std::set<std::string, std::less<>> ignored = {};  ///< codes

  kql::Analysis analyze(std::string_view query) const {
    return environment == nullptr ? kql::Analysis{kql::parse(query)} : kql::analyze(query, *environment);
  }
};

/// Problems in the text of saved functions have places of their own.
void write_saved_problem(doc::JsonWriter& json, const kql::SavedProblem& one, const doc::Sources& sources) {
  const Where where = one.function->where(sources, one.part, one.problem.offset);
  json.begin_object().key("function").text(one.function->name()).key("code").text(one.problem.code);
  json.key("severity").text(name_of(one.problem.severity)).key("message").text(one.problem.message);
  json.key("file").text(where.file).key("line").integer(where.line).key("column").integer(where.column);
  if (!one.problem.hint.empty()) json.key("hint").text(one.problem.hint);
  json.end_object();
}

Result<std::string> check_case(const doc::Value& test_case, const Judge& judge) {
  const doc::Value* const query = test_case.find("query");
  if (query == nullptr || !query->is_string())
    return fail(Error::Kind::InvalidInput, "KQL0010", "a case needs a query, as text");
  const kql::Analysis analysis = judge.analyze(query->as_string());
  const kql::Syntax& syntax = analysis.syntax;
  doc::JsonWriter json;
  json.begin_object().key("ok").boolean(!syntax.has_errors()).key("diagnostics").begin_array();
  for (const kql::Problem& problem : syntax.problems)
    write_problem(json, problem);
  json.end_array();
  if (!analysis.saved_problems.empty()) {
    json.key("inFunctions").begin_array();
    for (const kql::SavedProblem& problem : analysis.saved_problems)
      write_saved_problem(json, problem, judge.sources);
    json.end_array();
  }
  if (const kql::Relation* const result = analysis.result()) {
    json.key("columns").begin_array();
    for (const kql::Column* column : result->columns)
      json.begin_array().text(column->name).text(kql::type_name(column->type)).end_array();
    json.end_array();
  }
  json.end_object();
  return json.take();
}

/// A rule is run over a period that stands beside its query, a step of a workbook over its time range, a
/// function over what whoever calls it asks for.
bool has_period(const kql::FoundQuery& query) {
  return query.function || query.kind == kql::QueryKind::Workbook || kql::is_rule(query.kind);
}

/// What the query reads and gives.
void add_results(const kql::Analysis& analysis, CheckedQuery& out) {
  for (const kql::TableUse& use : analysis.table_uses())
    out.tables.push_back({std::string(use.table), {use.columns.begin(), use.columns.end()}});
  for (const kql::SavedFunction* function : analysis.functions)
    out.functions.push_back(function->name());
  std::ranges::sort(out.functions);
  if (const kql::Relation* const result = analysis.result()) {
    out.has_result = true;
    out.open = result->open;
    for (const kql::Column* column : result->columns)
      out.columns.emplace_back(column->name, kql::type_name(column->type));
  }
}

/// What a rule takes from the result of its query, and is not there.
void add_lacking(const kql::FoundQuery& found, const Judge& judge, CheckedQuery& out) {
  std::vector<std::string_view> names;
  for (const auto& [name, type] : out.columns)
    names.push_back(name);
  for (const kql::TakenColumn& taken : found.taken) {
    if (std::ranges::find(names, taken.name) != names.end()) continue;
    const std::optional<std::string_view> meant = closest(taken.name, names);
    Diagnostic diagnostic{Severity::Warning,
                          "KQL0250",
                          fmt::format("the result of the query has no column {}, which {} is taken from",
                                      taken.name, taken.use),
                          {},
                          meant ? fmt::format("did you mean {}?", *meant) : std::string()};
    out.problems.push_back(shown(taken, std::move(diagnostic), found, judge.sources, judge.style));
  }
}

/// Leaves out what is not to be told, and says how much that was.
std::size_t drop_ignored(std::vector<QueryProblem>& problems, const Judge& judge) {
  return std::erase_if(problems,
                       [&](const QueryProblem& one) { return judge.ignored.contains(one.diagnostic.code); });
}

/// `in_functions` gathers what is wrong with the functions that it calls.
CheckedQuery check_query(const kql::FoundQuery& found, const Judge& judge,
                         std::vector<kql::SavedProblem>& in_functions, const kql::SavedFunction* function) {
  CheckedQuery out{found.where(judge.sources, 0), found.kind, found.name, found.id};
  kql::Analysis analysis = function == nullptr || judge.environment == nullptr
                               ? judge.analyze(found.query)
                               : kql::analyze_function(*function, *judge.environment);
  const bool sound = analysis.ok();
  for (kql::Problem& hint : kql::advise(analysis, {has_period(found)}))
    analysis.syntax.problems.push_back(std::move(hint));
  std::stable_sort(
      analysis.syntax.problems.begin(), analysis.syntax.problems.end(),
      [](const kql::Problem& left, const kql::Problem& right) { return left.offset < right.offset; });
  const IgnoreComments comments(found.query);
  for (const kql::Problem& problem : analysis.syntax.problems) {
    if (comments.covers(problem.code, problem.offset))
      ++out.ignored;
    else
      out.problems.push_back(shown(problem, found, judge.sources, judge.style));
  }
  std::ranges::move(analysis.saved_problems, std::back_inserter(in_functions));
  if (judge.environment != nullptr) add_results(analysis, out);
  if (sound && out.has_result && !out.open && !comments.covers_all("KQL0250")) add_lacking(found, judge, out);
  out.ignored += drop_ignored(out.problems, judge);
  out.ok = std::ranges::none_of(
      out.problems, [](const QueryProblem& one) { return one.diagnostic.severity == Severity::Error; });
  return out;
}

/// By a comment in the function's own text.
bool is_ignored(const kql::SavedProblem& one) {
  return one.part == kql::SavedFunction::Part::Body &&
         IgnoreComments(one.function->query().query).covers(one.problem.code, one.problem.offset);
}

/// By file, place and code.
using ProblemKey = std::tuple<std::string, std::uint32_t, std::uint32_t, std::string>;
ProblemKey key_of(const Diagnostic& one) {
  return {one.where.file, one.where.line, one.where.column, one.code};
}

/// What is wrong with the functions that the queries call: once, however many call them, and not where the
/// function is checked itself. Sorted by place.
std::vector<QueryProblem> function_problems(std::vector<kql::SavedProblem> found,
                                            const std::vector<CheckedQuery>& queries, const Judge& judge) {
  std::set<ProblemKey> told;
  for (const CheckedQuery& query : queries)
    for (const QueryProblem& problem : query.problems)
      told.insert(key_of(problem.diagnostic));
  std::map<ProblemKey, QueryProblem> kept;
  for (kql::SavedProblem& one : found) {
    if (is_ignored(one)) continue;
    QueryProblem problem = shown(one, judge.sources, judge.style);
    const ProblemKey key = key_of(problem.diagnostic);
    if (told.contains(key)) continue;
    Diagnostic& known = kept.try_emplace(key, problem).first->second.diagnostic;
    known.severity = std::max(known.severity, problem.diagnostic.severity);
  }
  std::vector<QueryProblem> out;
  for (auto& [key, problem] : kept)
    out.push_back(std::move(problem));
  return out;
}

QueryCheck check_queries(Reading<kql::FoundQueries> found, const Judge& judge, Context& context) {
  QueryCheck out;
  out.diagnostics = std::move(found.diagnostics);
  out.counts = found.value.counts;
  const std::vector<kql::FoundQuery>& queries = found.value.queries;
  std::vector<kql::SavedProblem> in_functions;
  std::vector<std::unique_ptr<kql::SavedFunction>> kept;  // problems point at them
  const ProgressCallback progress = context.progress.callback();
  for (const kql::FoundQuery& query : queries) {
    if (progress) progress({"checking queries", out.queries.size(), queries.size()});
    if (query.function) kept.push_back(std::make_unique<kql::SavedFunction>(query));
    out.queries.push_back(
        check_query(query, judge, in_functions, query.function ? kept.back().get() : nullptr));
    out.ignored += out.queries.back().ignored;
  }
  out.functions = function_problems(std::move(in_functions), out.queries, judge);
  out.ignored += drop_ignored(out.functions, judge);
  out.ignored +=
      std::erase_if(out.diagnostics, [&](const Diagnostic& one) { return judge.ignored.contains(one.code); });
  return out;
}

Result<Exit> run_kql_cases(const Arguments& arguments, Context& context) {
  if (arguments.given("PATH"))
    return fail(Error::Kind::Usage, "KQL0011", "files and --cases do not go together", {},
                "give one of them");
  doc::Sources sources;
  const QueryEnvironment known = RD_TRY(read_environment(arguments, context, sources));
  const kql::Environment environment = known.view();
  const Judge judge{arguments.given("--syntax-only") ? nullptr : &environment, sources, context.style};
  return run_cases(arguments.text("--cases"), context,
                   [&](const doc::Value& test_case) { return check_case(test_case, judge); });
}

/// An empty query is a finding; a file that could not be read is none, but nothing was judged.
bool keeps_from_judging(const Diagnostic& one) {
  return one.severity == Severity::Error && one.code != kEmptyQuery;
}

Exit exit_of(const QueryCheck& check, Level asked) {
  if (std::ranges::any_of(check.diagnostics, keeps_from_judging)) return Exit::Unfinished;
  Level worst = Level::None;
  check.each(
      [&](const Diagnostic& one, const QueryProblem*) { worst = std::max(worst, level_of(one.severity)); });
  const Exit exit = exit_for(worst, asked);
  return check.queries.empty() && exit == Exit::Done ? Exit::Unfinished : exit;
}

void write_check(const QueryCheck& check, Context& context) {
  if (context.format == "json")
    context.output.write(to_json(check));
  else if (context.format == "sarif")
    context.output.write(to_sarif(check));
  else
    context.output.write(to_text(check, context.style, context.verbose));
}

Result<Exit> run_kql_check(const Arguments& arguments, Context& context) {
  if (arguments.given("--cases")) return run_kql_cases(arguments, context);
  if (!arguments.given("PATH"))
    return fail(Error::Kind::Usage, "KQL0011", "nothing to check", {},
                "name files or folders of queries; - is stdin");
  doc::Sources sources;
  Reading<kql::FoundQueries> found = RD_TRY(read_queries(arguments, context, sources));
  const QueryEnvironment known = RD_TRY(read_environment(arguments, context, sources, found.value.queries));
  const kql::Environment environment = known.view();
  std::set<std::string, std::less<>> ignored = RD_TRY(ignored_codes(arguments));
  const Judge judge{arguments.given("--syntax-only") ? nullptr : &environment, sources, context.style,
                    std::move(ignored)};
  QueryCheck check = check_queries(std::move(found), judge, context);
  RD_TRY(accept_known(arguments, context, check));
  write_check(check, context);
  if (known.tables.empty() && judge.environment != nullptr && !check.queries.empty())
    context.note("names of tables and columns were not checked: --tables FILE says what tables there are");
  if (check.queries.empty() && check.diagnostics.empty()) context.note("no queries were found");
  return exit_of(check, fail_on(arguments));
}

std::vector<Option> check_options() {
  std::vector<Option> out = environment_options();
  out.push_back({.flags = "--syntax-only", .text = "look at the syntax alone"});
  out.push_back({.flags = "--cases", .value = "FILE", .text = "JSON Lines of cases; - is stdin"});
  out.push_back(fail_on_diagnostic_option());
  out.push_back(ignore_option());
  for (Option& one : accepted_options())
    out.push_back(std::move(one));
  return out;
}

}  // namespace

std::vector<Command> kql_check_commands() {
  return {
      {.name = "kql check",
       .summary = "Check KQL queries: syntax, names and types, and what they would better do",
       .examples = {"redoubt kql check query.kql --tables tables.json",
                    "redoubt kql check rules/ --tables tables.json -f sarif -o kql.sarif",
                    "redoubt kql check rules/ --tables tables.json --functions parsers/ --watchlists lists/",
                    "echo 'SigninLogs | cuont' | redoubt kql check -"},
       .description =
           "Finds the queries in .kql and .csl files, Sentinel and Defender rules in YAML or JSON, ARM "
           "templates, workbooks, Logic Apps and Markdown fences, and tells of each what is wrong, with the "
           "line in its file: what Kusto would refuse is an error, cost is a hint. Of a single query, and "
           "with --verbose of all, it shows the tables and columns that are read and the columns of the "
           "result.\n\n"
           "Without --tables any table may have any column. With it, a name that no table has is an error. "
           "The file is {\"Table\": {\"Column\": \"string\"}}, or {\"LogAnalytics\": {...}, "
           "\"ResourceGraph\": {...}} with such tables of both.\n\n"
           "--functions names what queries call besides the language: parsers and functions in YAML, ARM "
           "savedSearches, .create function commands, and .kql files, called as the file is named. A "
           "function is bound where it is called: its mistakes are told at its own line, and each call says "
           "that it fails. With --watchlists, columns of _GetWatchlist() are checked, and an unknown alias "
           "is a warning.",
       .positionals = {query_paths()},
       .options = check_options(),
       .formats = {"table", "json", "sarif"},
       .run = run_kql_check}};
}

}  // namespace redoubt::cli

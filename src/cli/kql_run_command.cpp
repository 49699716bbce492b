#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/kql_answer.h"
#include "cli/kql_ask.h"
#include "cli/kql_run_cases.h"
#include "cli/kql_session.h"
#include "core/text.h"
#include "kql/parser.h"
#include "query/timespan.h"

namespace redoubt::cli {

namespace {

constexpr std::string_view kFileEndings[] = {".kql", ".csl", ".kusto", ".yaml", ".yml", ".json"};

tl::unexpected<Error> wrong_query(std::string message, std::string hint) {
  return fail(Error::Kind::Usage, "KQL0011", std::move(message), {}, std::move(hint));
}

/// Queries of the argument, of stdin, or of the file.
Result<Reading<kql::FoundQueries>> found_queries(const Arguments& arguments, Context& context,
                                                 doc::Sources& sources) {
  if (arguments.given("--file")) return kql::find_queries(sources, arguments.text("--file"));
  const std::string& text = arguments.text("QUERY");
  if (text == "-") {
    std::string given = RD_TRY(read_stdin(context));
    return kql::find_queries_in_text(sources, "<stdin>", std::move(given));
  }
  return kql::find_queries_in_text(sources, "query", text);
}

/// Whether somebody gave the name of a file in place of a query, and there is none.
bool is_lost_file(const std::string& text) {
  std::error_code error;
  return !std::filesystem::exists(text, error) && text.find_first_of(" \n|") == std::string_view::npos &&
         std::ranges::any_of(kFileEndings,
                             [&](std::string_view one) { return ends_with_any_case(text, one); });
}

/// Of a command that creates a function its body was found, which is not what was asked.
Result<void> refuse_command(const kql::FoundQuery& query, const doc::Sources& sources) {
  if (!query.function) return {};
  const Result<void> checked = query::check_no_command(kql::parse(sources.text(query.file)));
  if (checked) return {};
  Error error = checked.error();
  error.where.file = sources.name(query.file);
  return tl::unexpected(std::move(error));
}

/// The one query that is to be answered.
Result<kql::FoundQuery> read_query(const Arguments& arguments, Context& context, doc::Sources& sources) {
  if (arguments.given("--file") == arguments.given("QUERY"))
    return wrong_query(arguments.given("QUERY") ? "a query and --file do not go together" : "nothing to run",
                       "write redoubt kql run 'Table | take 10', or --file query.kql, or - for stdin");
  if (is_lost_file(arguments.text("QUERY")))
    return wrong_query(
        fmt::format("this is no query but the name of a file that is not there: {}", arguments.text("QUERY")),
        "--file FILE runs the query in a file");
  Reading<kql::FoundQueries> found = RD_TRY(found_queries(arguments, context, sources));
  for (const Diagnostic& one : found.diagnostics) {
    if (one.severity == Severity::Error && found.value.queries.empty())
      return fail(Error::Kind::Usage, one.code, one.message, one.where, one.hint);
    context.tell(one);
  }
  std::vector<kql::FoundQuery>& queries = found.value.queries;
  if (queries.empty()) return wrong_query("there is no query", "see redoubt kql run --help");
  RD_TRY(refuse_command(queries.front(), sources));
  if (queries.size() > 1)
    return wrong_query(fmt::format("the file holds {}", counted(queries.size(), "query", "queries")),
                       "give the one that is meant as text, or in a file of its own");
  return std::move(queries.front());
}

/// A rule of Sentinel looks at the rows of its period alone.
void limit_to_period(const kql::FoundQuery& query, QuerySession& session, Context& context) {
  if (query.period.empty()) return;
  query::RunOptions& options = session.options();
  const std::string& file = session.sources().name(query.file);
  const Result<kql::TimeSpan> span = query::parse_timespan(query.period, options.evaluation.now);
  if (!span) {
    context.tell(Diagnostic{
        Severity::Warning, "QRY0024",
        fmt::format("the queryPeriod is no span of time, rows of all times are looked at: {}", query.period),
        Where{file, 0, 0, {}}, "give it with --timespan"});
    return;
  }
  options.span = *span;
  context.note(
      fmt::format("{}: the last {} (queryPeriod); --timespan asks for other times", file, query.period));
}

Result<Exit> run_query(const Arguments& arguments, Context& context, QuerySession& session,
                       Interrupt& interrupt) {
  const kql::FoundQuery query = RD_TRY(read_query(arguments, context, session.sources()));
  session.tell_loaded(context);
  if (!arguments.given("--timespan")) limit_to_period(query, session, context);
  const Exit exit = RD_TRY(ask({query, session.sources()}, session, interrupt, {}, context));
  std::error_code error;
  if (exit != Exit::Done && std::filesystem::is_regular_file(query.query, error))
    context.note(fmt::format("{} is a file: --file runs the query in it", query.query));
  return exit;
}

Result<Exit> run_kql_run(const Arguments& arguments, Context& context) {
  Interrupt interrupt;
  const auto loads = arguments.values("--load");
  const auto from_stdin = [](const std::string& load) { return load.ends_with("=-"); };
  if (std::count_if(loads.begin(), loads.end(), from_stdin) + (arguments.text("QUERY") == "-" ? 1 : 0) > 1)
    return wrong_query("stdin can be read once", "give the query, or the tables, as files");
  const bool has_cases = arguments.given("--cases");
  if (has_cases && (arguments.given("QUERY") || arguments.given("--file")))
    return wrong_query("a query and --cases do not go together", "give one of them");
  const std::unique_ptr<QuerySession> session = RD_TRY(QuerySession::open(arguments, context, interrupt));
  if (!has_cases) return run_query(arguments, context, *session, interrupt);
  session->tell_loaded(context);
  return run_query_cases(arguments.text("--cases"), *session, interrupt, context);
}

std::vector<Option> run_options() {
  std::vector<Option> out = {{.flags = "--file",
                              .value = "FILE",
                              .text = "a file with the query: .kql, a rule, a template with one query"},
                             {.flags = "--cases",
                              .value = "FILE",
                              .text = "JSON Lines of queries, answered one by one, about the same tables "
                                      "where a line has none of its own; - is stdin"}};
  for (Option& one : session_options())
    out.push_back(std::move(one));
  return out;
}

}  // namespace

std::vector<Command> kql_run_commands() {
  return {
      {.name = "kql run",
       .summary = "Query log files with KQL",
       .examples =
           {"redoubt kql run 'SigninLogs | summarize count() by ResultType' --load SigninLogs=signins.csv",
            "redoubt kql run --file hunt.kql --load T=a.json --load U=b.jsonl.gz --tables tables.json",
            "redoubt kql run 'T | summarize count() by bin(At, 1h) | render timechart' --load T=log.csv",
            "redoubt kql run --file hunt.kql --load T=log.csv --param user=ann --timespan P1D -f json",
            "redoubt kql run 'T | where Path has \"admin\"' --load T=- < access.jsonl"},
       .description =
           "Answers a query about tables that are read from files, or were brought into the event store "
           "with `redoubt logs load`; nothing is sent anywhere. A file is what its first bytes say: CSV or "
           "TSV with a header (also an export of the portal), a JSON list, JSON Lines, pages of records as "
           "Azure Monitor exports them, answers of the Log Analytics and Kusto APIs; a .txt or .log file is "
           "a table of lines, RawData. Several files of one table follow each other; TABLE=FOLDER takes "
           "those below a folder, TABLE='DIR/*.csv' those that a name fits.\n\n"
           "A table of --tables has the columns and types that it has there, a table without has those that "
           "all its values fit: bool, long, real, datetime, dynamic, else string. Rows that can't be read "
           "and values that are none of their type are told with file and line; --verbose tells what was "
           "read, how much of it the query looked at, and how long that took.\n\n"
           "A result with render is drawn in a terminal: bars, or lines over time. Other formats: json "
           "(redoubt.kql-answer/1), csv, ndjson (a row a line), kusto (as the Kusto REST API answers). "
           "--timespan limits tables by TimeGenerated or Timestamp, as the Log Analytics API does, in "
           "addition to what the query says; without it a Sentinel rule of --file is asked about its "
           "queryPeriod before now. Ctrl-C stops a query.",
       .positionals = {{.name = "QUERY", .text = "the query; - reads it from stdin", .required = false}},
       .options = run_options(),
       .formats = answer_formats(),
       .run = run_kql_run}};
}

}  // namespace redoubt::cli

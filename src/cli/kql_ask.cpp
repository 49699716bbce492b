#include "cli/kql_ask.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ostream>

#include "cli/event_place.h"
#include "cli/kql_answer.h"
#include "cli/kql_problems.h"
#include "core/utf8.h"

namespace redoubt::cli {

namespace {

// Of the binder: no table has the name; --param gives what is no value of its type.
constexpr std::string_view kNoTable = "KQL0202";
constexpr std::string_view kWrongParameter = "KQL0243";
// Where the rows of a table that has none here would come from.
constexpr std::string_view kNoRows = "KQL0507";

void tell_where_tables_come_from(const QuerySession& session, const AskWords& words, Context& context) {
  if (session.asks_events())
    return context.note("redoubt logs tables lists the tables of events, redoubt logs load brings more");
  std::string names;
  for (const query::LoadedTable& one : session.loaded().tables)
    names += (names.empty() ? "" : ", ") + one.name;
  if (!names.empty()) return context.note(fmt::format("tables that were loaded: {}", names));
  context.note(
      fmt::format("no tables were loaded: {} TABLE=FILE gives the rows of one; and there are no "
                  "events in {} here: redoubt logs load brings some, --db names another place",
                  words.load, kDataHere));
}

/// Tells all that is wrong with a query at its places. Nothing: it has no errors.
/// `discoveries` are the columns that plugins gave before it failed: names may be wrong with them alone.
std::optional<Exit> tell_problems(const AskedQuery& asked, QuerySession& session,
                                  const kql::Discoveries& discoveries, const AskWords& words,
                                  Context& context) {
  const std::string& text = asked.query.query;
  kql::Environment environment = session.environment();
  environment.discoveries = &discoveries;
  if (!session.options().parameters.empty()) environment.parameters = &session.options().parameters;
  const kql::Analysis analysis = kql::analyze(text, environment);
  if (analysis.ok()) return std::nullopt;
  Exit exit = Exit::Unfinished;
  bool lacks_a_table = false;
  const report::TableStyle style{.width = context.style.width};
  const auto is_error = [](const kql::Problem& one) { return one.severity == Severity::Error; };
  for (const kql::SavedProblem& one : analysis.saved_problems)
    if (is_error(one.problem)) tell(shown(one, session.sources(), style), context);
  for (const kql::Problem& one : analysis.syntax.problems) {
    if (!is_error(one)) continue;
    tell(shown(one, asked.query, asked.sources, style), context);
    if (one.code == kWrongParameter) exit = Exit::Usage;
    lacks_a_table = lacks_a_table || one.code == kNoTable;
  }
  if (lacks_a_table) tell_where_tables_come_from(session, words, context);
  return exit;
}

/// The place of a warning in the file of the query.
Diagnostic warning_of(const kql::Problem& problem, const AskedQuery& asked) {
  return {problem.severity, std::string(problem.code), problem.message,
          asked.query.where(asked.sources, problem.offset), problem.hint};
}

/// The byte of a query that its line and column are of.
std::size_t offset_of(const Where& where, std::string_view query) {
  std::size_t line = 0;
  for (std::uint32_t number = 1; number < where.line; ++number)
    line = std::min(query.find('\n', line), query.size() - 1) + 1;
  return line + bytes_of(query.substr(line), where.column == 0 ? 0 : where.column - 1);
}

Error at_query(Error error, const AskedQuery& asked, const QuerySession& session, const AskWords& words) {
  if (error.code == "QRY0005" && error.hint.empty())
    error.hint = session.asks_events() ? "redoubt logs tables lists the tables of events"
                                       : fmt::format("{} TABLE=FILE gives the rows of a table", words.load);
  if (!error.where.file.empty()) return error;
  const bool has_place = error.where.line != 0;
  error.where = asked.query.where(asked.sources, offset_of(error.where, asked.query.query));
  if (!has_place) error.where.line = error.where.column = 0;
  return error;
}

}  // namespace

Result<Exit> ask(const AskedQuery& asked, QuerySession& session, Interrupt& interrupt, const AskWords& words,
                 Context& context) {
  kql::Discoveries discoveries;
  Result<query::Answer> answer = [&] {
    const Interrupt::Work work(interrupt);
    return session.answer(asked.query.query, work.token(), &discoveries);
  }();
  context.progress.clear();
  if (!answer) {
    if (const std::optional<Exit> exit = tell_problems(asked, session, discoveries, words, context))
      return *exit;
    return tl::unexpected(at_query(std::move(answer).error(), asked, session, words));
  }
  QueryAnswer run{std::move(*answer), session.loaded(), session.diagnostics()};
  for (const kql::Problem& problem : run.answer.warnings) {
    run.diagnostics.push_back(warning_of(problem, asked));
    if (problem.severity != Severity::Hint || context.verbose) context.tell(run.diagnostics.back());
  }
  const auto lacks_rows = [](const kql::Problem& one) { return one.code == kNoRows; };
  if (std::ranges::any_of(run.answer.warnings, lacks_rows))
    tell_where_tables_come_from(session, words, context);
  context.output.write(words.separator);
  write_answer(run, words.more_rows, context);
  if (context.verbose) tell_statistics(run, context);
  return Exit::Done;
}

}  // namespace redoubt::cli

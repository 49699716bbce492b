#include "cli/kql_check_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "core/text.h"
#include "doc/json.h"
#include "report/diagnostic_json.h"
#include "report/diagnostic_sarif.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

std::string details(const CheckedQuery& query) {
  std::string out;
  for (const CheckedTable& table : query.tables)
    out += fmt::format("  reads   {}{}{}\n", table.name, table.columns.empty() ? "" : ", naming ",
                       fmt::join(table.columns, ", "));
  if (!query.functions.empty()) out += fmt::format("  calls   {}\n", fmt::join(query.functions, ", "));
  if (!query.has_result) return out;
  std::vector<std::string> columns;
  columns.reserve(query.columns.size() + 1);
  for (const auto& [name, type] : query.columns)
    columns.push_back(fmt::format("{} {}", name, type));
  if (query.open) columns.emplace_back("... what the data has");
  return out + fmt::format("  result  {}\n", fmt::join(columns, ", "));
}

/// Of all diagnostics, by severity.
struct Totals {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t hints = 0;
};

Totals totals_of(const QueryCheck& check) {
  Totals out;
  check.each([&](const Diagnostic& one, const QueryProblem*) {
    ++(one.severity == Severity::Error     ? out.errors
       : one.severity == Severity::Warning ? out.warnings
                                           : out.hints);
  });
  return out;
}

std::string counts_text(const QueryCheck& check) {
  const Totals totals = totals_of(check);
  const kql::QueryFileCounts& counts = check.counts;
  std::string out = fmt::format("{} in {}: {}, {}, {}\n", counted(check.queries.size(), "query", "queries"),
                                counted(counts.files, "file"), counted(totals.errors, "error"),
                                counted(totals.warnings, "warning"), counted(totals.hints, "hint"));
  const std::pair<std::size_t, std::string_view> rest[] = {
      {counts.without, "without a query"},           {counts.other, "of kinds that hold no queries"},
      {counts.binary, "named as text, but none"},    {counts.too_large, "too large"},
      {counts.unreadable, "that could not be read"},
  };
  for (const auto& [count, what] : rest)
    if (count != 0) out += fmt::format("  {} {}\n", counted(count, "file"), what);
  if (counts.open_queries != 0)
    out += fmt::format("  {} with expressions in them, not judged\n",
                       counted(counts.open_queries, "query", "queries"));
  if (check.ignored != 0) out += fmt::format("  {} ignored\n", check.ignored);
  if (check.accepted != 0) out += fmt::format("  {} accepted by the baseline\n", check.accepted);
  return out;
}

void write_problem(doc::JsonWriter& json, const QueryProblem& problem) {
  const Diagnostic& one = problem.diagnostic;
  json.begin_object().key("code").text(one.code).key("severity").text(name_of(one.severity));
  json.key("message").text(one.message).key("file").text(one.where.file);
  json.key("line").integer(one.where.line).key("column").integer(one.where.column);
  json.key("endLine").integer(problem.end.line).key("endColumn").integer(problem.end.column);
  json.key("length").integer(problem.length);
  if (!one.hint.empty()) json.key("hint").text(one.hint);
  json.key("id").text(problem.id).end_object();
}

void write_problems(doc::JsonWriter& json, std::string_view key, const std::vector<QueryProblem>& problems) {
  json.key(key).begin_array();
  for (const QueryProblem& problem : problems)
    write_problem(json, problem);
  json.end_array();
}

void write_counts(doc::JsonWriter& json, const QueryCheck& check) {
  const Totals totals = totals_of(check);
  const kql::QueryFileCounts& counts = check.counts;
  const std::pair<std::string_view, std::size_t> numbers[] = {{"queries", check.queries.size()},
                                                              {"files", counts.files},
                                                              {"filesWithout", counts.without},
                                                              {"filesOfOtherKinds", counts.other},
                                                              {"filesBinary", counts.binary},
                                                              {"filesTooLarge", counts.too_large},
                                                              {"filesUnreadable", counts.unreadable},
                                                              {"openQueries", counts.open_queries},
                                                              {"errors", totals.errors},
                                                              {"warnings", totals.warnings},
                                                              {"hints", totals.hints},
                                                              {"ignored", check.ignored},
                                                              {"accepted", check.accepted}};
  json.key("counts").begin_object();
  for (const auto& [key, number] : numbers)
    json.key(key).integer(static_cast<std::int64_t>(number));
  json.end_object();
}

}  // namespace

void QueryCheck::each(const std::function<void(const Diagnostic&, const QueryProblem*)>& visit) const {
  for (const Diagnostic& one : diagnostics)
    visit(one, nullptr);
  for (const QueryProblem& problem : functions)
    visit(problem.diagnostic, &problem);
  for (const CheckedQuery& query : queries)
    for (const QueryProblem& problem : query.problems)
      visit(problem.diagnostic, &problem);
}

std::string to_text(const QueryCheck& check, const report::TableStyle&, bool verbose) {
  std::string out;
  const auto shown = [&](const Diagnostic& diagnostic) {
    return diagnostic.severity != Severity::Hint || verbose || check.queries.size() == 1;
  };
  for (const Diagnostic& diagnostic : check.diagnostics)
    if (shown(diagnostic)) out += report::printable_line(diagnostic.text()) + "\n";
  for (const QueryProblem& problem : check.functions)
    out += to_text(problem);
  for (const CheckedQuery& query : check.queries) {
    for (const QueryProblem& problem : query.problems)
      if (shown(problem.diagnostic)) out += to_text(problem);
    if (!verbose && check.queries.size() != 1) continue;
    const std::string title = query.name.empty() ? std::string() : fmt::format(" \"{}\"", query.name);
    out += report::printable_line(fmt::format("{}: {}{}{}", query.where.text(), kql::name_of(query.kind),
                                              title, query.ok ? "" : ", has errors")) +
           "\n";
    out += report::printable(details(query));
  }
  return out + counts_text(check);
}

std::string to_json(const QueryCheck& check) {
  doc::JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.kql-check/1");
  write_counts(json, check);
  json.key("queries").begin_array();
  for (const CheckedQuery& query : check.queries) {
    json.begin_object().key("file").text(query.where.file).key("line").integer(query.where.line);
    json.key("kind").text(kql::name_of(query.kind));
    if (!query.name.empty()) json.key("name").text(query.name);
    if (!query.id.empty()) json.key("id").text(query.id);
    json.key("ok").boolean(query.ok).key("tables").begin_array();
    for (const CheckedTable& table : query.tables) {
      json.begin_object().key("name").text(table.name).key("columns").begin_array();
      for (const std::string& column : table.columns)
        json.text(column);
      json.end_array().end_object();
    }
    json.end_array();
    if (!query.functions.empty()) {
      json.key("functions").begin_array();
      for (const std::string& function : query.functions)
        json.text(function);
      json.end_array();
    }
    if (query.has_result) {
      json.key("columns").begin_array();
      for (const auto& [name, type] : query.columns)
        json.begin_array().text(name).text(type).end_array();
      json.end_array().key("open").boolean(query.open);
    }
    write_problems(json, "diagnostics", query.problems);
    json.end_object();
  }
  json.end_array();
  if (!check.functions.empty()) write_problems(json, "inFunctions", check.functions);
  json.key("diagnostics").begin_array();
  for (const Diagnostic& diagnostic : check.diagnostics)
    report::write_json(json, diagnostic);
  json.end_array().end_object();
  return json.take() + "\n";
}

std::string to_sarif(const QueryCheck& check) {
  std::vector<Diagnostic> all;
  std::vector<const QueryProblem*> problems;
  check.each([&](const Diagnostic& one, const QueryProblem* problem) {
    all.push_back(one);
    problems.push_back(problem);
  });
  report::SarifRun run = report::to_sarif_run(all);
  for (std::size_t i = 0; i < problems.size(); ++i) {
    if (problems[i] == nullptr) continue;
    report::SarifLocation& location = run.results[i].locations.front();
    location.end_line = problems[i]->end.line;
    location.end_column = problems[i]->end.column;
  }
  run.base_directory = std::filesystem::current_path().string();
  return report::to_sarif(run) + "\n";
}

}  // namespace redoubt::cli

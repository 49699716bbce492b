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
    out += fmt::format("  reads   {}{}{}\n", table.name, table.columns.empty() ? "" : ": ",
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

std::string counts_text(const QueryCheck& check) {
  std::size_t faulty = 0;
  std::size_t warned = 0;
  std::size_t hinted = 0;
  for (const CheckedQuery& query : check.queries) {
    const auto has = [&](Severity severity) {
      return std::any_of(query.problems.begin(), query.problems.end(), [&](const QueryProblem& problem) {
        return problem.diagnostic.severity == severity;
      });
    };
    faulty += has(Severity::Error) ? 1U : 0U;
    warned += has(Severity::Warning) ? 1U : 0U;
    hinted += has(Severity::Hint) ? 1U : 0U;
  }
  const kql::QueryFileCounts& counts = check.counts;
  std::string out = fmt::format("{} in {}: {} with errors, {} with warnings, {} with hints\n",
                                counted(check.queries.size(), "query", "queries"),
                                counted(counts.files, "file"), faulty, warned, hinted);
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
  return out;
}

}  // namespace

std::string to_text(const QueryCheck& check, const report::TableStyle&, bool verbose) {
  std::string out;
  const auto shown = [&](const Diagnostic& diagnostic) {
    return diagnostic.severity != Severity::Hint || verbose || check.queries.size() == 1;
  };
  for (const Diagnostic& diagnostic : check.diagnostics)
    if (shown(diagnostic)) out += report::printable(diagnostic.text()) + "\n";
  for (const QueryProblem& problem : check.functions)
    out += to_text(problem);
  for (const CheckedQuery& query : check.queries) {
    for (const QueryProblem& problem : query.problems)
      if (shown(problem.diagnostic)) out += to_text(problem);
    if (!verbose && check.queries.size() != 1) continue;
    const std::string title = query.name.empty() ? std::string() : fmt::format(" \"{}\"", query.name);
    out += report::printable(fmt::format("{}: {}{}{}\n", query.where.text(), kql::name_of(query.kind), title,
                                         query.ok ? "" : ", has errors"));
    out += report::printable(details(query));
  }
  return out + counts_text(check);
}

std::string to_json(const QueryCheck& check) {
  doc::JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.kql-check/1").key("counts").begin_object();
  const auto number = [&](std::string_view key, std::size_t value) {
    json.key(key).integer(static_cast<std::int64_t>(value));
  };
  number("queries", check.queries.size());
  number("files", check.counts.files);
  number("filesWithout", check.counts.without);
  number("filesOfOtherKinds", check.counts.other);
  number("filesBinary", check.counts.binary);
  number("filesTooLarge", check.counts.too_large);
  number("filesUnreadable", check.counts.unreadable);
  number("openQueries", check.counts.open_queries);
  json.end_object().key("queries").begin_array();
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
    json.key("diagnostics").begin_array();
    for (const QueryProblem& problem : query.problems)
      report::write_json(json, problem.diagnostic);
    json.end_array().end_object();
  }
  json.end_array();
  if (!check.functions.empty()) {
    json.key("inFunctions").begin_array();
    for (const QueryProblem& problem : check.functions)
      report::write_json(json, problem.diagnostic);
    json.end_array();
  }
  json.key("diagnostics").begin_array();
  for (const Diagnostic& diagnostic : check.diagnostics)
    report::write_json(json, diagnostic);
  json.end_array().end_object();
  return json.take() + "\n";
}

std::string to_sarif(const QueryCheck& check) {
  std::vector<Diagnostic> all = check.diagnostics;
  for (const QueryProblem& problem : check.functions)
    all.push_back(problem.diagnostic);
  for (const CheckedQuery& query : check.queries)
    for (const QueryProblem& problem : query.problems)
      all.push_back(problem.diagnostic);
  report::SarifRun run = report::to_sarif_run(all);
  run.base_directory = std::filesystem::current_path().string();
  return report::to_sarif(run) + "\n";
}

}  // namespace redoubt::cli

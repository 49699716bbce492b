#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/text.h"
#include "kql/advice.h"
#include "kql/analysis.h"
#include "query_case.h"
#include "testing/cases.h"

namespace redoubt::kql {
namespace {

// Hints are told where a line `advice` stands. Of each query the results, the tables and columns it reads,
// and the problems are told.

std::string columns_text(const Relation& rows) {
  std::string out;
  for (const Column* column : rows.columns)
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", column->name, type_name(column->type));
  if (rows.open) out += out.empty() ? "*" : ", *";
  return "(" + out + ")";
}

std::string result_text(const Expression& result) {
  std::string out;
  switch (result.kind) {
    case ExpressionKind::Table:
      return columns_text(*result.relation()) + "\n";
    case ExpressionKind::Tables:
      for (const Relation* one : result.relations)
        out += fmt::format("{}{}\n", one->op == NodeKind::Name ? "" : one->name, columns_text(*one));
      return out.empty() ? "no table\n" : out;
    case ExpressionKind::Graph:
      for (const Relation* one : result.relations)
        out += (out.empty() ? "edges " : "nodes ") + columns_text(*one) + "\n";
      return out;
    case ExpressionKind::Error:
      return "no result\n";
    default:
      return result.is_scalar() ? fmt::format("{}\n", type_name(result.type)) : "no result\n";
  }
}

std::string uses_text(const Analysis& analysis) {
  std::string out;
  for (const TableUse& use : analysis.table_uses()) {
    out += out.empty() ? "reads " : ", ";
    out += use.table;
    if (!use.columns.empty()) out += "(" + join(use.columns, ", ") + ")";
  }
  return out.empty() ? "" : out + "\n";
}

std::string problem_text(const Problem& problem, std::string_view query) {
  const std::string_view before = query.substr(0, problem.offset);
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  const std::string_view severity = problem.severity == Severity::Error     ? ""
                                    : problem.severity == Severity::Warning ? "warning "
                                                                            : "hint ";
  std::string out =
      fmt::format("{}:{} {}{} `{}` {}\n", line, column, severity, problem.code,
                  replace_all(query.substr(problem.offset, problem.size), "\n", " "), problem.message);
  if (!problem.hint.empty()) out += fmt::format("    {}\n", problem.hint);
  return out;
}

/// In the text of a function.
std::string problem_text(const SavedProblem& found, const doc::Sources& sources) {
  const Problem& problem = found.problem;
  return fmt::format("in {} {} {} {}\n", found.function->where(sources, found.part, problem.offset).text(),
                     name_of(problem.severity), problem.code, problem.message);
}

std::string render_query(std::string_view query, const CaseContent& content, bool advice) {
  const Analysis analysis = analyze(query, content.view());
  std::string out;
  for (const Expression* result : analysis.results)
    out += result_text(*result);
  out += uses_text(analysis);
  for (const SavedFunction* function : analysis.functions)
    out += fmt::format("calls {}\n", function->name());
  for (const SavedProblem& problem : analysis.saved_problems)
    out += problem_text(problem, content.sources);
  for (const Problem& problem : analysis.syntax.problems)
    out += problem_text(problem, query);
  if (advice)
    for (const Problem& problem : advise(analysis))
      out += problem_text(problem, query);
  return out;
}

std::string render(std::string_view input) {
  return render_query_case(input, [](std::string_view query, const CaseContent& content, const auto& said) {
    return render_query(query, content, said("advice"));
  });
}

[[maybe_unused]] const bool registered =
    testing::register_cases("KqlBinder", "tests/kql/cases/binder", render);

}  // namespace
}  // namespace redoubt::kql

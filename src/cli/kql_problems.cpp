#include "cli/kql_problems.h"

#include <algorithm>

#include "report/excerpt.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

QueryProblem shown_at(const kql::Problem& problem, Where where, std::size_t from, std::size_t to,
                      const std::string& text, const report::TableStyle& style) {
  std::string excerpt = report::excerpt(text, from, to - from, where.line, style);
  return {{problem.severity, std::string(problem.code), problem.message, std::move(where), problem.hint},
          std::move(excerpt)};
}

}  // namespace

QueryProblem shown(const kql::Problem& problem, const kql::FoundQuery& query, const doc::Sources& sources,
                   const report::TableStyle& style) {
  const std::size_t from = query.place(problem.offset).offset;
  const std::size_t to = query.place(problem.offset + problem.size).offset;
  return shown_at(problem, query.where(sources, problem.offset), from, to, sources.text(query.file), style);
}

QueryProblem shown(const kql::SavedProblem& problem, const doc::Sources& sources,
                   const report::TableStyle& style) {
  const kql::SavedFunction& function = *problem.function;
  const std::size_t offset = problem.problem.offset;
  const std::size_t from = function.place(problem.part, offset).offset;
  const std::size_t to = function.place(problem.part, offset + problem.problem.size).offset;
  return shown_at(problem.problem, function.where(sources, problem.part, offset), from, std::max(from, to),
                  sources.text(function.query().file), style);
}

std::string to_text(const QueryProblem& problem) {
  return report::printable(problem.diagnostic.text()) + "\n" + problem.excerpt;
}

}  // namespace redoubt::cli

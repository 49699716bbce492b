#include "cli/kql_problems.h"

#include <algorithm>
#include <ostream>

#include "core/utf8.h"
#include "report/excerpt.h"
#include "report/terminal_text.h"

namespace redoubt::cli {

namespace {

/// The bytes of the file that it is about.
struct Span {
  std::size_t from = 0;
  std::size_t to = 0;
};

std::uint32_t length_of(std::string_view text, std::size_t from, std::size_t to) {
  return static_cast<std::uint32_t>(count_characters(text.substr(from, to - from)));
}

QueryProblem shown_at(const kql::Problem& problem, Where where, Where end, Span span, const std::string& text,
                      const report::TableStyle& style) {
  std::string excerpt = report::excerpt(text, span.from, span.to - span.from, where.line, style);
  return {{problem.severity, std::string(problem.code), problem.message, std::move(where), problem.hint},
          std::move(excerpt),
          length_of(text, span.from, span.to),
          std::move(end),
          {}};
}

}  // namespace

QueryProblem shown(const kql::Problem& problem, const kql::FoundQuery& query, const doc::Sources& sources,
                   const report::TableStyle& style) {
  const std::size_t from = query.place(problem.offset).offset;
  const std::size_t to = query.place(problem.offset + problem.size).offset;
  return shown_at(problem, query.where(sources, problem.offset),
                  query.where(sources, problem.offset + problem.size), {from, to}, sources.text(query.file),
                  style);
}

QueryProblem shown(const kql::SavedProblem& problem, const doc::Sources& sources,
                   const report::TableStyle& style) {
  const kql::SavedFunction& function = *problem.function;
  const std::size_t offset = problem.problem.offset;
  const std::size_t from = function.place(problem.part, offset).offset;
  const std::size_t to = function.place(problem.part, offset + problem.problem.size).offset;
  return shown_at(problem.problem, function.where(sources, problem.part, offset),
                  function.where(sources, problem.part, offset + problem.problem.size),
                  {from, std::max(from, to)}, sources.text(function.query().file), style);
}

QueryProblem shown(const kql::TakenColumn& column, Diagnostic diagnostic, const kql::FoundQuery& query,
                   const doc::Sources& sources, const report::TableStyle& style) {
  diagnostic.where = sources.where({query.file, column.begin});
  std::string excerpt = report::excerpt(sources.text(query.file), column.begin, column.end - column.begin,
                                        diagnostic.where.line, style);
  return {std::move(diagnostic),
          std::move(excerpt),
          length_of(sources.text(query.file), column.begin, column.end),
          sources.where({query.file, column.end}),
          {}};
}

void tell(const QueryProblem& problem, Context& context) {
  context.tell(problem.diagnostic);
  context.console.err << problem.excerpt;
}

void tell_errors(const kql::Analysis& analysis, const kql::FoundQuery& query, const doc::Sources& sources,
                 Context& context) {
  const report::TableStyle style{.width = context.style.width};
  for (const kql::SavedProblem& one : analysis.saved_problems)
    if (one.problem.severity == Severity::Error) tell(shown(one, sources, style), context);
  for (const kql::Problem& one : analysis.syntax.problems)
    if (one.severity == Severity::Error) tell(shown(one, query, sources, style), context);
}

std::string to_text(const QueryProblem& problem) {
  return report::printable_line(problem.diagnostic.text()) + "\n" + problem.excerpt;
}

}  // namespace redoubt::cli

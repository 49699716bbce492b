#include <fmt/format.h>

#include <string>

#include "core/arena.h"
#include "doc/json.h"
#include "kql/lexer.h"
#include "kql/parser.h"
#include "kql/tree_rules.h"
#include "testing/cases.h"

namespace redoubt::kql {
namespace {

constexpr std::string_view kTokenNames[] = {
    "End",         "Bad",           "Directive",   "Identifier",     "StringLiteral",   "BoolLiteral",
    "IntLiteral",  "LongLiteral",   "RealLiteral", "DecimalLiteral", "DateTimeLiteral", "TimespanLiteral",
    "GuidLiteral", "RawGuidLiteral"};

std::string_view token_name(TokenKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  if (number < std::size(kTokenNames)) return kTokenNames[number];
  return is_keyword(kind) ? "Keyword" : "Mark";
}

std::string on_one_line(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else
      out += c;
  return out;
}

/// A token a line: its offset, kind and text.
std::string render_tokens(std::string_view text) {
  std::string out;
  for (const Token& token : tokenize(text))
    out += fmt::format("{} {}{}{}{}\n", token.offset, token_name(token.kind), token.size == 0 ? "" : " ",
                       on_one_line(text.substr(token.offset, token.size)),
                       token.unfinished ? "  (unfinished)" : "");
  return out;
}

std::string render_problem(const Problem& problem) {
  return fmt::format("{}{} {}{} {}{}{}\n", problem.code, problem.severity == Severity::Hint ? " hint" : "",
                     problem.offset, problem.size == 0 ? "" : fmt::format("+{}", problem.size),
                     on_one_line(problem.message), problem.hint.empty() ? "" : " -- ",
                     on_one_line(problem.hint));
}

std::string problems_of(const Syntax& syntax, const ParseLimits& limits) {
  std::string out;
  for (const Problem& problem : syntax.problems)
    out += render_problem(problem);
  const std::string broken = broken_rule(syntax, limits.max_problems);
  return broken.empty() ? out : out + "BROKEN: " + broken + "\n";
}

/// The tree, and then what is wrong.
std::string render_tree(std::string_view text) {
  const Syntax syntax = parse(text);
  return to_text(syntax) + problems_of(syntax, {});
}

/// What is wrong with each line, taken as a query.
std::string render_problems(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string problems = problems_of(parse(line), {});
    out += fmt::format("{}\n", line);
    out += problems.empty() ? "  ok\n" : "";
    for (std::size_t at = 0; at < problems.size();) {
      const std::size_t next = problems.find('\n', at) + 1;
      out += "  " + problems.substr(at, next - at);
      at = next;
    }
  }
  return out;
}

/// Under limits that small queries reach.
std::string render_limits(std::string_view text) {
  const ParseLimits limits{.max_bytes = 100, .max_depth = 5, .max_problems = 3};
  return problems_of(parse(text, limits), limits);
}

/// Where the official parser, as it is written in the line, judges differently on purpose.
std::string run_difference(std::string_view line) {
  Arena arena;
  const doc::Value row = doc::parse_json(arena, line).value();
  const std::string_view ours = parse(*row.text_of("query")).has_errors() ? "refused" : "accepted";
  if (ours == *row.text_of("theirs")) return "no difference any more";
  return ours == *row.text_of("ours") ? "" : fmt::format("{}", ours);
}

using testing::register_cases;
[[maybe_unused]] const bool registered =
    register_cases("KqlLexer", "tests/kql/cases/lexer", render_tokens) &&
    register_cases("KqlParser", "tests/kql/cases/parser", render_tree) &&
    register_cases("KqlProblems", "tests/kql/cases/problems", render_problems) &&
    register_cases("KqlLimits", "tests/kql/cases/limits", render_limits) &&
    testing::register_json_cases("KqlDifferences", "tests/kql/cases/oracle", run_difference);

}  // namespace
}  // namespace redoubt::kql

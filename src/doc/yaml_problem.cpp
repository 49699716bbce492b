#include <fmt/format.h>

#include <array>

#include "doc/detail/yaml_problem.h"

namespace redoubt::doc::detail {

namespace {

struct Hint {
  std::string_view problem;
  std::string_view hint;
};

constexpr std::array kHints = {
    Hint{"did not find expected key",
         "is the line indented as its neighbours? a text that holds quotes, : or # needs quotes"},
    Hint{"could not find expected ':'",
         "is there a : behind the key, and is the text above it closed or indented?"},
    Hint{"mapping values are not allowed in this context",
         "a text that holds ': ' needs quotes; a key must stand under the first of its mapping"},
    Hint{"did not find expected '-' indicator", "items of a list begin with - in the same column"},
    Hint{"block sequence entries are not allowed in this context", "a list begins on a line of its own"},
    Hint{"found unexpected end of stream", "a quote is never closed"},
    Hint{"did not find expected ',' or ']'", "a bracket is never closed, or a comma is missing"},
    Hint{"did not find expected ',' or '}'", "a brace is never closed, or a comma is missing"},
    Hint{"found a tab character that violates indentation", "indent with spaces, not tabs"},
    Hint{"found a tab character where an indentation space is expected", "indent with spaces, not tabs"},
    Hint{"found unknown escape character", "write \\\\ for a backslash, or use single quotes"},
    Hint{"found undefined tag handle", "a text that begins with ! needs quotes"},
    Hint{"did not find expected <document start>",
         "is the line indented as its neighbours? further documents begin with ---"},
    Hint{"control characters are not allowed",
         "is this a text file? double quotes hold such a character as \\x07"},
    Hint{"did not find expected alphabetic or numeric character",
         "a text that begins with * or & needs quotes"},
};

std::string_view hint_for(const YamlProblem& problem) {
  if (problem.problem == "found character that cannot start any token")
    return problem.next == '\t' ? "indent with spaces, not tabs"
                                : "a text that begins with @, ` or % needs quotes";
  for (const Hint& hint : kHints)
    if (hint.problem == problem.problem) return hint.hint;
  return {};
}

}  // namespace

Error yaml_error(const YamlProblem& problem, Where where) {
  std::string message = fmt::format("not YAML: {}", problem.problem);
  if (!problem.context.empty() && problem.context != "while scanning for the next token") {
    message += fmt::format(" {}", problem.context);
    if (problem.context_line != 0 && problem.context_line != where.line)
      message += fmt::format(" that begins in line {}", problem.context_line);
  }
  return {Error::Kind::InvalidInput, "DOC0201", std::move(message), std::move(where),
          std::string(hint_for(problem))};
}

}  // namespace redoubt::doc::detail

#include "kql/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "kql/detail/characters.h"
#include "kql/detail/flat_layout.h"
#include "kql/detail/format_printer.h"
#include "kql/management_command.h"

namespace redoubt::kql {

namespace {

Where where(std::string_view text, std::size_t offset) {
  Where out{{}, 1, 1, {}};
  for (std::size_t at = 0; at < std::min(offset, text.size());) {
    const std::size_t line_break = detail::line_break_size(text, at);
    out.line += line_break != 0 ? 1 : 0;
    out.column = line_break != 0 ? 1 : out.column + 1;
    at += std::max<std::size_t>(line_break, 1);
  }
  return out;
}

bool same_tokens(const Syntax& left, const Syntax& right) {
  return std::equal(left.tokens.begin(), left.tokens.end(), right.tokens.begin(), right.tokens.end(),
                    [&](const Token& a, const Token& b) {
                      return a.kind == b.kind && left.text_of(a) == right.text_of(b);
                    });
}

/// Nodes count tokens, so that blanks make no difference.
bool same_trees(const Node* left_root, const Node* right_root) {
  std::vector<std::pair<const Node*, const Node*>> open{{left_root, right_root}};
  while (!open.empty()) {
    const auto [left, right] = open.back();
    open.pop_back();
    if (left == nullptr || right == nullptr) {
      if (left != right) return false;
      continue;
    }
    if (left->kind != right->kind || left->begin != right->begin || left->end != right->end ||
        left->token != right->token || left->children.size() != right->children.size())
      return false;
    for (std::size_t i = 0; i < left->children.size(); ++i)
      open.emplace_back(left->children[i], right->children[i]);
  }
  return true;
}

/// Why a text is not formatted.
Result<void> check(const Syntax& syntax) {
  for (const Problem& problem : syntax.problems)
    if (problem.severity == Severity::Error)
      return fail(Error::Kind::InvalidInput, "KQL0301",
                  fmt::format("a query with an error is not formatted: {} {}", problem.code, problem.message),
                  where(syntax.text, problem.offset), problem.hint);
  // Blanks mean something in them: create-or-alter is one word.
  return check_no_command(syntax, "is not formatted", "give the query that is in it a file of its own");
}

}  // namespace

Result<std::string> format(std::string_view query, const FormatOptions& options) {
  const Syntax syntax = parse(query, options.limits);
  RD_TRY(check(syntax));
  const detail::FlatLayout layout(syntax);
  std::string out = detail::FormatPrinter(syntax, layout, options).run();
  ParseLimits limits = options.limits;
  limits.max_bytes = std::max(limits.max_bytes, out.size());
  const Syntax again = parse(out, limits);
  if (!same_tokens(syntax, again) || !same_trees(syntax.root, again.root))
    return fail(Error::Kind::Unsupported, "KQL0302", "formatting would change what this query says");
  return out;
}

}  // namespace redoubt::kql

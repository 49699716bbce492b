#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "kql/syntax.h"

/// What holds for the syntax of any text, however broken it is. Used by tests and by the fuzz target.
namespace redoubt::kql {

/// Empty, or why the tokens and what leads them are not the text.
inline std::string broken_tokens(const Syntax& syntax) {
  std::size_t at = 0;
  for (const Token& token : syntax.tokens) {
    if (at + token.leading != token.offset)
      return fmt::format("a token at {}, after {} and {} bytes of blanks", token.offset, at, token.leading);
    if (token.size == 0 && token.kind != TokenKind::End) return fmt::format("an empty token at {}", at);
    at = token.end();
  }
  if (syntax.tokens.empty() || syntax.tokens.back().kind != TokenKind::End) return "no end";
  const auto ends = std::ranges::count(syntax.tokens, TokenKind::End, &Token::kind);
  if (ends != 1) return fmt::format("{} ends", ends);
  return at == syntax.text.size() ? "" : fmt::format("{} bytes of {}", at, syntax.text.size());
}

/// Empty, or where the spans of nodes do not lie in each other and in order.
inline std::string broken_tree(const Syntax& syntax) {
  std::vector<const Node*> open{syntax.root};
  while (!open.empty()) {
    const Node& node = *open.back();
    open.pop_back();
    const auto wrong = [&](std::string_view what, std::uint32_t at) {
      return fmt::format("{} of tokens {} to {}: {} at {}", node_name(node.kind), node.begin, node.end, what,
                         at);
    };
    if (node.begin > node.end || node.end >= syntax.tokens.size()) return wrong("ends", node.end);
    std::uint32_t last = node.begin;
    for (const Node* const child : node.children) {
      if (child == nullptr) continue;
      // `(*, a: long)`: the star is the second child wherever it stands.
      if (child->begin < last && node.kind != NodeKind::RowSchema)
        return wrong("a child begins too early", child->begin);
      if (child->end > node.end) return wrong("a child ends too late", child->end);
      last = child->end;
      open.push_back(child);
    }
  }
  return "";
}

/// Empty, or what is wrong with the problems: their places, order, or number.
inline std::string broken_problems(const Syntax& syntax, std::size_t max_problems) {
  if (syntax.problems.size() > max_problems) return fmt::format("{} problems", syntax.problems.size());
  std::size_t last = 0;
  for (const Problem& problem : syntax.problems) {
    if (problem.offset < last) return fmt::format("{} out of order at {}", problem.code, problem.offset);
    if (std::size_t{problem.offset} + problem.size > syntax.text.size())
      return fmt::format("{} behind the text at {}", problem.code, problem.offset);
    if (problem.message.empty()) return fmt::format("{} without a message", problem.code);
    last = problem.offset;
  }
  return "";
}

inline std::string broken_rule(const Syntax& syntax, std::size_t max_problems) {
  for (std::string why : {broken_tokens(syntax), broken_tree(syntax), broken_problems(syntax, max_problems)})
    if (!why.empty()) return why;
  return "";
}

}  // namespace redoubt::kql

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

/// Children that may be missing, as the list of kinds in syntax.h has them; bit by number.
inline bool may_be_missing(NodeKind kind, std::size_t number) {
  struct Row {
    NodeKind kind;
    unsigned children;
  };
  static constexpr unsigned kAll = ~0U;
  static constexpr Row kRows[] = {
      {NodeKind::Clause, kAll},
      {NodeKind::Ordered, 0b10},
      {NodeKind::ExternalData, 0b1000},
      {NodeKind::InlineExternalTable, 0b11111110},
      {NodeKind::ToScalar, 0b1},
      {NodeKind::ToTable, 0b1},
      {NodeKind::RowSchema, 0b10},
      {NodeKind::FunctionParameter, 0b10},
      {NodeKind::FunctionBody, 0b10},
      {NodeKind::SetOption, 0b10},
      {NodeKind::PatternStatement, 0b10},
      {NodeKind::PatternDeclaration, 0b10},
      {NodeKind::PatternMatch, 0b10},
      {NodeKind::Restrict, 0b10},
      {NodeKind::QueryBlock, 0b100},
      {NodeKind::Count, 0b1},
      {NodeKind::Evaluate, 0b100},
      {NodeKind::Facet, 0b10},
      {NodeKind::Find, 0b110101},
      {NodeKind::ForkBranch, 0b1},
      {NodeKind::GetSchema, 0b1},
      {NodeKind::GraphMatch, 0b1100},
      {NodeKind::GraphNode, 0b1},
      {NodeKind::GraphEdge, 0b111},
      {NodeKind::GraphOutput, 0b1},
      {NodeKind::GraphShortestPaths, 0b1100},
      {NodeKind::Join, 0b100},
      {NodeKind::MacroExpand, 0b100},
      {NodeKind::MakeGraph, 0b11000},
      {NodeKind::MakeSeries, 0b11111000},
      {NodeKind::MakeSeriesItem, 0b10},
      {NodeKind::MvApply, 0b1100},
      {NodeKind::MvExpand, 0b100},
      {NodeKind::MvItem, 0b11},
      {NodeKind::ParseKv, 0b100},
      {NodeKind::Partition, 0b100},
      {NodeKind::PartitionBy, 0b100},
      {NodeKind::Reduce, 0b100},
      {NodeKind::Render, 0b10},
      {NodeKind::Scan, 0b1110},
      {NodeKind::ScanStep, 0b100},
      {NodeKind::Search, 0b110},
      {NodeKind::Summarize, 0b1100},
      {NodeKind::TopHitters, 0b100},
      {NodeKind::TopNestedLevel, 0b101},
  };
  for (const Row& row : kRows)
    if (row.kind == kind) return (row.children >> std::min<std::size_t>(number, 31U) & 1U) != 0;
  return false;
}

/// Empty, or where the spans of nodes do not lie in each other and in order, or lack a child.
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
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const Node* const child = node.children[i];
      if (child == nullptr && !may_be_missing(node.kind, i))
        return wrong("nothing stands as child", static_cast<std::uint32_t>(i));
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

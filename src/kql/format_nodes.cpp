#include <algorithm>

#include "kql/detail/format_printer.h"

namespace redoubt::kql::detail {

namespace {

bool is_chain(const Node& node) {
  switch (node.kind) {
    case NodeKind::And:
    case NodeKind::Or:
    case NodeKind::Additive:
    case NodeKind::Multiplicative:
      return true;
    default:
      return false;
  }
}

TokenKind closing(TokenKind open) {
  switch (open) {
    case TokenKind::OpenParen:
      return TokenKind::CloseParen;
    case TokenKind::OpenBracket:
      return TokenKind::CloseBracket;
    case TokenKind::OpenBrace:
      return TokenKind::CloseBrace;
    default:
      return TokenKind::End;
  }
}

}  // namespace

void FormatPrinter::print(const Node* node, std::size_t indent) {
  if (node == nullptr || node->begin == node->end) return;
  write_until(node->begin);
  if (!fits(*node)) print_broken(*node, indent);
}

void FormatPrinter::print_broken(const Node& node, std::size_t indent) {
  struct Row {
    NodeKind kind;
    void (FormatPrinter::*print)(const Node&, std::size_t);
  };
  static constexpr Row kRows[] = {{NodeKind::Binary, &FormatPrinter::print_binary},
                                  {NodeKind::List, &FormatPrinter::print_list},
                                  {NodeKind::Let, &FormatPrinter::print_let},
                                  {NodeKind::FunctionBody, &FormatPrinter::print_function_body},
                                  {NodeKind::Call, &FormatPrinter::print_call},
                                  {NodeKind::DataTable, &FormatPrinter::print_data_table},
                                  {NodeKind::Summarize, &FormatPrinter::print_summarize},
                                  {NodeKind::Join, &FormatPrinter::print_join},
                                  {NodeKind::Lookup, &FormatPrinter::print_join},
                                  {NodeKind::MakeSeries, &FormatPrinter::print_make_series},
                                  {NodeKind::Parse, &FormatPrinter::print_parse},
                                  {NodeKind::ParseWhere, &FormatPrinter::print_parse},
                                  {NodeKind::Fork, &FormatPrinter::print_fork},
                                  {NodeKind::TopNested, &FormatPrinter::print_fork},
                                  {NodeKind::Scan, &FormatPrinter::print_scan},
                                  {NodeKind::GraphMatch, &FormatPrinter::print_graph_match},
                                  {NodeKind::GraphShortestPaths, &FormatPrinter::print_graph_match},
                                  {NodeKind::MacroExpand, &FormatPrinter::print_macro_expand},
                                  {NodeKind::PatternDeclaration, &FormatPrinter::print_pattern}};
  for (const Row& row : kRows)
    if (row.kind == node.kind) return (this->*row.print)(node, indent);
  print_form(node, indent);
}

/// Kinds that only have brackets, signs or bars.
void FormatPrinter::print_form(const Node& node, std::size_t indent) {
  if (is_chain(node)) return print_chain(node, indent + step_);
  switch (node.kind) {
    case NodeKind::Pipe:
      return print_pipe(node, indent, indent);
    case NodeKind::ArgumentList:
    case NodeKind::JsonArray:
    case NodeKind::JsonObject:
    case NodeKind::TypeOf:
    case NodeKind::SchemaType:
    case NodeKind::EntityGroup:
      return print_bracket_list(node.children, node.end - 1, indent);
    case NodeKind::Element:
      return print(node.child(0), indent);
    case NodeKind::GraphPattern:
      return;
    default:
      print_children(node, indent);
  }
}

void FormatPrinter::print_children(const Node& node, std::size_t indent, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < std::min(to, node.children.size()); ++i) {
    const Node* const child = node.child(i);
    if (child == nullptr || child->begin == child->end) continue;
    if (child->begin > node.begin && is_bracketed(*child))
      print_bracketed(*child, indent);
    else
      print(child, indent);
  }
}

void FormatPrinter::print_alone(const Node& node, std::size_t indent) {
  write_until(node.begin);
  if (fits(node)) return;
  if (is_chain(node))
    print_chain(node, indent);
  else
    print_broken(node, indent);
}

void FormatPrinter::print_pipe(const Node& node, std::size_t source_indent, std::size_t indent) {
  print(node.child(0), source_indent);
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    break_before(node[i].begin - 1, indent);
    print(node.child(i), indent);
  }
}

/// Lines begin with the operators; those of a chain in a chain (`a and b or c`) stand deeper. Brackets of the
/// first operand close where those of the others do.
void FormatPrinter::print_chain(const Node& node, std::size_t operator_indent) {
  const Node& first = node[0];
  if (!is_chain(first))
    print(&first, operator_indent);
  else if (write_until(first.begin); !fits(first))
    print_chain(first, operator_indent + step_);
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    break_before(node[i].begin - 1, operator_indent);
    print(node.child(i), operator_indent);
  }
}

/// The right side moves to the next line, with the operator, where that is all it needs.
void FormatPrinter::print_binary(const Node& node, std::size_t indent) {
  print(node.child(0), indent);
  write_until(node.token);
  const Node& right = node[1];
  const bool fits_below = !layout_.breaks_inside(node.token, right.end) &&
                          indent + step_ + layout_.width(node.token, right.end) <= width_;
  if (fits_below && !layout_.glued(node.token) && !fits(node.token, right.end))
    break_before(node.token, indent + step_);
  print(&right, indent);
}

/// A list without brackets, behind a keyword.
void FormatPrinter::print_list(const Node& list, std::size_t indent) {
  if (list.children.size() == 1) return print(list.child(0), indent);
  print_items(list.children, indent + step_);
}

/// Each on a line. Behind a comma that has to begin its line, the element goes on.
void FormatPrinter::print_items(std::span<Node* const> items, std::size_t indent, std::size_t per_row) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint32_t begin = items[i]->begin;
    const bool comma = i != 0 && kind(begin - 1) == TokenKind::Comma;
    if (comma && layout_.has_comments(begin - 1))
      break_before(begin - 1, indent);
    else if (i % per_row == 0 || layout_.has_comments(begin))
      break_before(begin, indent);
    print(items[i], indent);
  }
}

bool FormatPrinter::is_bracketed(const Node& child) const {
  const TokenKind close = closing(kind(child.begin - 1));
  return close != TokenKind::End && kind(child.end) == close;
}

/// What stands between two brackets of its parent. A bracket that has to begin its line is not indented.
void FormatPrinter::print_bracketed(const Node& child, std::size_t indent, std::size_t per_row) {
  const std::uint32_t open = child.begin - 1;
  write_until(open);
  if (fits(open, child.end + 1)) return;
  if (layout_.has_comments(open)) break_before(open, indent);
  if (child.kind != NodeKind::List)
    print_enclosed(child, indent);
  else
    print_bracket_list(child.children, child.end, indent, per_row);
}

/// Brackets in brackets open and close together.
bool FormatPrinter::hugs(const Node& node) const {
  if (layout_.has_comments(node.begin) || layout_.has_comments(node.end)) return false;
  switch (node.kind) {
    case NodeKind::Parenthesized:
    case NodeKind::Dynamic:
    case NodeKind::JsonArray:
    case NodeKind::JsonObject:
    case NodeKind::TypeOf:
    case NodeKind::Call:
    case NodeKind::ToScalar:
    case NodeKind::ToTable:
    case NodeKind::Materialize:
    case NodeKind::DataTable:
    case NodeKind::ExternalData:
      return true;
    default:
      return false;
  }
}

void FormatPrinter::print_enclosed(const Node& node, std::size_t indent) {
  if (hugs(node)) return print(&node, indent);
  break_before(node.begin, indent + step_);
  print_alone(node, indent + step_);
  break_before(node.end, indent);
}

void FormatPrinter::print_bracket_list(std::span<Node* const> items, std::uint32_t close, std::size_t indent,
                                       std::size_t per_row) {
  if (items.empty()) return;
  if (items.size() == 1 && items[0]->end == close) return print_enclosed(*items[0], indent);
  print_items(items, indent + step_, per_row);
  break_before(close, indent);
}

void FormatPrinter::print_lines(std::span<Node* const> nodes, std::uint32_t close, std::size_t indent) {
  for (const Node* const node : nodes) {
    if (node == nullptr) continue;
    break_before(node->begin, indent + step_);
    print_statement(*node, indent + step_);
  }
  break_before(close, indent);
}

/// With the semicolon behind it.
void FormatPrinter::print_statement(const Node& node, std::size_t indent) {
  print_alone(node, indent);
  if (kind(node.end) == TokenKind::Semicolon && layout_.has_comments(node.end))
    break_before(node.end, indent);
}

}  // namespace redoubt::kql::detail

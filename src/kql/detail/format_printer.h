#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "kql/detail/flat_layout.h"
#include "kql/format.h"

namespace redoubt::kql::detail {

/// Writes tokens in order. What fits on the line is written as it is laid out there; for what does not, its
/// kind says where lines break.
///
/// `indent` is that of the line on which a node begins: lists in it are broken one level deeper, and what
/// closes it stands at `indent` again.
class FormatPrinter {
 public:
  FormatPrinter(const Syntax& syntax, const FlatLayout& layout, const FormatOptions& options)
      : syntax_(syntax), layout_(layout), width_(options.width), step_(options.indent) {}

  std::string run();

 private:
  // format_printer.cpp: tokens, lines.
  TokenKind kind(std::uint32_t token) const { return syntax_.tokens[token].kind; }
  void write_until(std::uint32_t token);
  void write_token(std::uint32_t token);
  void write_comments(std::uint32_t token, std::size_t indent);
  void new_line(std::size_t indent, bool after_blank);
  /// The token begins a line. All in front of it are written.
  void break_before(std::uint32_t token, std::size_t indent);
  std::size_t start_column(std::uint32_t token) const;
  bool fits(std::uint32_t begin, std::uint32_t end) const;
  bool fits(const Node& node) const { return fits(node.begin, node.end); }

  // format_nodes.cpp: layouts by form.
  void print(const Node* node, std::size_t indent);
  void print_broken(const Node& node, std::size_t indent);
  void print_form(const Node& node, std::size_t indent);
  void print_children(const Node& node, std::size_t indent, std::size_t from = 0, std::size_t to = SIZE_MAX);
  /// As `print`, for what has lines to itself.
  void print_alone(const Node& node, std::size_t indent);
  void print_pipe(const Node& node, std::size_t source_indent, std::size_t indent);
  void print_chain(const Node& node, std::size_t operator_indent);
  void print_binary(const Node& node, std::size_t indent);
  void print_list(const Node& list, std::size_t indent);
  void print_items(std::span<Node* const> items, std::size_t indent, std::size_t per_row = 1);
  bool is_bracketed(const Node& child) const;
  void print_bracketed(const Node& child, std::size_t indent, std::size_t per_row = 1);
  bool hugs(const Node& node) const;
  void print_enclosed(const Node& node, std::size_t indent);
  void print_bracket_list(std::span<Node* const> items, std::uint32_t close, std::size_t indent,
                          std::size_t per_row = 1);
  void print_lines(std::span<Node* const> nodes, std::uint32_t close, std::size_t indent);
  void print_statement(const Node& node, std::size_t indent);

  // format_operators.cpp: layouts of kinds.
  void print_let(const Node& node, std::size_t indent);
  void print_function_body(const Node& node, std::size_t indent);
  void print_call(const Node& node, std::size_t indent);
  void print_data_table(const Node& node, std::size_t indent);
  void print_summarize(const Node& node, std::size_t indent);
  void print_join(const Node& node, std::size_t indent);
  void print_make_series(const Node& node, std::size_t indent);
  void print_parse(const Node& node, std::size_t indent);
  void print_fork(const Node& node, std::size_t indent);
  void print_scan(const Node& node, std::size_t indent);
  void print_graph_match(const Node& node, std::size_t indent);
  void print_macro_expand(const Node& node, std::size_t indent);
  void print_pattern(const Node& node, std::size_t indent);
  void print_clause(const Node* list, std::size_t indent);

  const Syntax& syntax_;
  const FlatLayout& layout_;
  const std::size_t width_;
  const std::size_t step_;
  std::string out_;
  std::uint32_t next_ = 0;  // token to write
  std::size_t column_ = 0;
  std::size_t line_indent_ = 0;  // of the last line that a layout began
  std::size_t lines_ = 0;
  bool breaks_ = false;  // the next token begins a line, at break_indent_
  std::size_t break_indent_ = 0;
};

}  // namespace redoubt::kql::detail

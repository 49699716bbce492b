#include "kql/detail/format_printer.h"

namespace redoubt::kql::detail {

/// Operators of a query that is a value stand one level deeper; so does its source when it has lines of its
/// own.
void FormatPrinter::print_let(const Node& node, std::size_t indent) {
  print(node.child(0), indent);
  const Node& value = node[1];
  if (value.kind != NodeKind::Pipe) return print(&value, indent);
  write_until(value.begin);
  if (fits(value[0])) return print_pipe(value, indent, indent + step_);
  break_before(value.begin, indent + step_);
  print_pipe(value, indent + step_, indent + step_);
}

void FormatPrinter::print_function_body(const Node& node, std::size_t indent) {
  const Node* const value = node.child(1);
  for (const Node* const statement : node[0].children) {
    break_before(statement->begin, indent + step_);
    print_statement(*statement, indent + step_);
  }
  if (value != nullptr) {
    break_before(value->begin, indent + step_);
    print_statement(*value, indent + step_);
  }
  break_before(node.end - 1, indent);
}

void FormatPrinter::print_call(const Node& node, std::size_t indent) {
  print(node.child(0), indent);
  const Node& arguments = node[1];
  write_until(arguments.begin);
  if (!fits(arguments))
    print_bracket_list(arguments.children, arguments.end - 1, indent, elements_per_row(syntax_, node));
}

void FormatPrinter::print_data_table(const Node& node, std::size_t indent) {
  print_children(node, indent, 0, 2);
  if (!node[2].children.empty()) print_bracketed(node[2], indent, elements_per_row(syntax_, node));
}

/// A list behind a keyword, on a line of its own.
void FormatPrinter::print_clause(const Node* list, std::size_t indent) {
  if (list == nullptr) return;
  break_before(list->begin - 1, indent);
  print(list, indent);
}

void FormatPrinter::print_summarize(const Node& node, std::size_t indent) {
  print_children(node, indent, 0, 2);
  if (node[1].children.empty())
    print(node.child(2), indent);
  else
    print_clause(node.child(2), indent + step_);
  print(node.child(3), indent);
}

/// `) on a, b` goes on behind a table of several lines.
void FormatPrinter::print_join(const Node& node, std::size_t indent) {
  const std::size_t lines = lines_;
  print_children(node, indent, 0, 2);
  write_until(node[1].end);
  if (lines_ != lines)
    print(node.child(2), indent);
  else
    print_clause(node.child(2), indent + step_);
}

void FormatPrinter::print_make_series(const Node& node, std::size_t indent) {
  print_children(node, indent, 0, 2);
  print_clause(node.child(2), indent + step_);
  print_children(node, indent + step_, 3, 7);
  print_clause(node.child(7), indent + step_);
}

/// A line begins with the text that it looks for.
void FormatPrinter::print_parse(const Node& node, std::size_t indent) {
  print_children(node, indent, 0, 2);
  const Node* before = nullptr;
  for (const Node* const piece : node[2].children) {
    const bool text = piece->kind == NodeKind::String;
    const bool behind_star = before != nullptr && before->kind == NodeKind::Star;
    if (text) break_before(behind_star ? before->begin : piece->begin, indent + step_);
    if (piece->kind != NodeKind::Star) write_until(piece->end);
    before = piece;
  }
}

/// Its branches, or the levels of a top-nested, on a line each.
void FormatPrinter::print_fork(const Node& node, std::size_t indent) {
  const std::size_t first = node.kind == NodeKind::TopNested || node.children.size() == 1 ? 1 : 0;
  if (first == 1) print(node.child(0), indent);
  for (std::size_t i = first; i < node.children.size(); ++i) {
    break_before(node[i].begin, indent + step_);
    print(node.child(i), indent + step_);
  }
}

void FormatPrinter::print_scan(const Node& node, std::size_t indent) {
  print_children(node, indent, 0, 4);
  if (!node[4].children.empty()) print_lines(node[4].children, node.end - 1, indent);
}

void FormatPrinter::print_graph_match(const Node& node, std::size_t indent) {
  print_children(node, indent, 0, 2);
  print_clause(node.child(2), indent + step_);
  print_clause(node.child(3), indent + step_);
}

void FormatPrinter::print_macro_expand(const Node& node, std::size_t indent) {
  print_children(node, indent, 0, 3);
  if (!node[3].children.empty()) print_lines(node[3].children, node.end - 1, indent);
}

void FormatPrinter::print_pattern(const Node& node, std::size_t indent) {
  print_children(node, indent, 0, 2);
  print_lines(node[2].children, node.end - 1, indent);
}

}  // namespace redoubt::kql::detail

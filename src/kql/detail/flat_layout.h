#pragma once

#include <cstdint>
#include <vector>

#include "kql/syntax.h"

namespace redoubt::kql::detail {

/// A query on one line: which tokens have no blank between them, how wide each stretch is, and where a line
/// must break whatever its width. Everything is asked in constant time.
class FlatLayout {
 public:
  explicit FlatLayout(const Syntax& syntax);

  /// No blank stands in front of it.
  bool glued(std::uint32_t token) const { return marks_[token].glued; }
  bool has_comments(std::uint32_t token) const { return marks_[token].comments; }
  /// Empty lines in front of it are kept.
  bool begins_statement(std::uint32_t token) const { return marks_[token].statement; }
  /// Whether a line must break behind a token of [begin, end) that is not the last.
  bool breaks_inside(std::uint32_t begin, std::uint32_t end) const {
    return end > begin && marks_[end - 1].breaks != marks_[begin].breaks;
  }
  /// Characters of the tokens [begin, end), with the blanks between them.
  std::size_t width(std::uint32_t begin, std::uint32_t end) const {
    return end > begin ? marks_[end - 1].end - marks_[begin].end + token_width(begin) : 0;
  }
  std::size_t token_width(std::uint32_t token) const { return marks_[token].width; }
  /// Of the brackets and separators that follow without a place to break.
  std::size_t tail(std::uint32_t token) const { return marks_[token].tail; }

 private:
  struct Mark {
    std::size_t end = 0;      // column behind it, all on one line
    std::uint32_t width = 0;  // of its first line
    std::uint32_t tail = 0;
    std::uint32_t breaks = 0;  // lines that must break up to here
    bool glued = false;
    bool spaced = false;  // a blank, whatever the kinds say
    bool hard = false;
    bool in_line = false;  // a pipe that is no line of its own
    bool comments = false;
    bool statement = false;
  };

  // flat_layout.cpp
  void visit_all();
  bool glued_by_kind(std::uint32_t token) const;
  bool may_glue(std::uint32_t token) const;
  void glue_names_like_keywords();
  void measure();

  TokenKind kind(std::uint32_t token) const { return syntax_.tokens[token].kind; }
  void glue(std::uint32_t token) { marks_[token].glued = true; }
  void glue_sign(std::uint32_t token);
  void glue_begin(const Node* node);
  void glue_all(std::uint32_t begin, std::uint32_t end);
  void glue_as_written(const Node& node);
  void break_before(std::uint32_t token) { marks_[token].hard = true; }
  void begin_statement(const Node& node);
  void break_before_each(std::span<Node* const> nodes);

  // flat_layout_nodes.cpp
  void visit(const Node& node);
  void visit_name(const Node& node);
  void visit_bracketed(const Node& node);
  void visit_sign(const Node& node);
  void visit_lines(const Node& node);
  void visit_graph(const Node& node);
  void visit_pipe(const Node& node);
  void visit_find(const Node& node);
  void visit_data_table(const Node& node);
  void visit_function_body(const Node& node);
  void visit_inline_table(const Node& node);

  const Syntax& syntax_;
  std::vector<Mark> marks_;
};

/// Elements a row when a list is broken; 1 for most.
std::size_t elements_per_row(const Syntax& syntax, const Node& node);

}  // namespace redoubt::kql::detail

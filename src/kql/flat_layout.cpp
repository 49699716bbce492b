#include "kql/detail/flat_layout.h"

#include <algorithm>

#include "core/utf8.h"
#include "kql/detail/comments.h"
#include "kql/detail/keywords.h"

namespace redoubt::kql::detail {

namespace {

/// Characters of the first line.
std::uint32_t first_line_width(std::string_view text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  return static_cast<std::uint32_t>(count_characters(line));
}

/// With a parenthesis right behind it, a keyword of these is the beginning of a literal.
bool begins_typed_literal(TokenKind kind) {
  switch (kind) {
    case TokenKind::LongKeyword:
    case TokenKind::Int64Keyword:
    case TokenKind::IntKeyword:
    case TokenKind::Int32Keyword:
    case TokenKind::RealKeyword:
    case TokenKind::DoubleKeyword:
    case TokenKind::DecimalKeyword:
    case TokenKind::BoolKeyword:
    case TokenKind::DateTimeKeyword:
    case TokenKind::DateKeyword:
    case TokenKind::TimeKeyword:
    case TokenKind::TimespanKeyword:
    case TokenKind::GuidKeyword:
      return true;
    default:
      return false;
  }
}

/// Closes something, or only separates what stands around it.
bool belongs_to_the_left(TokenKind kind) {
  switch (kind) {
    case TokenKind::CloseParen:
    case TokenKind::CloseBracket:
    case TokenKind::CloseBrace:
    case TokenKind::Comma:
    case TokenKind::Semicolon:
      return true;
    default:
      return false;
  }
}

}  // namespace

FlatLayout::FlatLayout(const Syntax& syntax) : syntax_(syntax), marks_(syntax.tokens.size()) {
  visit_all();
  glue_names_like_keywords();
  marks_.back().statement = true;
  measure();
}

void FlatLayout::visit_all() {
  std::vector<const Node*> open{syntax_.root};
  while (!open.empty()) {
    const Node& node = *open.back();
    open.pop_back();
    visit(node);
    for (const Node* const child : node.children)
      if (child != nullptr) open.push_back(child);
  }
}

bool FlatLayout::glued_by_kind(std::uint32_t token) const {
  switch (kind(token)) {
    case TokenKind::CloseParen:
    case TokenKind::CloseBracket:
    case TokenKind::Comma:
    case TokenKind::Semicolon:
    case TokenKind::Dot:
    case TokenKind::Colon:
    case TokenKind::End:
      return true;
    default:
      break;
  }
  const TokenKind before = kind(token - 1);
  return before == TokenKind::OpenParen || before == TokenKind::OpenBracket || before == TokenKind::Dot;
}

/// Whether tokens that had a blank between them mean the same when it goes: not in `1 .["a"]`, `long (a)`
/// and `- 5`, which is no literal.
bool FlatLayout::may_glue(std::uint32_t token) const {
  if (syntax_.tokens[token].leading == 0) return true;
  const TokenKind before = kind(token - 1);
  if (before == TokenKind::Minus || before == TokenKind::Plus) return !is_literal(kind(token));
  if (kind(token) == TokenKind::Dot) return !is_literal(before);
  return kind(token) != TokenKind::OpenParen || !begins_typed_literal(before);
}

/// `project-rename3` begins like a keyword, so that `project` is a name, but only as long as they touch.
void FlatLayout::glue_names_like_keywords() {
  const auto touches = [&](std::uint32_t i) {
    const TokenKind of = kind(i);
    const bool part = of == TokenKind::Minus || of == TokenKind::Identifier || is_keyword(of);
    return part && syntax_.tokens[i].leading == 0;
  };
  for (std::uint32_t i = 0; i + 1 < marks_.size(); ++i) {
    if (kind(i) != TokenKind::Identifier || kind(i + 1) != TokenKind::Minus || !touches(i + 1)) continue;
    if (keyword_at(syntax_.text_of(syntax_.tokens[i])) == nullptr) continue;
    for (; touches(i + 1); ++i) {
      marks_[i + 1].glued = true;
      marks_[i + 1].spaced = false;
    }
  }
}

void FlatLayout::measure() {
  std::size_t column = 0;
  std::uint32_t breaks = 0;
  for (std::uint32_t i = 0; i < marks_.size(); ++i) {
    const Token& token = syntax_.tokens[i];
    Mark& mark = marks_[i];
    if (i == 0)
      mark.glued = true;
    else
      mark.glued = !mark.spaced && (mark.glued || glued_by_kind(i)) && may_glue(i);
    if (i != 0 && kind(i - 1) == TokenKind::Directive) mark.hard = true;
    const std::string_view leading = syntax_.text.substr(token.offset - token.leading, token.leading);
    mark.comments = leading.find("//") != std::string_view::npos;
    mark.width = first_line_width(syntax_.text_of(token));
    if (mark.comments || mark.hard) ++breaks;
    mark.breaks = breaks;
    column += mark.width + (mark.glued ? 0 : 1);
    mark.end = column;
  }
  std::uint32_t tail = 0;
  for (std::size_t i = marks_.size(); i-- != 0;) {
    tail = belongs_to_the_left(syntax_.tokens[i].kind) ? tail + marks_[i].width : 0;
    marks_[i].tail = tail;
  }
}

/// `a=b`
void FlatLayout::glue_sign(std::uint32_t token) {
  if (kind(token) != TokenKind::Equal && kind(token) != TokenKind::Colon) return;
  glue(token);
  glue(token + 1);
}

void FlatLayout::glue_begin(const Node* node) {
  if (node != nullptr) glue(node->begin);
}

void FlatLayout::glue_all(std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t i = begin; i < end; ++i)
    glue(i);
}

/// For names of several tokens, which touch or do not.
void FlatLayout::glue_as_written(const Node& node) {
  for (std::uint32_t i = node.begin + 1; i < node.end; ++i) {
    const bool touches = syntax_.tokens[i].leading == 0;
    marks_[i].glued = touches;
    marks_[i].spaced = !touches;
  }
}

void FlatLayout::begin_statement(const Node& node) {
  marks_[node.begin].statement = true;
  break_before(node.begin);
}

void FlatLayout::break_before_each(std::span<Node* const> nodes) {
  for (const Node* const node : nodes)
    if (node != nullptr) break_before(node->begin);
}

}  // namespace redoubt::kql::detail

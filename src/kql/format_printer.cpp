#include "kql/detail/format_printer.h"

#include <algorithm>

#include "core/utf8.h"
#include "kql/detail/comments.h"

namespace redoubt::kql::detail {

namespace {

bool opens(TokenKind kind) { return kind == TokenKind::OpenBrace || kind == TokenKind::OpenParen; }

bool closes(TokenKind kind) {
  return kind == TokenKind::CloseBrace || kind == TokenKind::CloseParen || kind == TokenKind::CloseBracket;
}

}  // namespace

std::string FormatPrinter::run() {
  const std::uint32_t end = static_cast<std::uint32_t>(syntax_.tokens.size() - 1);
  out_.reserve(syntax_.text.size() + syntax_.text.size() / 4);
  for (const std::size_t list : {0U, 1U})
    for (const Node* const one : (*syntax_.root)[list].children) {
      break_before(one->begin, 0);
      print_statement(*one, 0);
    }
  write_until(end);
  if (layout_.has_comments(end)) write_comments(end, 0);
  if (!out_.empty()) out_ += '\n';
  return std::move(out_);
}

void FormatPrinter::write_until(std::uint32_t token) {
  for (; next_ < token; ++next_)
    write_token(next_);
}

void FormatPrinter::write_token(std::uint32_t token) {
  const std::size_t indent = breaks_ ? break_indent_ : line_indent_ + step_;
  if (layout_.has_comments(token)) {
    write_comments(token, breaks_ && closes(kind(token)) ? indent + step_ : indent);
    const Token& of = syntax_.tokens[token];
    const std::string_view leading = syntax_.text.substr(of.offset - of.leading, of.leading);
    new_line(indent, layout_.begins_statement(token) && read_leading(leading, false).after_blank);
  } else if (breaks_) {
    const Token& of = syntax_.tokens[token];
    const std::string_view leading = syntax_.text.substr(of.offset - of.leading, of.leading);
    const bool may_be_blank = layout_.begins_statement(token) && token != 0 && !opens(kind(token - 1));
    new_line(indent, may_be_blank && read_leading(leading, false).after_blank);
  } else if (!layout_.glued(token)) {
    out_ += ' ';
    ++column_;
  }
  if (breaks_) line_indent_ = break_indent_;
  breaks_ = false;
  const std::string_view text = syntax_.text_of(syntax_.tokens[token]);
  out_ += text;
  const std::size_t last_line = text.find_last_of("\r\n") + 1;
  column_ = (last_line == 0 ? column_ : 0) + count_characters(text.substr(last_line));
}

/// Those in front of a token. A comment behind another token stays on its line.
void FormatPrinter::write_comments(std::uint32_t token, std::size_t indent) {
  const Token& of = syntax_.tokens[token];
  const std::string_view leading = syntax_.text.substr(of.offset - of.leading, of.leading);
  bool may_be_blank = layout_.begins_statement(token) && token != 0 && !opens(kind(token - 1));
  for (const Comment& comment : read_leading(leading, token == 0).comments) {
    if (comment.own_line)
      new_line(indent, may_be_blank && comment.after_blank);
    else
      out_ += ' ';
    out_ += comment.text;
    may_be_blank = layout_.begins_statement(token);
  }
}

void FormatPrinter::new_line(std::size_t indent, bool after_blank) {
  if (!out_.empty()) {
    out_ += after_blank ? "\n\n" : "\n";
    ++lines_;
  }
  out_.append(indent, ' ');
  column_ = indent;
}

void FormatPrinter::break_before(std::uint32_t token, std::size_t indent) {
  write_until(token);
  breaks_ = true;
  break_indent_ = indent;
}

/// Of the next token to write.
std::size_t FormatPrinter::start_column(std::uint32_t token) const {
  if (breaks_) return break_indent_;
  if (layout_.has_comments(token)) return line_indent_ + step_;
  return column_ + (layout_.glued(token) ? 0 : 1);
}

bool FormatPrinter::fits(std::uint32_t begin, std::uint32_t end) const {
  if (layout_.breaks_inside(begin, end)) return false;
  const std::size_t tail = end < syntax_.tokens.size() ? layout_.tail(end) : 0;
  return start_column(begin) + layout_.width(begin, end) + tail <= width_;
}

}  // namespace redoubt::kql::detail

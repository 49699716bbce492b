#pragma once

#include <cstdint>
#include <string_view>

namespace redoubt::kql {

/// Kinds of tokens. Literals that name their type, such as `datetime(2024-01-01)`, are one token.
enum class TokenKind : std::uint16_t {
  End,  ///< of the text
  Bad,  ///< a character of which no token begins
  Directive,
  Identifier,
  // Literals.
  StringLiteral,
  BoolLiteral,
  IntLiteral,
  LongLiteral,
  RealLiteral,
  DecimalLiteral,
  DateTimeLiteral,
  TimespanLiteral,
  GuidLiteral,
  RawGuidLiteral,
  // Punctuation.
  OpenParen,
  CloseParen,
  OpenBracket,
  CloseBracket,
  OpenBrace,
  CloseBrace,
  Bar,
  LessBar,
  Plus,
  Minus,
  Asterisk,
  Slash,
  Percent,
  Dot,
  DotDot,
  Bang,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Equal,
  EqualEqual,
  BangEqual,
  LessGreater,
  Colon,
  Semicolon,
  Comma,
  EqualTilde,
  BangTilde,
  At,
  Question,
  FatArrow,
#define RD_KQL_KEYWORD(name, text, use) name,
#include "kql/detail/keywords.inc"
#undef RD_KQL_KEYWORD
};

/// A token of a query. What stands between two tokens, blanks and comments, belongs to the second.
struct Token {
  TokenKind kind = TokenKind::End;
  bool unfinished = false;    ///< a literal whose end is missing
  std::uint32_t offset = 0;   ///< of its first byte
  std::uint32_t size = 0;     ///< bytes
  std::uint32_t leading = 0;  ///< bytes of blanks and comments in front of it

  std::uint32_t end() const { return offset + size; }
};

bool is_keyword(TokenKind kind);
bool is_literal(TokenKind kind);
/// A keyword that may be a name anywhere (`count`, `id`, `bool`).
bool may_be_name(TokenKind kind);
/// A keyword that may be a name where only a name can stand, such as in front of `=` or `:` (`title`, `by`).
bool may_be_declared(TokenKind kind);
/// A name of an operator's parameter that a path may have, too (`kind`).
bool may_be_path(TokenKind kind);
/// The text of punctuation and keywords; empty for all others.
std::string_view fixed_text(TokenKind kind);

}  // namespace redoubt::kql

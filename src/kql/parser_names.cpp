#include <fmt/format.h>

#include "kql/detail/operators.h"
#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

bool Parser::is_name_token(std::size_t ahead) const {
  return is(TokenKind::Identifier, ahead) || may_be_name(kind(ahead));
}

bool Parser::is_declared_token(std::size_t ahead) const {
  return is(TokenKind::Identifier, ahead) || may_be_declared(kind(ahead));
}

std::size_t Parser::scan_strings(std::size_t ahead) const {
  std::size_t count = 0;
  while (is(TokenKind::StringLiteral, ahead + count))
    ++count;
  return count;
}

std::size_t Parser::scan_bracketed_name(std::size_t ahead) const {
  if (!is(TokenKind::OpenBracket, ahead)) return 0;
  const std::size_t strings = scan_strings(ahead + 1);
  return strings != 0 && is(TokenKind::CloseBracket, ahead + 1 + strings) ? strings + 2 : 0;
}

/// `{name}` and `{name[3]}`: a parameter that a client fills in.
std::size_t Parser::scan_braced_name(std::size_t ahead) const {
  const auto next = [&](std::size_t i, TokenKind wanted) { return is(wanted, i) && adjoins(i); };
  if (!is(TokenKind::OpenBrace, ahead)) return 0;
  std::size_t i = ahead + 1;
  if (!(is(TokenKind::Identifier, i) || is_keyword(kind(i))) || !adjoins(i)) return 0;
  ++i;
  if (next(i, TokenKind::OpenBracket)) {
    ++i;
    if (next(i, TokenKind::Minus)) ++i;
    if (!next(i, TokenKind::LongLiteral) || !next(i + 1, TokenKind::CloseBracket)) return 0;
    i += 2;
  }
  return next(i, TokenKind::CloseBrace) ? i + 1 - ahead : 0;
}

std::size_t Parser::scan_name(std::size_t ahead) const {
  if (is(TokenKind::OpenBracket, ahead)) return scan_bracketed_name(ahead);
  if (is(TokenKind::OpenBrace, ahead))
    return scan_braced_name(ahead) == 3 && is_name_token(ahead + 1) ? 3 : 0;
  return is_name_token(ahead) ? 1 : 0;
}

std::size_t Parser::scan_declared_name(std::size_t ahead) const {
  const std::size_t size = scan_name(ahead);
  return size != 0 ? size : is_declared_token(ahead) ? 1 : 0;
}

/// `(a, b)` in front of `=`.
std::size_t Parser::scan_new_names() const {
  if (!is(TokenKind::OpenParen)) return 0;
  std::size_t i = 1;
  while (!ends_list(i)) {
    const std::size_t size = scan_declared_name(i);
    if (size == 0) return 0;
    i += size;
    if (!is(TokenKind::Comma, i)) break;
    ++i;
  }
  return is(TokenKind::CloseParen, i) ? i + 1 : 0;
}

/// `a-b`, which people take for a name.
std::size_t Parser::scan_dashed_name() {
  const auto is_word = [&](std::size_t i) { return is(TokenKind::Identifier, i) || is_keyword(kind(i)); };
  if (!is_word(0)) return 0;
  const auto find_end = [&] {
    std::size_t i = 1;
    while (adjoins(i) && (is_word(i) || is(TokenKind::Minus, i)))
      ++i;
    return i;
  };
  return dashed_name_.distance(pos_, find_end);
}

std::size_t Parser::scan_wildcard_name(std::size_t ahead) const {
  std::size_t i = ahead;
  if (is(TokenKind::Asterisk, i)) {
    ++i;
  } else if (is_declared_token(i) && is(TokenKind::Asterisk, i + 1) && adjoins(i + 1)) {
    i += 2;
  } else {
    return 0;
  }
  while (adjoins(i) && (is_declared_token(i) || is(TokenKind::LongLiteral, i) || is(TokenKind::Asterisk, i)))
    ++i;
  return i - ahead;
}

/// Whether a keyword stands where only a name makes sense: what follows it goes on from a name.
bool Parser::is_keyword_as_name() const {
  if (!is_keyword(kind())) return false;
  switch (kind(1)) {
    case TokenKind::AndKeyword:
    case TokenKind::OrKeyword:
    case TokenKind::EqualEqual:
    case TokenKind::BangEqual:
    case TokenKind::EqualTilde:
    case TokenKind::BangTilde:
    case TokenKind::Greater:
    case TokenKind::GreaterEqual:
    case TokenKind::Less:
    case TokenKind::LessEqual:
    case TokenKind::Asterisk:
    case TokenKind::Slash:
    case TokenKind::Percent:
    case TokenKind::CloseParen:
    case TokenKind::CloseBracket:
    case TokenKind::CloseBrace:
    case TokenKind::Dot:
    case TokenKind::Comma:
    case TokenKind::Colon:
    case TokenKind::Bar:
    case TokenKind::BetweenKeyword:
    case TokenKind::NotBetweenKeyword:
      return true;
    default:
      return is_membership(kind(1)) || (is_string_operator(kind(1)) && kind(1) != TokenKind::Colon);
  }
}

Node* Parser::keyword_as_name() {
  if (!is_keyword_as_name()) return nullptr;
  problem("KQL0106", fmt::format("the name {} needs brackets here", text()), peek(),
          fmt::format("it is a keyword; write ['{}']", text()));
  return leaf(NodeKind::Name);
}

Node* Parser::plain_name() { return is_name_token(0) ? leaf(NodeKind::Name) : nullptr; }

Node* Parser::name() {
  if (is(TokenKind::OpenBracket)) return bracketed_name();
  if (is(TokenKind::OpenBrace)) return braced_name();
  return plain_name();
}

Node* Parser::declared_name() {
  if (is(TokenKind::OpenBracket) || is(TokenKind::OpenBrace)) return name();
  return is_declared_token(0) ? leaf(NodeKind::Name) : nullptr;
}

Node* Parser::bracketed_name() {
  if (scan_bracketed_name(0) == 0) return nullptr;
  const std::uint32_t begin = pos_++;
  Node* const text = strings();
  expect(TokenKind::CloseBracket);
  return make(NodeKind::BracketedName, begin, {text}, begin + 1);
}

Node* Parser::braced_name() {
  const std::size_t size = scan_braced_name(0);
  return size == 0 ? nullptr : leaf(NodeKind::BracedName, size);
}

Node* Parser::wildcard_name() {
  const std::size_t size = scan_wildcard_name(0);
  return size == 0 ? nullptr : leaf(NodeKind::WildcardName, size);
}

Node* Parser::bracketed_wildcard_name() {
  if (!is(TokenKind::OpenBracket) || scan_wildcard_name(1) == 0) return nullptr;
  const std::uint32_t begin = pos_++;
  Node* const inside = wildcard_name();
  expect(TokenKind::CloseBracket);
  return make(NodeKind::WildcardName, begin, {inside}, begin + 1);
}

Node* Parser::name_or_wildcard() {
  Node* const wildcard = wildcard_name();
  return wildcard != nullptr ? wildcard : name();
}

}  // namespace redoubt::kql::detail

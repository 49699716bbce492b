#include <fmt/format.h>

#include "kql/detail/characters.h"
#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

Node* Parser::star() { return is(TokenKind::Asterisk) ? leaf(NodeKind::Star) : nullptr; }

Node* Parser::strings() {
  const std::size_t count = scan_strings(0);
  return count == 0 ? nullptr : leaf(NodeKind::String, count);
}

Node* Parser::literal() {
  switch (kind()) {
    case TokenKind::StringLiteral:
      return strings();
    case TokenKind::RawGuidLiteral:
      problem("KQL0111", "a guid is written guid(...)", peek(), fmt::format("write guid({})", text()));
      return leaf(NodeKind::Literal);
    case TokenKind::DynamicKeyword:
      return dynamic_literal();
    case TokenKind::Plus:
    case TokenKind::Minus:
      return signed_number();
    case TokenKind::TypeOfKeyword:
      return type_of();
    case TokenKind::OpenBrace:
      return braced_name();
    default:
      return is_literal(kind()) ? leaf(NodeKind::Literal) : nullptr;
  }
}

std::size_t Parser::scan_signed_number(std::size_t ahead) const {
  if (!is(TokenKind::Plus, ahead) && !is(TokenKind::Minus, ahead)) return 0;
  const TokenKind number = kind(ahead + 1);
  const bool is_number = number == TokenKind::LongLiteral || number == TokenKind::RealLiteral ||
                         number == TokenKind::TimespanLiteral;
  return is_number && adjoins(ahead + 1) && is_digit(text(ahead + 1).front()) ? 2 : 0;
}

Node* Parser::signed_number() {
  if (scan_signed_number() == 0) return nullptr;
  const std::uint32_t begin = pos_;
  pos_ += 2;
  return make(NodeKind::Literal, begin, {}, begin + 1);
}

Node* Parser::dynamic_literal() {
  if (!is(TokenKind::DynamicKeyword) || !is(TokenKind::OpenParen, 1)) return nullptr;
  const std::uint32_t begin = pos_;
  pos_ += 2;
  Node* value = json_value();
  if (value == nullptr) value = missing_json_value();
  expect(TokenKind::CloseParen);
  return make(NodeKind::Dynamic, begin, {value}, begin);
}

Node* Parser::missing_json_value() { return missing("KQL0109", "a JSON value"); }

Node* Parser::json_value() {
  Level level(*this);
  if (level.too_deep()) return nullptr;
  const std::uint32_t begin = pos_;
  switch (kind()) {
    case TokenKind::LongLiteral:
    case TokenKind::RealLiteral:
    case TokenKind::Minus:
      return json_number();
    case TokenKind::BoolLiteral:
    case TokenKind::DateTimeLiteral:
    case TokenKind::TimespanLiteral:
    case TokenKind::GuidLiteral:
    case TokenKind::RawGuidLiteral:
    case TokenKind::DecimalLiteral:
    case TokenKind::StringLiteral:
    case TokenKind::DynamicKeyword:
      return literal();
    case TokenKind::NullKeyword:
      return leaf(NodeKind::Literal);
    case TokenKind::OpenBracket: {
      ++pos_;
      Node* const items = comma_list(&Parser::json_value, {&Parser::missing_json_value, &Parser::ends_list});
      expect(TokenKind::CloseBracket);
      return make(NodeKind::JsonArray, begin, {items->children.begin(), items->children.end()});
    }
    case TokenKind::OpenBrace: {
      if (scan_braced_name(0) != 0) return braced_name();
      ++pos_;
      Node* const items = comma_list(&Parser::json_pair, {&Parser::missing_json_value, &Parser::ends_list});
      expect(TokenKind::CloseBrace);
      return make(NodeKind::JsonObject, begin, {items->children.begin(), items->children.end()});
    }
    default:
      return nullptr;
  }
}

Node* Parser::json_number() {
  if (!is(TokenKind::Minus)) return leaf(NodeKind::Literal);
  if (!is(TokenKind::LongLiteral, 1) && !is(TokenKind::RealLiteral, 1)) return nullptr;
  const std::uint32_t begin = pos_;
  pos_ += 2;
  return make(NodeKind::Literal, begin, {}, begin + 1);
}

Node* Parser::json_pair() {
  const std::uint32_t begin = pos_;
  const bool named = is(TokenKind::StringLiteral);
  if (!named && !is(TokenKind::Colon)) {
    Node* const value = json_value();
    if (value != nullptr) problem("KQL0109", "a member needs a name in quotes", syntax_.tokens[begin]);
    return value;
  }
  if (named)
    ++pos_;
  else
    missing("KQL0109", "the name of the member, in quotes");
  expect(TokenKind::Colon);
  Node* value = json_value();
  if (value == nullptr) value = missing_json_value();
  return make(NodeKind::JsonPair, begin, {value}, begin);
}

bool Parser::is_type(std::size_t ahead) const {
  switch (kind(ahead)) {
    case TokenKind::BoolKeyword:
    case TokenKind::BooleanKeyword:
    case TokenKind::DateKeyword:
    case TokenKind::DateTimeKeyword:
    case TokenKind::DecimalKeyword:
    case TokenKind::DoubleKeyword:
    case TokenKind::DynamicKeyword:
    case TokenKind::GuidKeyword:
    case TokenKind::IntKeyword:
    case TokenKind::Int64Keyword:
    case TokenKind::Int8Keyword:
    case TokenKind::LongKeyword:
    case TokenKind::RealKeyword:
    case TokenKind::StringKeyword:
    case TokenKind::TimeKeyword:
    case TokenKind::TimespanKeyword:
    case TokenKind::UniqueIdKeyword:
      return true;
    default:
      return false;
  }
}

bool Parser::is_any_type(std::size_t ahead) const {
  switch (kind(ahead)) {
    case TokenKind::FloatKeyword:
    case TokenKind::Int16Keyword:
    case TokenKind::Int32Keyword:
    case TokenKind::UIntKeyword:
    case TokenKind::UInt16Keyword:
    case TokenKind::UInt32Keyword:
    case TokenKind::UInt64Keyword:
    case TokenKind::UInt8Keyword:
    case TokenKind::ULongKeyword:
      return true;
    default:
      return is_type(ahead);
  }
}

Node* Parser::type() { return is_type(0) ? leaf(NodeKind::Type) : nullptr; }
Node* Parser::any_type() { return is_any_type(0) ? leaf(NodeKind::Type) : nullptr; }

/// A type of another language, or a word that is none; or nothing at all.
Node* Parser::wrong_type() {
  if (!is_any_type(0) && !is_name_token(0)) return missing_type();
  problem("KQL0110", fmt::format("not a type of columns: {}", text()), peek(),
          "bool, int, long, real, decimal, string, datetime, timespan, guid or dynamic");
  return leaf(NodeKind::Type);
}

Node* Parser::type_of() {
  if (!is(TokenKind::TypeOfKeyword) || !is(TokenKind::OpenParen, 1)) return nullptr;
  const std::uint32_t begin = pos_;
  const bool one = is_any_type(2) || (is(TokenKind::Identifier, 2) && is(TokenKind::CloseParen, 3));
  pos_ += 2;
  Node* elements = nullptr;
  if (one) {
    Node* const only = leaf(NodeKind::Type);
    elements = make(NodeKind::List, only->begin, {only});
  } else {
    elements = comma_list(&Parser::type_of_element, {&Parser::missing_type, &Parser::ends_list});
  }
  expect(TokenKind::CloseParen);
  return make(NodeKind::TypeOf, begin, {elements->children.begin(), elements->children.end()}, begin);
}

Node* Parser::type_of_element() { return is(TokenKind::Asterisk) ? star() : name_and_type(); }

Node* Parser::name_and_type() {
  const std::uint32_t begin = pos_;
  Node* column = declared_name();
  if (column == nullptr && !is(TokenKind::Colon)) return nullptr;
  if (column == nullptr) column = missing_name();
  expect(TokenKind::Colon);
  Node* kind_of = is(TokenKind::OpenParen) ? schema_type() : type();
  if (kind_of == nullptr) kind_of = wrong_type();
  return make(NodeKind::NameAndType, begin, {column, kind_of}, column->token);
}

Node* Parser::missing_name_and_type() {
  return missing("KQL0109", "a name and its type, written name: type");
}

/// A column that a pattern makes.
Node* Parser::name_and_maybe_type() {
  const std::uint32_t begin = pos_;
  Node* column = declared_name();
  if (!is(TokenKind::Colon)) return column;
  if (column == nullptr) column = missing_name();
  ++pos_;
  Node* kind_of = type();
  if (kind_of == nullptr) kind_of = wrong_type();
  return make(NodeKind::NameAndType, begin, {column, kind_of}, column->token);
}

Node* Parser::schema_type() {
  Level level(*this);
  if (level.too_deep()) return nullptr;
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::OpenParen)) return nullptr;
  Node* columns = nullptr;
  if (is(TokenKind::Asterisk)) {
    Node* const all = star();
    columns = make(NodeKind::List, all->begin, {all});
  } else {
    columns =
        comma_list(&Parser::name_and_type, {&Parser::missing_name_and_type, &Parser::ends_list, false, true});
  }
  expect(TokenKind::CloseParen);
  return make(NodeKind::SchemaType, begin, {columns->children.begin(), columns->children.end()});
}

Node* Parser::row_schema(bool with_star) {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::OpenParen)) return nullptr;
  take(TokenKind::Comma);
  Node* const all = with_star ? star() : nullptr;
  if (with_star) take(TokenKind::Comma);
  Node* const columns =
      comma_list(&Parser::name_and_type, {&Parser::missing_name_and_type, &Parser::ends_list, false, true});
  expect(TokenKind::CloseParen);
  return make(NodeKind::RowSchema, begin, {columns, all});
}

Node* Parser::required_row_schema() {
  Node* const schema = row_schema();
  return schema != nullptr ? schema : missing("KQL0109", "a schema, written (name: type, ...)");
}

}  // namespace redoubt::kql::detail

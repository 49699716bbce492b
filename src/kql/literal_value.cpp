#include <cctype>
#include <string>

#include "core/text.h"
#include "core/utf8.h"
#include "kql/value.h"

namespace redoubt::kql {

namespace {

/// One escape behind its backslash; gives how many bytes it takes. The tokenizer has looked at its form.
std::size_t append_escape(std::string& out, std::string_view rest) {
  static constexpr std::string_view kLetters = "abfnrtv";
  static constexpr std::string_view kCharacters = "\a\b\f\n\r\t\v";
  const char c = rest.front();
  if (const std::size_t at = kLetters.find(c); at != std::string_view::npos) {
    out += kCharacters[at];
    return 1;
  }
  std::size_t digits = 0;
  int base = 16;
  std::size_t from = 1;
  if (c == 'u' || c == 'U' || c == 'x') {
    digits = c == 'u' ? 4 : c == 'U' ? 8 : 2;
  } else if (c >= '0' && c <= '7') {
    base = 8;
    from = 0;
    const auto octal = [rest](std::size_t i) { return i < rest.size() && rest[i] >= '0' && rest[i] <= '7'; };
    digits = !octal(1) ? 1 : octal(2) && c <= '3' ? 3 : 2;
  } else {
    out += c;
    return 1;
  }
  const std::string number(rest.substr(from, digits));
  const unsigned long code = std::strtoul(number.c_str(), nullptr, base);
  const bool character = code < 0x110000 && (code < 0xD800 || code >= 0xE000);
  append_utf8(out, character ? static_cast<char32_t>(code) : U'\uFFFD');
  return from + digits;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i++];
      continue;
    }
    i += 1 + append_escape(out, text.substr(i + 1));
  }
  return out;
}

std::string string_of(std::string_view text) {
  if (text.starts_with('h') || text.starts_with('H')) text.remove_prefix(1);
  const bool verbatim = text.starts_with('@');
  if (verbatim) text.remove_prefix(1);
  for (const std::string_view mark : {"```", "~~~"}) {
    if (!text.starts_with(mark)) continue;
    text.remove_prefix(mark.size());
    if (text.ends_with(mark)) text.remove_suffix(mark.size());
    return std::string(text);
  }
  if (text.empty()) return {};
  const std::string_view quote = text.substr(0, 1);
  text.remove_prefix(1);
  if (text.ends_with(quote)) text.remove_suffix(1);
  if (!verbatim) return unescape(text);
  return replace_all(text, std::string(2, quote.front()), quote);
}

/// What stands in the parentheses of `long(5)`, without quotes; the whole text where there are none.
std::string_view inside(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || open == 0) return text;
  text.remove_prefix(open + 1);
  if (text.ends_with(')')) text.remove_suffix(1);
  text = trim(text);
  if (text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    return text.substr(1, text.size() - 2);
  return text;
}

template <class T>
std::optional<Value> made(Value (*make)(T),
                          const std::optional<std::type_identity_t<std::decay_t<T>>>& value) {
  return value ? std::optional(make(*value)) : std::nullopt;
}

std::optional<Value> int_of(std::string_view text) {
  const std::optional<std::int64_t> value = read_long(text);
  const bool hex = text.find_first_of("xX") != std::string_view::npos;
  if (!value || *value < INT32_MIN || *value > (hex ? std::int64_t{UINT32_MAX} : INT32_MAX))
    return std::nullopt;
  return Value::of_int(static_cast<std::int32_t>(*value));
}

std::optional<Value> value_of(TokenKind kind, std::string_view text) {
  switch (kind) {
    case TokenKind::BoolLiteral:
      return made(Value::of_bool, read_bool(text));
    case TokenKind::IntLiteral:
      return int_of(text);
    case TokenKind::LongLiteral:
      return made(Value::of_long, read_long(text));
    case TokenKind::RealLiteral:
      return made(Value::of_real, read_real(text));
    case TokenKind::DecimalLiteral:
      return made(Value::of_decimal, Decimal::read(text));
    case TokenKind::DateTimeLiteral:
      return made(Value::of_datetime, read_datetime(text));
    case TokenKind::TimespanLiteral:
      return made(Value::of_timespan, read_timespan(text));
    default:
      return made(Value::of_guid, read_guid(text));
  }
}

Type type_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::BoolLiteral:
      return Type::Bool;
    case TokenKind::IntLiteral:
      return Type::Int;
    case TokenKind::LongLiteral:
      return Type::Long;
    case TokenKind::RealLiteral:
      return Type::Real;
    case TokenKind::DecimalLiteral:
      return Type::Decimal;
    case TokenKind::DateTimeLiteral:
      return Type::DateTime;
    case TokenKind::TimespanLiteral:
      return Type::Timespan;
    case TokenKind::GuidLiteral:
    case TokenKind::RawGuidLiteral:
      return Type::Guid;
    case TokenKind::StringLiteral:
      return Type::String;
    default:
      return Type::Unknown;
  }
}

}  // namespace

Result<Value> read_literal(TokenKind kind, std::string_view text) {
  const Type type = type_of(kind);
  if (type == Type::Unknown) return fail(Error::Kind::InvalidInput, "KQL0402", "the token is no literal");
  if (type == Type::String) return Value::of_string(string_of(text));
  const std::string_view content = inside(text);
  if (content == "null") return Value::null(type);
  if (std::optional<Value> value = value_of(kind, content)) return *std::move(value);
  return fail(
      Error::Kind::InvalidInput, "KQL0401",
      "a literal that is no " + std::string(type_name(type)) + ": " + std::string(content.substr(0, 80)));
}

}  // namespace redoubt::kql

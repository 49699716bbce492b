#include <string>

#include "core/text.h"
#include "kql/detail/string_text.h"
#include "kql/type_rules.h"
#include "kql/value.h"

namespace redoubt::kql {

namespace {

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

/// Of a literal; it may have blanks around its hyphens, `datetime(2024 - 01 - 31)`.
std::optional<std::int64_t> read_datetime_literal(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  const std::optional<std::int64_t> as_written = read_datetime(text);
  if (as_written || text.size() > kLongest) return as_written;
  std::string dense;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ' && (dense.ends_with('-') || trim(text.substr(i)).starts_with('-'))) continue;
    dense += text[i];
  }
  return read_datetime(dense);
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
      return made(Value::of_datetime, read_datetime_literal(text));
    case TokenKind::TimespanLiteral:
      return made(Value::of_timespan, read_timespan(text));
    default:
      return made(Value::of_guid, read_guid(text));
  }
}

}  // namespace

Result<Value> read_literal(TokenKind kind, std::string_view text) {
  const Type type = literal_type(kind);
  if (type == Type::Unknown) return fail(Error::Kind::InvalidInput, "KQL0402", "the token is no literal");
  if (type == Type::String) return Value::of_string(detail::string_text(text));
  const std::string_view content = inside(text);
  if (content == "null") return Value::null(type);
  if (std::optional<Value> value = value_of(kind, content)) return *std::move(value);
  return fail(
      Error::Kind::InvalidInput, "KQL0401",
      "a literal that is no " + std::string(type_name(type)) + ": " + std::string(content.substr(0, 80)));
}

}  // namespace redoubt::kql

#include <fmt/format.h>

#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::Type;

namespace {

constexpr std::string_view kHexadecimal = "^[-+]?0[xX]0*[0-9a-fA-F]{1,16}$";
constexpr std::string_view kReal =
    "^(?i)(?:nan|[-+]?inf(?:inity)?|[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:e[-+]?[0-9]+)?)$";

std::string trimmed(ScalarSql& scalars, const std::string& text) {
  return scalars.named(fmt::format(R"(trimBoth({}, ' \t\n\r\v\f'))", text));
}

/// Decimal, or hexadecimal with a sign.
std::string read_long(ScalarSql& scalars, const std::string& trimmed_text) {
  const std::string bits = fmt::format(
      R"(reinterpretAsInt64(reverse(unhex(replaceRegexpOne({}, '^[-+]?0[xX]0*', '')))))", trimmed_text);
  return scalars.named(
      fmt::format("multiIf(NOT match({0}, {1}), toInt64OrNull({0}), startsWith({0}, '-'), -{2}, {2})",
                  trimmed_text, sql_text(kHexadecimal), bits));
}

}  // namespace

/// What tolong() and its like read out of a text; white space around it does not count.
std::optional<SqlValue> value_of_text(ScalarSql& scalars, const SqlValue& value, Type type) {
  const auto as = [&](std::string text) {
    return ScalarSql::made(type, true, {&value, &value, &value, &value, &value}, std::move(text));
  };
  switch (type) {
    case Type::Long:
      return as(read_long(scalars, trimmed(scalars, value.text)));
    case Type::Int:
      return as(
          fmt::format("accurateCastOrNull({}, 'Int32')", read_long(scalars, trimmed(scalars, value.text))));
    case Type::Real: {
      const std::string text = trimmed(scalars, value.text);
      return as(fmt::format("if(match({0}, {1}), toFloat64OrNull({0}), NULL)", text, sql_text(kReal)));
    }
    case Type::Bool: {
      const std::string text = trimmed(scalars, value.text);
      return as(fmt::format("multiIf(lower({0}) = 'true', 1, lower({0}) = 'false', 0, {1} != 0)", text,
                            read_long(scalars, text)));
    }
    case Type::Dynamic:
      return ScalarSql::made(type, false, {&value}, json_of(value.text));
    default:
      return std::nullopt;
  }
}

}  // namespace redoubt::query::sql

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "core/text.h"
#include "kql/pattern.h"
#include "kql/pattern_spelling.h"
#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::TokenKind;
using kql::Type;

namespace {

bool is_number(Type type) { return type == Type::Int || type == Type::Long || type == Type::Real; }
bool is_whole(Type type) { return type == Type::Int || type == Type::Long; }

bool is_exact(double value) { return std::trunc(value) == value && std::fabs(value) < 0x1p53; }

// ---- comparison

struct Comparison {
  TokenKind op;
  std::string_view sign;
};
constexpr Comparison kComparisons[] = {
    {TokenKind::EqualEqual, "="},   {TokenKind::BangEqual, "!="}, {TokenKind::Less, "<"},
    {TokenKind::LessEqual, "<="},   {TokenKind::Greater, ">"},    {TokenKind::GreaterEqual, ">="},
    {TokenKind::LessGreater, "!="},
};

/// The same with its sides exchanged.
std::string_view turned(std::string_view sign) {
  static constexpr std::pair<std::string_view, std::string_view> kTurned[] = {
      {"<", ">"}, {"<=", ">="}, {">", "<"}, {">=", "<="}};
  for (const auto& [from, to] : kTurned)
    if (from == sign) return to;
  return sign;
}

std::string_view comparison_sign(TokenKind op) {
  for (const Comparison& row : kComparisons)
    if (row.op == op) return row.sign;
  return {};
}

// Form::Time holds the years 1900 to 2299.
constexpr std::int64_t kFirstTime = 599'266'080'000'000'000;
constexpr std::int64_t kTimesEnd = 725'485'248'000'000'000;
constexpr std::int64_t kUnixTicks = 621'355'968'000'000'000;

/// A constant as DateTime64, so that a column is compared as it is stored; nothing outside its range.
std::optional<SqlValue> as_time(const SqlValue& value) {
  if (value.form == Form::Time) return value;
  if (!value.constant || value.constant->is_null()) return std::nullopt;
  const std::int64_t ticks = value.constant->ticks();
  if (ticks < kFirstTime || ticks >= kTimesEnd) return std::nullopt;
  SqlValue out = value;
  out.form = Form::Time;
  out.text = fmt::format("reinterpret(toInt64('{}'), 'DateTime64(7, \\'UTC\\')')", ticks - kUnixTicks);
  return out;
}

/// A whole number and a real are compared as reals, which the engine does not.
void as_reals(SqlValue& left, SqlValue& right) {
  SqlValue& real = left.type == Type::Real ? left : right;
  SqlValue& whole = left.type == Type::Real ? right : left;
  if (real.constant && !real.constant->is_null() && is_exact(real.constant->as_real()))
    real = *constant(kql::convert(*real.constant, Type::Long));
  else
    whole.text = fmt::format("toFloat64({})", whole.text);
}

/// Both sides as values that SQL compares; false: it cannot.
bool make_comparable(SqlValue& left, SqlValue& right) {
  if (left.type == Type::DateTime && right.type == Type::DateTime &&
      (left.form == Form::Time || right.form == Form::Time)) {
    const std::optional<SqlValue> a = as_time(left);
    const std::optional<SqlValue> b = as_time(right);
    if (a && b) {
      left = *a;
      right = *b;
      return true;
    }
  }
  left = plain(std::move(left));
  right = plain(std::move(right));
  if (left.type == right.type || (is_whole(left.type) && is_whole(right.type))) return true;
  if (!is_number(left.type) || !is_number(right.type)) return false;
  as_reals(left, right);
  return true;
}

/// A text and a number or bool are equal where the text can be read as one.
std::optional<SqlValue> compare_text(ScalarSql& scalars, std::string_view sign, const SqlValue& text,
                                     const SqlValue& other) {
  if ((sign != "=" && sign != "!=") || (!is_number(other.type) && other.type != Type::Bool))
    return std::nullopt;
  const std::optional<SqlValue> read = value_of_text(scalars, text, other.type);
  if (!read) return std::nullopt;
  return ScalarSql::made(
      Type::Bool, false, {&*read, &other},
      fmt::format("ifNull({} {} {}, {})", read->text, sign, other.text, sign == "=" ? "0" : "1"));
}

std::optional<SqlValue> comparison(ScalarSql& scalars, TokenKind op, std::string_view sign, SqlValue left,
                                   SqlValue right, bool truth_only) {
  if (left.type == Type::Dynamic && right.type == Type::Dynamic) return std::nullopt;
  if (left.type == Type::Dynamic) return compare_json(scalars, sign, left, right);
  if (right.type == Type::Dynamic) return compare_json(scalars, turned(sign), right, left);
  if (left.type == Type::String && right.type != Type::String)
    return compare_text(scalars, sign, left, plain(std::move(right)));
  if (right.type == Type::String && left.type != Type::String)
    return compare_text(scalars, turned(sign), right, plain(std::move(left)));
  if (!make_comparable(left, right)) return std::nullopt;
  const bool nullable = left.nullable || right.nullable;
  const bool equality = sign == "=" || sign == "!=";
  const bool exact = nullable && equality && left.nullable && right.nullable && !(truth_only && sign == "=");
  if (exact) {
    left.text = scalars.once(left);
    right.text = scalars.once(right);
  }
  std::string text = fmt::format("({} {} {})", left.text, sign, right.text);
  if (!nullable || (truth_only && sign != "!="))
    return ScalarSql::made(Type::Bool, nullable, {&left, &right}, std::move(text));
  if (!equality) return ScalarSql::made(Type::Bool, true, {&left, &right}, std::move(text));
  // One null is not equal; of two it is not known.
  const std::string_view otherwise = op == TokenKind::EqualEqual ? "0" : "1";
  if (!left.nullable || !right.nullable)
    return ScalarSql::made(Type::Bool, false, {&left, &right},
                           fmt::format("ifNull({}, {})", text, otherwise));
  return ScalarSql::made(
      Type::Bool, true, {&left, &right, &left, &right},
      fmt::format("if(isNull({0}) != isNull({1}), {2}, {3})", left.text, right.text, otherwise, text));
}

}  // namespace

std::optional<SqlValue> binary(ScalarSql& scalars, TokenKind op, SqlValue left, SqlValue right,
                               bool truth_only) {
  if (left.type == Type::Decimal || right.type == Type::Decimal) return std::nullopt;
  if (is_text_operator(op)) return text_binary(scalars, op, std::move(left), std::move(right));
  if (const std::string_view sign = comparison_sign(op); !sign.empty())
    return comparison(scalars, op, sign, std::move(left), std::move(right), truth_only);
  left = plain(std::move(left));
  right = plain(std::move(right));
  return arithmetic(scalars, op, left, right);
}

}  // namespace redoubt::query::sql

#include <fmt/format.h>

#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::TokenKind;
using kql::Type;

namespace {

bool is_whole(Type type) { return type == Type::Int || type == Type::Long; }
bool is_number(Type type) { return is_whole(type) || type == Type::Real; }

/// Not null and not zero, as far as is known.
bool is_divisor(const SqlValue& value) {
  return value.constant && !value.constant->is_null() && value.constant->as_long() != 0 &&
         value.constant->as_long() != -1;
}

SqlValue whole_quotient(ScalarSql& scalars, const SqlValue& left, const SqlValue& right, Type type) {
  if (is_divisor(right))
    return ScalarSql::made(type, left.nullable, {&left, &right},
                           fmt::format("intDiv({}, {})", left.text, right.text));
  // The smallest number divided by -1 is itself, which the engine takes for a fault.
  return ScalarSql::made(type, true, {&left, &left, &right, &right},
                         fmt::format("if({1} = -1, -toInt64({0}), intDivOrZero({0}, nullIf({1}, 0)))",
                                     scalars.once(left), scalars.once(right)));
}

SqlValue whole_rest(ScalarSql& scalars, const SqlValue& left, const SqlValue& right, Type type) {
  const bool known = is_divisor(right);
  const int sign = !known ? 0 : right.constant->as_long() > 0 ? 1 : -1;
  const std::string divisor = known ? right.text : scalars.named(fmt::format("nullIf({}, 0)", right.text));
  return ScalarSql::made(type, left.nullable || !known, {&left, &left, &right, &right},
                         floor_rest(scalars, fmt::format("toInt64({})", left.text), divisor, sign));
}

std::optional<SqlValue> of_numbers(ScalarSql& scalars, TokenKind op, const SqlValue& left,
                                   const SqlValue& right) {
  const bool whole = is_whole(left.type) && is_whole(right.type);
  const Type type = whole ? Type::Long : Type::Real;
  const auto sign = op == TokenKind::Plus ? "+" : op == TokenKind::Minus ? "-" : "*";
  switch (op) {
    case TokenKind::Plus:
    case TokenKind::Minus:
    case TokenKind::Asterisk: {
      // Two ints make a long.
      const std::string_view cast = whole ? "toInt64" : "toFloat64";
      return ScalarSql::made(type, left.nullable || right.nullable, {&left, &right},
                             fmt::format("({0}({1}) {2} {0}({3}))", cast, left.text, sign, right.text));
    }
    case TokenKind::Slash:
      if (whole) return whole_quotient(scalars, left, right, type);
      return ScalarSql::made(type, left.nullable || right.nullable, {&left, &right},
                             fmt::format("(toFloat64({}) / toFloat64({}))", left.text, right.text));
    case TokenKind::Percent:
      return whole ? std::optional(whole_rest(scalars, left, right, type)) : std::nullopt;
    default:
      return std::nullopt;
  }
}

/// A sum that may leave the years 1 to 9999: then it is null. That much also wraps to a negative number.
SqlValue moved_time(ScalarSql& scalars, std::string_view sign, const SqlValue& left, const SqlValue& right) {
  const std::string sum = scalars.named(fmt::format("({} {} {})", left.text, sign, right.text));
  return ScalarSql::made(Type::DateTime, true, {&left, &right},
                         fmt::format("if({0} >= 0 AND {0} <= 3155378975999999999, {0}, NULL)", sum));
}

/// A sum of timespans: null where it is past 64 bits.
SqlValue moved_span(ScalarSql& scalars, bool minus, const SqlValue& left, const SqlValue& right) {
  const std::string a = scalars.once(left);
  const std::string b = scalars.once(right);
  const std::string sum = scalars.named(fmt::format("({} {} {})", a, minus ? "-" : "+", b));
  return ScalarSql::made(
      Type::Timespan, true, {&left, &left, &right, &right},
      fmt::format("if(({1} >= 0) = ({0} {3} {2}), {0}, NULL)", sum, b, a, minus ? "<=" : ">="));
}

SqlValue many_spans(const SqlValue& left, const SqlValue& right) {
  return ScalarSql::made(
      Type::Timespan, true, {&left, &right},
      fmt::format("accurateCastOrNull(toInt128({}) * toInt128({}), 'Int64')", left.text, right.text));
}

/// Of which one is a datetime or timespan.
std::optional<SqlValue> of_times(ScalarSql& scalars, TokenKind op, const SqlValue& left,
                                 const SqlValue& right) {
  const bool time = left.type == Type::DateTime;
  const bool other_time = right.type == Type::DateTime;
  const bool span = left.type == Type::Timespan;
  const bool other_span = right.type == Type::Timespan;
  if (op == TokenKind::Plus && ((time && other_span) || (span && other_time)))
    return moved_time(scalars, "+", left, right);
  if (op == TokenKind::Minus && time && other_span) return moved_time(scalars, "-", left, right);
  if (op == TokenKind::Minus && time && other_time)
    return ScalarSql::made(Type::Timespan, left.nullable || right.nullable, {&left, &right},
                           fmt::format("({} - {})", left.text, right.text));
  if ((op == TokenKind::Plus || op == TokenKind::Minus) && span && other_span)
    return moved_span(scalars, op == TokenKind::Minus, left, right);
  if (op == TokenKind::Asterisk && (is_whole(left.type) || is_whole(right.type)) && (span || other_span))
    return many_spans(left, right);
  if (op == TokenKind::Slash && span && other_span)
    return ScalarSql::made(Type::Real, left.nullable || right.nullable, {&left, &right},
                           fmt::format("(toFloat64({}) / toFloat64({}))", left.text, right.text));
  if (op == TokenKind::Slash && span && is_whole(right.type))
    return whole_quotient(scalars, left, right, Type::Timespan);
  if (op == TokenKind::Percent && (span || time) && other_span)
    return whole_rest(scalars, left, right, Type::Timespan);
  return std::nullopt;
}

}  // namespace

std::string floor_rest(ScalarSql& scalars, const std::string& value, const std::string& divisor, int sign) {
  const std::string rest = scalars.named(fmt::format("moduloOrZero({}, {})", value, divisor));
  const std::string size = sign > 0   ? fmt::format("{} + {}", rest, divisor)
                           : sign < 0 ? fmt::format("{} - {}", rest, divisor)
                                      : fmt::format("if({1} < 0, {0} - {1}, {0} + {1})", rest, divisor);
  return fmt::format("if({0} < 0, {1}, {0})", rest, size);
}

std::optional<SqlValue> arithmetic(ScalarSql& scalars, TokenKind op, const SqlValue& left,
                                   const SqlValue& right) {
  if (is_number(left.type) && is_number(right.type)) return of_numbers(scalars, op, left, right);
  return of_times(scalars, op, left, right);
}

}  // namespace redoubt::query::sql

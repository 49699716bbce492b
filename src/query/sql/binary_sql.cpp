#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/pattern.h"
#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::TokenKind;
using kql::Type;

namespace {

bool is_number(Type type) { return type == Type::Int || type == Type::Long || type == Type::Real; }
bool is_whole(Type type) { return type == Type::Int || type == Type::Long; }

// ---- arithmetic

std::optional<SqlValue> arithmetic(std::string_view sign, Type type, const SqlValue& left,
                                   const SqlValue& right) {
  return ScalarSql::made(type, left.nullable || right.nullable, {&left, &right},
                         fmt::format("({} {} {})", left.text, sign, right.text));
}

/// Not null and not zero, as far as is known.
bool is_divisor(const SqlValue& value) {
  return value.constant && !value.constant->is_null() && value.constant->as_long() != 0 &&
         value.constant->as_long() != -1;
}

SqlValue whole_quotient(const SqlValue& left, const SqlValue& right, Type type) {
  if (is_divisor(right))
    return ScalarSql::made(type, left.nullable, {&left, &right},
                           fmt::format("intDiv({}, {})", left.text, right.text));
  return ScalarSql::made(type, true, {&left, &right},
                         fmt::format("intDivOrZero({}, nullIf({}, 0))", left.text, right.text));
}

SqlValue whole_rest(const SqlValue& left, const SqlValue& right, Type type) {
  if (is_divisor(right))
    return ScalarSql::made(type, left.nullable, {&left, &right},
                           fmt::format("toInt64(positiveModulo({}, abs({})))", left.text, right.text));
  return ScalarSql::made(
      type, true, {&left, &right},
      fmt::format("toInt64(positiveModulo({}, abs(nullIf({}, 0))))", left.text, right.text));
}

std::optional<SqlValue> of_numbers(TokenKind op, const SqlValue& left, const SqlValue& right) {
  const bool whole = is_whole(left.type) && is_whole(right.type);
  const Type type = whole ? Type::Long : Type::Real;
  switch (op) {
    case TokenKind::Plus:
      return arithmetic("+", type, left, right);
    case TokenKind::Minus:
      return arithmetic("-", type, left, right);
    case TokenKind::Asterisk:
      return arithmetic("*", type, left, right);
    case TokenKind::Slash:
      if (whole) return whole_quotient(left, right, type);
      return ScalarSql::made(type, left.nullable || right.nullable, {&left, &right},
                             fmt::format("(toFloat64({}) / toFloat64({}))", left.text, right.text));
    case TokenKind::Percent:
      return whole ? std::optional(whole_rest(left, right, type)) : std::nullopt;
    default:
      return std::nullopt;
  }
}

/// Of which one is a datetime or timespan.
std::optional<SqlValue> of_times(TokenKind op, const SqlValue& left, const SqlValue& right) {
  const bool spans = left.type == Type::Timespan && right.type == Type::Timespan;
  const bool times = left.type == Type::DateTime && right.type == Type::DateTime;
  const bool one_time = left.type == Type::DateTime || right.type == Type::DateTime;
  if (op == TokenKind::Plus && !times && (spans || one_time) && !is_number(left.type) &&
      !is_number(right.type))
    return arithmetic("+", spans ? Type::Timespan : Type::DateTime, left, right);
  if (op == TokenKind::Minus && right.type != Type::Int && !is_number(left.type) && !is_number(right.type))
    return arithmetic("-", left.type == Type::DateTime && !times ? Type::DateTime : Type::Timespan, left,
                      right);
  if (op == TokenKind::Asterisk && (is_whole(left.type) || is_whole(right.type)))
    return arithmetic("*", Type::Timespan, left, right);
  if (op == TokenKind::Slash && spans)
    return ScalarSql::made(Type::Real, left.nullable || right.nullable, {&left, &right},
                           fmt::format("(toFloat64({}) / toFloat64({}))", left.text, right.text));
  if (op == TokenKind::Slash && left.type == Type::Timespan && is_whole(right.type))
    return whole_quotient(left, right, Type::Timespan);
  if (op == TokenKind::Percent && right.type == Type::Timespan)
    return whole_rest(left, right, Type::Timespan);
  return std::nullopt;
}

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

/// Both sides as values that SQL compares; false: it cannot.
bool make_comparable(ScalarSql& scalars, SqlValue& left, SqlValue& right) {
  if (left.type == Type::Dynamic && right.type != Type::Dynamic) {
    if (right.type == Type::String)
      left = text_of_json(scalars, left);
    else if (is_number(right.type))
      left = number_of_json(scalars, left, right.type == Type::Real ? Type::Real : Type::Long);
    else if (right.type == Type::Bool)
      left = bool_of_json(scalars, left);
    else
      return false;
    return true;
  }
  if (right.type == Type::Dynamic && left.type != Type::Dynamic) return make_comparable(scalars, right, left);
  if (left.type == Type::Dynamic) return false;
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
  return left.type == right.type || (is_number(left.type) && is_number(right.type));
}

std::optional<SqlValue> comparison(ScalarSql& scalars, TokenKind op, std::string_view sign, SqlValue left,
                                   SqlValue right, bool truth_only) {
  if (!make_comparable(scalars, left, right)) return std::nullopt;
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

// ---- text

struct TextOperator {
  TokenKind op;
  enum class Test : std::uint8_t { Equal, Contains, Starts, Ends, Has, HasPrefix, HasSuffix, Pattern } test;
  bool minded;  ///< case counts
  bool negated;
};
using Test = TextOperator::Test;
constexpr TextOperator kTextOperators[] = {
    {TokenKind::EqualTilde, Test::Equal, false, false},
    {TokenKind::BangTilde, Test::Equal, false, true},
    {TokenKind::ContainsKeyword, Test::Contains, false, false},
    {TokenKind::NotContainsKeyword, Test::Contains, false, true},
    {TokenKind::ContainsCsKeyword, Test::Contains, true, false},
    {TokenKind::NotContainsCsKeyword, Test::Contains, true, true},
    {TokenKind::StartsWithKeyword, Test::Starts, false, false},
    {TokenKind::NotStartsWithKeyword, Test::Starts, false, true},
    {TokenKind::StartsWithCsKeyword, Test::Starts, true, false},
    {TokenKind::NotStartsWithCsKeyword, Test::Starts, true, true},
    {TokenKind::EndsWithKeyword, Test::Ends, false, false},
    {TokenKind::NotEndsWithKeyword, Test::Ends, false, true},
    {TokenKind::EndsWithCsKeyword, Test::Ends, true, false},
    {TokenKind::NotEndsWithCsKeyword, Test::Ends, true, true},
    {TokenKind::HasKeyword, Test::Has, false, false},
    {TokenKind::NotHasKeyword, Test::Has, false, true},
    {TokenKind::HasCsKeyword, Test::Has, true, false},
    {TokenKind::NotHasCsKeyword, Test::Has, true, true},
    {TokenKind::HasPrefixKeyword, Test::HasPrefix, false, false},
    {TokenKind::NotHasPrefixKeyword, Test::HasPrefix, false, true},
    {TokenKind::HasPrefixCsKeyword, Test::HasPrefix, true, false},
    {TokenKind::NotHasPrefixCsKeyword, Test::HasPrefix, true, true},
    {TokenKind::HasSuffixKeyword, Test::HasSuffix, false, false},
    {TokenKind::NotHasSuffixKeyword, Test::HasSuffix, false, true},
    {TokenKind::HasSuffixCsKeyword, Test::HasSuffix, true, false},
    {TokenKind::NotHasSuffixCsKeyword, Test::HasSuffix, true, true},
    {TokenKind::MatchesRegexKeyword, Test::Pattern, true, false},
};

const TextOperator* text_operator(TokenKind op) {
  for (const TextOperator& row : kTextOperators)
    if (row.op == op) return &row;
  return nullptr;
}

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'); }

bool is_term_byte(char c) { return is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80; }

/// One word that a token search finds.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_alphanumeric);
}

/// A border of a term on each side that asks for one.
std::string term_pattern(std::string_view part, bool minded, bool front, bool back) {
  const bool begins = front && is_term_byte(part.front());
  const bool ends = back && is_term_byte(part.back());
  return fmt::format("{}{}{}{}", minded ? "" : "(?i)", begins ? R"((?:^|[^\p{L}\p{Nd}]))" : "",
                     kql::quote_pattern(part), ends ? R"((?:$|[^\p{L}\p{Nd}]))" : "");
}

std::string has_text(const std::string& left, const std::string& part, bool minded) {
  std::string match = fmt::format("match({}, {})", left, sql_text(term_pattern(part, minded, true, true)));
  if (!is_token(part)) return match;
  // The token search counts all bytes above ASCII as parts of words: texts with such are looked at again.
  return fmt::format("({0}({1}, {2}) OR (lengthUTF8({1}) != length({1}) AND {3}))",
                     minded ? "hasToken" : "hasTokenCaseInsensitive", left, sql_text(part), match);
}

std::string test_text(ScalarSql& scalars, Test test, bool minded, const SqlValue& left,
                      const std::string& part) {
  const bool ascii = is_ascii(part);
  const std::string lowered = sql_text(unicode_lower(part));
  const std::string text =
      minded ? left.text : fmt::format("{}({})", ascii ? "lower" : "lowerUTF8", left.text);
  const std::string sought = minded ? sql_text(part) : lowered;
  switch (test) {
    case Test::Equal:
      return fmt::format("({} = {})", text, sought);
    case Test::Contains:
      if (minded) return fmt::format("(position({}, {}) > 0)", left.text, sought);
      return fmt::format("({}({}, {}) > 0)",
                         ascii ? "positionCaseInsensitive" : "positionCaseInsensitiveUTF8", left.text,
                         sql_text(part));
    case Test::Starts:
      return fmt::format("startsWith({}, {})", text, sought);
    case Test::Ends:
      return fmt::format("endsWith({}, {})", text, sought);
    case Test::Has:
      return has_text(is_token(part) ? scalars.once(left) : left.text, part, minded);
    case Test::HasPrefix:
      return fmt::format("match({}, {})", left.text, sql_text(term_pattern(part, minded, true, false)));
    case Test::HasSuffix:
      return fmt::format("match({}, {})", left.text, sql_text(term_pattern(part, minded, false, true)));
    default:
      return fmt::format("match({}, {})", left.text, sql_text(part));
  }
}

/// The right side is a value of each row.
std::optional<std::string> test_of_rows(const TextOperator& op, const SqlValue& left, const SqlValue& right) {
  const std::string a = op.minded ? left.text : fmt::format("lowerUTF8({})", left.text);
  const std::string b = op.minded ? right.text : fmt::format("lowerUTF8({})", right.text);
  switch (op.test) {
    case Test::Equal:
      return fmt::format("({} = {})", a, b);
    case Test::Contains:
      return fmt::format("(position({}, {}) > 0)", a, b);
    case Test::Starts:
      return fmt::format("startsWith({}, {})", a, b);
    case Test::Ends:
      return fmt::format("endsWith({}, {})", a, b);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<SqlValue> text_test(ScalarSql& scalars, TokenKind op, const SqlValue& left,
                                  const std::string& right) {
  const TextOperator* const row = text_operator(op);
  if (row == nullptr) return std::nullopt;
  if (row->test == Test::Pattern && !kql::check_pattern(right)) return std::nullopt;
  const bool everywhere = right.empty() && row->test != Test::Equal && row->test != Test::Pattern;
  std::string text = everywhere ? "1" : test_text(scalars, row->test, row->minded, left, right);
  if (row->negated) text = fmt::format("NOT {}", text);
  return ScalarSql::made(Type::Bool, false, {&left}, fmt::format("({})", text));
}

std::optional<SqlValue> binary(ScalarSql& scalars, TokenKind op, SqlValue left, SqlValue right,
                               bool truth_only) {
  if (left.type == Type::Decimal || right.type == Type::Decimal) return std::nullopt;
  if (op == TokenKind::AndKeyword || op == TokenKind::OrKeyword)
    return ScalarSql::made(
        Type::Bool, left.nullable || right.nullable, {&left, &right},
        fmt::format("({} {} {})", left.text, op == TokenKind::AndKeyword ? "AND" : "OR", right.text));
  if (const TextOperator* const row = text_operator(op)) {
    const std::optional<SqlValue> text = scalars.converted(std::move(left), Type::String);
    if (!text) return std::nullopt;
    if (right.constant) return text_test(scalars, op, *text, kql::to_text(*right.constant));
    const std::optional<SqlValue> other = scalars.converted(std::move(right), Type::String);
    if (!other) return std::nullopt;
    std::optional<std::string> test = test_of_rows(*row, *text, *other);
    if (!test) return std::nullopt;
    return ScalarSql::made(Type::Bool, false, {&*text, &*other},
                           row->negated ? fmt::format("(NOT {})", *test) : *test);
  }
  if (const std::string_view sign = comparison_sign(op); !sign.empty())
    return comparison(scalars, op, sign, std::move(left), std::move(right), truth_only);
  left = plain(std::move(left));
  right = plain(std::move(right));
  if (is_number(left.type) && is_number(right.type)) return of_numbers(op, left, right);
  return of_times(op, left, right);
}

}  // namespace redoubt::query::sql

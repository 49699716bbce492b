#include "kql/type_rules.h"

#include <span>

#include "kql/detail/operators.h"

namespace redoubt::kql {

namespace {

constexpr TypeSet kDateTime = set_of(Type::DateTime);
constexpr TypeSet kTimespan = set_of(Type::Timespan);
constexpr TypeSet kTimes = kDateTime | kTimespan;
constexpr TypeSet kDynamic = set_of(Type::Dynamic);
constexpr TypeSet kInt = set_of(Type::Int);
constexpr TypeSet kTexts = set_of(Type::String, Type::Dynamic);

/// How the type of an arithmetic result follows.
enum class Gives : std::uint8_t { Widest, Left, Right, Long, Real, DateTime, Timespan, Dynamic };

struct ArithmeticRule {
  TypeSet left;
  TypeSet right;
  Gives gives;
};

// The first rule that fits decides.
constexpr ArithmeticRule kAddition[] = {
    {kNumbers, kNumbers, Gives::Widest},  {kTimespan, kTimespan, Gives::Timespan},
    {kTimes, kTimes, Gives::DateTime},    {kDynamic, kDynamic, Gives::Dynamic},
    {kDynamic, kInt, Gives::Long},        {kInt, kDynamic, Gives::Long},
    {kDynamic, kSummables, Gives::Right}, {kSummables, kDynamic, Gives::Left},
};
constexpr ArithmeticRule kSubtraction[] = {
    {kNumbers, kNumbers, Gives::Widest},     {kTimespan, kTimespan, Gives::Timespan},
    {kDateTime, kDateTime, Gives::Timespan}, {kDateTime, kDynamic, Gives::Timespan},
    {kDynamic, kDateTime, Gives::Timespan},  {kDateTime, kTimespan, Gives::DateTime},
    {kTimespan, kDateTime, Gives::DateTime}, {kDynamic, kDynamic, Gives::Dynamic},
    {kDynamic, kInt, Gives::Long},           {kInt, kDynamic, Gives::Long},
    {kDynamic, kSummables, Gives::Right},    {kSummables, kDynamic, Gives::Left},
};
constexpr ArithmeticRule kMultiplication[] = {
    {kNumbers, kNumbers, Gives::Widest},    {kTimespan, kTimespan, Gives::Timespan},
    {kTimespan, kNumbers, Gives::Timespan}, {kNumbers, kTimespan, Gives::Timespan},
    {kDateTime, kNumbers, Gives::DateTime}, {kNumbers, kDateTime, Gives::DateTime},
    {kDynamic, kDynamic, Gives::Dynamic},   {kDynamic, kInt, Gives::Long},
    {kInt, kDynamic, Gives::Long},          {kDynamic, kNumbers, Gives::Right},
    {kNumbers, kDynamic, Gives::Left},
};
constexpr ArithmeticRule kDivision[] = {
    {kNumbers, kNumbers, Gives::Widest},    {kTimespan, kTimespan, Gives::Real},
    {kTimespan, kNumbers, Gives::Timespan}, {kDateTime, kTimes, Gives::Real},
    {kDateTime, kNumbers, Gives::DateTime}, {kDynamic, kDynamic, Gives::Dynamic},
    {kDynamic, kInt, Gives::Long},          {kInt, kDynamic, Gives::Long},
    {kDynamic, kNumbers, Gives::Right},     {kNumbers, kDynamic, Gives::Left},
};
constexpr ArithmeticRule kRemainder[] = {
    {kNumbers, kNumbers, Gives::Widest},    {kTimespan, kTimespan, Gives::Timespan},
    {kTimespan, kNumbers, Gives::Timespan}, {kDateTime, kTimes, Gives::Timespan},
    {kDateTime, kNumbers, Gives::DateTime}, {kDynamic, kDynamic, Gives::Dynamic},
    {kDynamic, kInt, Gives::Long},          {kInt, kDynamic, Gives::Long},
    {kDynamic, kNumbers, Gives::Right},     {kNumbers, kDynamic, Gives::Left},
};

/// Pairs that can be told which is less.
struct Comparable {
  TypeSet left;
  TypeSet right;
};
constexpr TypeSet kNumbersAndBool = kNumbers | set_of(Type::Bool);
constexpr Comparable kComparable[] = {
    {kNumbersAndBool, kNumbersAndBool},
    {kTimespan, kTimespan},
    {kDateTime, kDateTime},
    {kDynamic, kDynamic},
    {kDynamic, kNumbers},
    {kNumbers, kDynamic},
};

std::span<const ArithmeticRule> rules_of(TokenKind op) {
  switch (op) {
    case TokenKind::Plus:
      return kAddition;
    case TokenKind::Minus:
      return kSubtraction;
    case TokenKind::Asterisk:
      return kMultiplication;
    case TokenKind::Slash:
      return kDivision;
    case TokenKind::Percent:
      return kRemainder;
    default:
      return {};
  }
}

Type widest(Type left, Type right) {
  const Type wide = promotes(left, right) ? right : left;
  return wide == Type::Int ? Type::Long : wide;
}

Type result_of(Gives gives, Type left, Type right) {
  switch (gives) {
    case Gives::Widest:
      return widest(left, right);
    case Gives::Left:
      return left;
    case Gives::Right:
      return right;
    case Gives::Long:
      return Type::Long;
    case Gives::Real:
      return Type::Real;
    case Gives::DateTime:
      return Type::DateTime;
    case Gives::Timespan:
      return Type::Timespan;
    case Gives::Dynamic:
      return Type::Dynamic;
  }
  return Type::Unknown;
}

bool fits(TypeSet set, Type type) { return type == Type::Unknown || contains(set, type); }

/// Of an Unknown side: what all rules that fit agree on.
std::optional<Type> arithmetic_type(std::span<const ArithmeticRule> rules, Type left, Type right) {
  const bool open = left == Type::Unknown || right == Type::Unknown;
  std::optional<Type> found;
  for (const ArithmeticRule& rule : rules) {
    if (!fits(rule.left, left) || !fits(rule.right, right)) continue;
    if (!open) return result_of(rule.gives, left, right);
    const Type type = result_of(rule.gives, left, right);
    if (found && *found != type) return Type::Unknown;
    found = type;
  }
  return found;
}

bool is_comparison(TokenKind op) {
  return op == TokenKind::Less || op == TokenKind::LessEqual || op == TokenKind::Greater ||
         op == TokenKind::GreaterEqual;
}

struct LiteralType {
  TokenKind token;
  Type type;
};
constexpr LiteralType kLiteralTypes[] = {
    {TokenKind::StringLiteral, Type::String},     {TokenKind::BoolLiteral, Type::Bool},
    {TokenKind::IntLiteral, Type::Int},           {TokenKind::LongLiteral, Type::Long},
    {TokenKind::RealLiteral, Type::Real},         {TokenKind::DecimalLiteral, Type::Decimal},
    {TokenKind::DateTimeLiteral, Type::DateTime}, {TokenKind::TimespanLiteral, Type::Timespan},
    {TokenKind::GuidLiteral, Type::Guid},         {TokenKind::RawGuidLiteral, Type::Guid},
};

}  // namespace

Type literal_type(TokenKind kind) {
  for (const LiteralType& row : kLiteralTypes)
    if (row.token == kind) return row.type;
  return Type::Unknown;
}

std::optional<Type> common_type(Type left, Type right) {
  if (left == right) return left;
  if (left == Type::Unknown || right == Type::Unknown) return Type::Unknown;
  if (left == Type::Dynamic || right == Type::Dynamic) return Type::Dynamic;
  if (promotes(left, right)) return right;
  if (promotes(right, left)) return left;
  return std::nullopt;
}

std::optional<Type> operator_type(TokenKind op, Type left, Type right) {
  if (const std::span<const ArithmeticRule> rules = rules_of(op); !rules.empty())
    return arithmetic_type(rules, left, right);
  if (op == TokenKind::AndKeyword || op == TokenKind::OrKeyword) {
    const TypeSet logical = set_of(Type::Bool, Type::Dynamic);
    return fits(logical, left) && fits(logical, right) ? std::optional(Type::Bool) : std::nullopt;
  }
  if (is_comparison(op)) {
    for (const Comparable& pair : kComparable)
      if (fits(pair.left, left) && fits(pair.right, right)) return Type::Bool;
    return std::nullopt;
  }
  if (op == TokenKind::InCsKeyword || op == TokenKind::NotInCsKeyword || op == TokenKind::HasAnyKeyword ||
      op == TokenKind::HasAllKeyword)
    return fits(kTexts, left) ? std::optional(Type::Bool) : std::nullopt;
  if (detail::is_string_operator(op)) {
    const bool open = left == Type::Unknown || right == Type::Unknown;
    return open || (fits(kTexts, left) && fits(kTexts, right)) ? std::optional(Type::Bool) : std::nullopt;
  }
  return Type::Bool;  // ==, !=, in and their like take anything
}

bool between_is_defined(Type value, Type from, Type to) {
  if (value == Type::Unknown || from == Type::Unknown || to == Type::Unknown) return true;
  if (contains(kNumbers, value) && contains(kNumbers, from) && contains(kNumbers, to)) return true;
  if (value == Type::DateTime && from == Type::DateTime && contains(kTimes, to)) return true;
  if (contains(kSummables, value) && from == value && to == value) return true;
  if (contains(kNumbers, value)) return from == Type::Dynamic && to == Type::Dynamic;
  return value == Type::Dynamic && contains(kNumbers, from) && to == from;
}

bool is_step_of(Type step, Type value) {
  const std::optional<Type> sum = operator_type(TokenKind::Plus, step, value);
  if (!sum) return false;
  return *sum == Type::Unknown || *sum == value || value == Type::Unknown ||
         (value == Type::Int && *sum == Type::Long);
}

}  // namespace redoubt::kql

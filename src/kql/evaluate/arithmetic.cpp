#include <cmath>

#include "kql/detail/evaluation.h"

namespace redoubt::kql::detail {

namespace {

using Bits = std::uint64_t;

bool is_number(const Value& value) { return contains(kNumbers, value.type()); }

/// int < long < real < decimal, int becomes long.
Type widest(const Value& left, const Value& right) {
  if (left.is(Type::Decimal) || right.is(Type::Decimal)) return Type::Decimal;
  return left.is(Type::Real) || right.is(Type::Real) ? Type::Real : Type::Long;
}

struct Arithmetic {
  std::optional<std::int64_t> (*longs)(std::int64_t, std::int64_t);
  double (*reals)(double, double);
  std::optional<Decimal> (*decimals)(const Decimal&, const Decimal&);
};

Value of_numbers(const Arithmetic& rule, const Value& left, const Value& right) {
  const Type type = widest(left, right);
  if (left.is_null() || right.is_null()) return Value::null(type);
  if (type == Type::Long) {
    const std::optional<std::int64_t> out = rule.longs(left.as_long(), right.as_long());
    return out ? Value::of_long(*out) : Value::null(type);
  }
  const Value a = convert(left, type);
  const Value b = convert(right, type);
  if (a.is_null() || b.is_null()) return Value::null(type);
  if (type == Type::Real) return Value::of_real(rule.reals(a.as_real(), b.as_real()));
  const std::optional<Decimal> out = rule.decimals(a.as_decimal(), b.as_decimal());
  return out ? Value::of_decimal(*out) : Value::null(type);
}

/// Ticks of a time plus or minus ticks, as a value of the type.
Value moved(const Value& left, const Value& right, bool minus, Type type) {
  if (left.is_null() || right.is_null()) return Value::null(type);
  std::int64_t ticks = 0;
  const bool overflow = minus ? __builtin_sub_overflow(left.ticks(), right.ticks(), &ticks)
                              : __builtin_add_overflow(left.ticks(), right.ticks(), &ticks);
  if (overflow) return Value::null(type);
  return type == Type::DateTime ? Value::of_datetime(ticks) : Value::of_timespan(ticks);
}

Value timespan_of(double ticks) {
  if (!(ticks >= -0x1p63 && ticks < 0x1p63)) return Value::null(Type::Timespan);
  return Value::of_timespan(static_cast<std::int64_t>(ticks));
}

bool is_whole(const Value& value) { return value.is(Type::Int) || value.is(Type::Long); }

std::optional<std::int64_t> add_longs(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<Bits>(a) + static_cast<Bits>(b));
}
std::optional<std::int64_t> subtract_longs(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<Bits>(a) - static_cast<Bits>(b));
}
std::optional<std::int64_t> multiply_longs(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<Bits>(a) * static_cast<Bits>(b));
}
std::optional<std::int64_t> divide_longs(std::int64_t a, std::int64_t b) {
  if (b == 0) return std::nullopt;
  return b == -1 ? subtract_longs(0, a) : std::optional(a / b);
}
/// Never negative: 0 <= result < |b|.
std::optional<std::int64_t> modulo_longs(std::int64_t a, std::int64_t b) {
  if (b == 0) return std::nullopt;
  if (b == -1) return 0;
  const std::int64_t rest = a % b;
  if (rest >= 0) return rest;
  return b < 0 ? rest - b : rest + b;
}
double modulo_reals(double a, double b) {
  const double rest = std::fmod(a, b);
  return rest < 0 ? rest + std::fabs(b) : rest;
}
std::optional<Decimal> subtract_decimals(const Decimal& a, const Decimal& b) {
  return Decimal::add(a, b.negated());
}

constexpr Arithmetic kAdd = {add_longs, [](double a, double b) { return a + b; }, Decimal::add};
constexpr Arithmetic kSubtract = {subtract_longs, [](double a, double b) { return a - b; },
                                  subtract_decimals};
constexpr Arithmetic kMultiply = {multiply_longs, [](double a, double b) { return a * b; },
                                  Decimal::multiply};
constexpr Arithmetic kDivide = {divide_longs, [](double a, double b) { return a / b; }, Decimal::divide};
constexpr Arithmetic kModulo = {modulo_longs, modulo_reals, Decimal::modulo};

Value no_type() { return {}; }

}  // namespace

Value add(const Value& left, const Value& right) {
  if (is_number(left) && is_number(right)) return of_numbers(kAdd, left, right);
  if (left.is(Type::DateTime) && right.is(Type::Timespan)) return moved(left, right, false, Type::DateTime);
  if (left.is(Type::Timespan) && right.is(Type::DateTime)) return moved(left, right, false, Type::DateTime);
  if (left.is(Type::Timespan) && right.is(Type::Timespan)) return moved(left, right, false, Type::Timespan);
  return no_type();
}

Value subtract(const Value& left, const Value& right) {
  if (is_number(left) && is_number(right)) return of_numbers(kSubtract, left, right);
  if (left.is(Type::DateTime) && right.is(Type::Timespan)) return moved(left, right, true, Type::DateTime);
  if (left.is(Type::DateTime) && right.is(Type::DateTime)) return moved(left, right, true, Type::Timespan);
  if (left.is(Type::Timespan) && right.is(Type::Timespan)) return moved(left, right, true, Type::Timespan);
  return no_type();
}

Value multiply(const Value& left, const Value& right) {
  if (is_number(left) && is_number(right)) return of_numbers(kMultiply, left, right);
  if (is_number(left) && right.is(Type::Timespan)) return multiply(right, left);
  if (!left.is(Type::Timespan) || !is_number(right)) return no_type();
  if (left.is_null() || right.is_null()) return Value::null(Type::Timespan);
  if (!is_whole(right)) return timespan_of(static_cast<double>(left.ticks()) * real_of(right).value_or(NAN));
  std::int64_t ticks = 0;
  if (__builtin_mul_overflow(left.ticks(), right.as_long(), &ticks)) return Value::null(Type::Timespan);
  return Value::of_timespan(ticks);
}

Value divide(const Value& left, const Value& right) {
  if (is_number(left) && is_number(right)) return of_numbers(kDivide, left, right);
  if (!left.is(Type::Timespan)) return no_type();
  if (right.is(Type::Timespan)) {
    if (left.is_null() || right.is_null()) return Value::null(Type::Real);
    return Value::of_real(static_cast<double>(left.ticks()) / static_cast<double>(right.ticks()));
  }
  if (!is_number(right)) return no_type();
  if (left.is_null() || right.is_null()) return Value::null(Type::Timespan);
  if (!is_whole(right)) return timespan_of(static_cast<double>(left.ticks()) / real_of(right).value_or(NAN));
  const std::optional<std::int64_t> ticks = divide_longs(left.ticks(), right.as_long());
  return ticks ? Value::of_timespan(*ticks) : Value::null(Type::Timespan);
}

Value modulo(const Value& left, const Value& right) {
  if (is_number(left) && is_number(right)) return of_numbers(kModulo, left, right);
  const bool time = left.is(Type::Timespan) || left.is(Type::DateTime);
  if (!time || !right.is(Type::Timespan)) return no_type();
  if (left.is_null() || right.is_null()) return Value::null(Type::Timespan);
  const std::optional<std::int64_t> ticks = modulo_longs(left.ticks(), right.ticks());
  return ticks ? Value::of_timespan(*ticks) : Value::null(Type::Timespan);
}

Value negate(const Value& operand) {
  if (operand.is(Type::Timespan)) return multiply(operand, Value::of_long(-1));
  if (operand.is(Type::Int)) {
    if (operand.is_null()) return operand;
    return Value::of_int(static_cast<std::int32_t>(0U - static_cast<std::uint32_t>(operand.as_long())));
  }
  if (operand.is(Type::Real)) return operand.is_null() ? operand : Value::of_real(-operand.as_real());
  return subtract(Value::of_long(0), operand);
}

namespace {

/// floor((value - origin) / size) * size + origin
std::optional<std::int64_t> floor_to(std::int64_t value, std::int64_t size, std::int64_t origin) {
  if (size <= 0) return std::nullopt;
  std::int64_t from = 0;
  if (__builtin_sub_overflow(value, origin, &from)) return std::nullopt;
  std::int64_t out = 0;
  if (__builtin_sub_overflow(value, modulo_longs(from, size).value_or(0), &out)) return std::nullopt;
  return out;
}

Value bin_reals(double value, double size, double origin) {
  if (!(size > 0)) return Value::null(Type::Real);
  return Value::of_real(std::floor((value - origin) / size) * size + origin);
}

Value bin_decimals(const Decimal& value, const Decimal& size, const Decimal& origin) {
  if (size.is_zero() || size.is_negative()) return Value::null(Type::Decimal);
  const std::optional<Decimal> from = subtract_decimals(value, origin);
  const std::optional<Decimal> rest = from ? Decimal::modulo(*from, size) : std::nullopt;
  const std::optional<Decimal> out = rest ? subtract_decimals(value, *rest) : std::nullopt;
  return out ? Value::of_decimal(*out) : Value::null(Type::Decimal);
}

Value bin_numbers(const Value& value, const Value& size, const Value& origin) {
  Type type = widest(value, size);
  if (type == Type::Long) type = widest(value, origin);
  const Value a = convert(value, type);
  const Value b = convert(size, type);
  const Value c = convert(origin, type);
  if (a.is_null() || b.is_null() || c.is_null()) return Value::null(type);
  if (type == Type::Real) return bin_reals(a.as_real(), b.as_real(), c.as_real());
  if (type == Type::Decimal) return bin_decimals(a.as_decimal(), b.as_decimal(), c.as_decimal());
  const std::optional<std::int64_t> out = floor_to(a.as_long(), b.as_long(), c.as_long());
  return out ? Value::of_long(*out) : Value::null(type);
}

}  // namespace

Value bin_value(const Value& value, const Value& size, const Value& origin) {
  if (is_number(value)) return bin_numbers(value, size, origin);
  if (!value.is(Type::DateTime) && !value.is(Type::Timespan)) return no_type();
  const Type type = value.type();
  const bool fits = size.is(Type::Timespan) || size.is(Type::DateTime);
  if (value.is_null() || size.is_null() || !fits) return Value::null(type);
  const bool moved_origin = !origin.is_null() && origin.is(type);
  const std::optional<std::int64_t> ticks =
      floor_to(value.ticks(), size.ticks(), moved_origin ? origin.ticks() : 0);
  if (!ticks) return Value::null(type);
  return type == Type::DateTime ? Value::of_datetime(*ticks) : Value::of_timespan(*ticks);
}

}  // namespace redoubt::kql::detail

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "kql/detail/evaluation.h"

namespace redoubt::kql::detail {

namespace {

Result<Value> bin(const Call& call) {
  const Value value = unwrap(call[0]);
  return bin_value(value, unwrap(call[1]), convert(Value::of_long(0), value.type()));
}

/// A bin size that is a number counts days where a time is binned.
Result<Value> bin_at(const Call& call) {
  Value size = unwrap(call[1]);
  const bool time = call[0].is(Type::DateTime) || call[0].is(Type::Timespan);
  if (time && contains(kNumbers, size.type())) size = multiply(Value::of_timespan(kTicksPerDay), size);
  return bin_value(unwrap(call[0]), size, unwrap(call[2]));
}

/// The binder adds what `set query_bin_auto_size` and `set query_bin_auto_at` say.
Result<Value> bin_auto(const Call& call) {
  if (call.size() < 2) return refused(call, "a query without query_bin_auto_size");
  const Value value = unwrap(call[0]);
  const Value origin = call.size() > 2 ? unwrap(call[2]) : convert(Value::of_long(0), value.type());
  return bin_value(value, unwrap(call[1]), origin);
}

Value rounded(double value, std::int64_t digits) {
  if (!std::isfinite(value) || digits > 17) return Value::of_real(value);
  if (digits < -308) return Value::of_real(0);
  const double unit = std::pow(10.0, static_cast<double>(digits < 0 ? -digits : digits));
  const double out = digits < 0 ? std::round(value / unit) * unit : std::round(value * unit) / unit;
  return Value::of_real(std::isfinite(out) ? out : value);
}

Result<Value> round(const Call& call) {
  const Value value = unwrap(call[0]);
  if (value.is_null()) return Value::null(value.type());
  const std::int64_t digits = call.size() > 1 ? call.whole(1).value_or(0) : 0;
  if (value.is(Type::Decimal)) {
    const auto out = value.as_decimal().round(static_cast<int>(std::clamp<std::int64_t>(digits, -99, 99)));
    return out ? Value::of_decimal(*out) : Value::null(Type::Decimal);
  }
  const std::optional<double> real = real_of(value);
  if (!real) return Value::null(Type::Real);
  if (value.is(Type::Real)) return rounded(*real, digits);
  return digits >= 0 ? value : convert(rounded(*real, digits), value.type());
}

/// A real of a whole number, too, as the engine has it.
Result<Value> ceiling(const Call& call) {
  Value value = unwrap(call[0]);
  if (value.is(Type::Decimal) && !value.is_null()) {
    const auto down = value.as_decimal().negated().floor();
    return down ? Value::of_decimal(down->negated()) : Value::null(Type::Decimal);
  }
  const std::optional<double> real = real_of(value);
  return real ? Value::of_real(std::ceil(*real)) : Value::null(Type::Real);
}

Result<Value> abs(const Call& call) {
  const Value value = unwrap(call[0]);
  if (value.is_null()) return value.is(Type::Int) ? Value::null(Type::Long) : value;
  if (value.is(Type::Timespan)) return value.ticks() < 0 ? negate(value) : value;
  if (value.is(Type::Real)) return Value::of_real(std::fabs(value.as_real()));
  if (value.is(Type::Decimal))
    return value.as_decimal().is_negative() ? Value::of_decimal(value.as_decimal().negated()) : value;
  const Value whole = convert(value, Type::Long);
  return !whole.is_null() && whole.as_long() < 0 ? negate(whole) : whole;
}

template <double (*function)(double)>
Result<Value> of_real(const Call& call) {
  const std::optional<double> value = call.real(0);
  return value ? Value::of_real(function(*value)) : Value::null(Type::Real);
}

template <double (*function)(double, double)>
Result<Value> of_reals(const Call& call) {
  const std::optional<double> a = call.real(0);
  const std::optional<double> b = call.real(1);
  return a && b ? Value::of_real(function(*a, *b)) : Value::null(Type::Real);
}

template <bool (*test)(double)>
Result<Value> test_real(const Call& call) {
  const std::optional<double> value = call.real(0);
  return value ? Value::of_bool(test(*value)) : Value::null(Type::Bool);
}

double sign_of(double value) { return value > 0 ? 1.0 : value < 0 ? -1.0 : value; }

/// Keeps the sign; counts within 64.
std::int64_t shift_right(std::uint64_t value, std::uint64_t by) {
  return static_cast<std::int64_t>(value) >> (by & 63U);
}

Result<Value> pi(const Call&) { return Value::of_real(std::numbers::pi); }

constexpr EvaluationRow kRounding[] = {
    {"abs", abs},         {"bin", bin, 2, 2},    {"bin_at", bin_at, 3, 3}, {"bin_auto", bin_auto, 1, 3},
    {"ceiling", ceiling}, {"round", round, 1, 2}};

constexpr EvaluationRow kMath[] = {{"acos", of_real<std::acos>},
                                   {"asin", of_real<std::asin>},
                                   {"atan", of_real<std::atan>},
                                   {"atan2", of_reals<std::atan2>, 2, 2},
                                   {"cos", of_real<std::cos>},
                                   {"cot", of_real<[](double x) { return 1 / std::tan(x); }>},
                                   {"degrees", of_real<[](double x) { return x * 180 / std::numbers::pi; }>},
                                   {"erf", of_real<std::erf>},
                                   {"erfc", of_real<std::erfc>},
                                   {"exp", of_real<std::exp>},
                                   {"exp10", of_real<[](double x) { return std::pow(10.0, x); }>},
                                   {"exp2", of_real<std::exp2>},
                                   {"gamma", of_real<std::tgamma>},
                                   {"isfinite", test_real<[](double x) { return std::isfinite(x); }>},
                                   {"isinf", test_real<[](double x) { return std::isinf(x); }>},
                                   {"isnan", test_real<[](double x) { return std::isnan(x); }>},
                                   {"log", of_real<std::log>},
                                   {"log10", of_real<std::log10>},
                                   {"log2", of_real<std::log2>},
                                   {"loggamma", of_real<std::lgamma>},
                                   {"pi", pi, 0, 0},
                                   {"pow", of_reals<std::pow>, 2, 2},
                                   {"radians", of_real<[](double x) { return x * std::numbers::pi / 180; }>},
                                   {"sign", of_real<sign_of>},
                                   {"sin", of_real<std::sin>},
                                   {"sqrt", of_real<std::sqrt>},
                                   {"tan", of_real<std::tan>}};

template <std::int64_t (*function)(std::uint64_t, std::uint64_t)>
Result<Value> bits(const Call& call) {
  const std::optional<std::int64_t> a = call.whole(0);
  const std::optional<std::int64_t> b = call.size() > 1 ? call.whole(1) : 0;
  if (!a || !b) return Value::null(Type::Long);
  return Value::of_long(function(static_cast<std::uint64_t>(*a), static_cast<std::uint64_t>(*b)));
}

// Shifts count within 64; the right one keeps the sign.
constexpr EvaluationRow kBits[] = {
    {"binary_and", bits<[](std::uint64_t a, std::uint64_t b) { return static_cast<std::int64_t>(a & b); }>, 2,
     2},
    {"binary_not", bits<[](std::uint64_t a, std::uint64_t) { return static_cast<std::int64_t>(~a); }>},
    {"binary_or", bits<[](std::uint64_t a, std::uint64_t b) { return static_cast<std::int64_t>(a | b); }>, 2,
     2},
    {"binary_shift_left",
     bits<[](std::uint64_t a, std::uint64_t b) { return static_cast<std::int64_t>(a << (b & 63U)); }>, 2, 2},
    {"binary_shift_right", bits<shift_right>, 2, 2},
    {"binary_xor", bits<[](std::uint64_t a, std::uint64_t b) { return static_cast<std::int64_t>(a ^ b); }>, 2,
     2},
    {"bitset_count_ones",
     bits<[](std::uint64_t a, std::uint64_t) { return static_cast<std::int64_t>(std::popcount(a)); }>}};

}  // namespace

EvaluationRows rounding_evaluations() { return kRounding; }
EvaluationRows math_evaluations() { return kMath; }
EvaluationRows bit_evaluations() { return kBits; }

}  // namespace redoubt::kql::detail

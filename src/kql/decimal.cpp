#include "kql/decimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "kql/detail/wide_integer.h"

namespace redoubt::kql {

namespace {

using detail::Wide;

constexpr int kDigits = 34;

}  // namespace

/// A decimal whose number may still be too long: what operations work on.
struct DecimalParts {
  Wide number;
  int scale = 0;
  bool negative = false;
  bool more = false;  ///< something not zero was cut off already

  static DecimalParts of(const Decimal& value) {
    const bool negative = value.mantissa_ < 0;
    __extension__ using Unsigned = unsigned __int128;
    return {Wide(static_cast<Unsigned>(negative ? -value.mantissa_ : value.mantissa_)), value.scale_,
            negative};
  }

  /// The same value at a larger scale.
  void widen(int to) {
    number = number.times(Wide::power_of_ten(to - scale));
    scale = to;
  }

  /// Drops digits, rounding half to even.
  void drop(int digits) {
    if (digits <= 0) return;
    if (digits > Wide::kMaxPower) {
      more = more || !number.is_zero();
      number = Wide();
    } else {
      const auto [quotient, rest] = number.divided(Wide::power_of_ten(digits));
      const Wide twice = rest.times(Wide(2));
      const int half = twice.compare(Wide::power_of_ten(digits));
      const bool up = half > 0 || (half == 0 && (more || quotient.is_odd()));
      more = more || !rest.is_zero();
      number = up ? quotient.plus(Wide(1)) : quotient;
    }
    scale -= digits;
  }

  std::optional<Decimal> finish() {
    drop(scale - kDigits);
    drop(std::min(number.digits() - kDigits, scale));
    while (scale > 0) {
      const auto [quotient, rest] = number.divided(Wide(10));
      if (!rest.is_zero()) break;
      number = quotient;
      --scale;
    }
    if (number.is_zero()) return Decimal();
    if (number.digits() - std::min(scale, 0) > kDigits) return std::nullopt;
    if (scale < 0) widen(0);
    const auto mantissa = static_cast<Decimal::Mantissa>(number.low());
    return Decimal(negative ? -mantissa : mantissa, static_cast<std::uint8_t>(scale));
  }
};

Decimal::Decimal(std::int64_t value) : mantissa_(value) {}

std::optional<Decimal> Decimal::read(std::string_view text) {
  DecimalParts parts;
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) parts.negative = text[i++] == '-';
  bool any = false;
  bool point = false;
  int kept = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && !point) {
      point = true;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') break;
    any = true;
    if (kept < 2 * kDigits) {
      parts.number = parts.number.times(Wide(10)).plus(Wide(static_cast<unsigned>(text[i] - '0')));
      if (!parts.number.is_zero()) ++kept;
      if (point) ++parts.scale;
    } else {
      parts.more = parts.more || text[i] != '0';
      if (!point && --parts.scale < -kDigits) return std::nullopt;
    }
    if (parts.scale > 1'000'000) return std::nullopt;
  }
  if (!any) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    const std::string exponent(text.substr(i + 1));
    char* end = nullptr;
    const long power = std::strtol(exponent.c_str(), &end, 10);
    if (exponent.empty() || *end != '\0' || std::labs(power) > 100'000 || exponent.front() == ' ')
      return std::nullopt;
    parts.scale -= static_cast<int>(power);
  } else if (i != text.size()) {
    return std::nullopt;
  }
  return parts.finish();
}

std::optional<Decimal> Decimal::from_real(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  return read(fmt::format("{}", value));
}

std::string Decimal::text() const {
  std::string digits = DecimalParts::of(*this).number.text();
  if (scale_ > 0) {
    if (digits.size() <= scale_) digits.insert(0, scale_ + 1 - digits.size(), '0');
    digits.insert(digits.size() - scale_, 1, '.');
  }
  return mantissa_ < 0 ? "-" + digits : digits;
}

double Decimal::to_real() const { return std::strtod(text().c_str(), nullptr); }

std::optional<std::int64_t> Decimal::to_long() const {
  const Wide whole = DecimalParts::of(*this).number.divided(Wide::power_of_ten(scale_)).quotient;
  const auto value = static_cast<Mantissa>(whole.low());
  const Mantissa with_sign = mantissa_ < 0 ? -value : value;
  if (with_sign < INT64_MIN || with_sign > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(with_sign);
}

Decimal Decimal::negated() const { return {-mantissa_, scale_}; }

std::optional<Decimal> Decimal::add(const Decimal& left, const Decimal& right) {
  DecimalParts a = DecimalParts::of(left);
  DecimalParts b = DecimalParts::of(right);
  const int scale = std::max(a.scale, b.scale);
  a.widen(scale);
  b.widen(scale);
  if (a.negative == b.negative) {
    a.number = a.number.plus(b.number);
  } else if (a.number.compare(b.number) >= 0) {
    a.number = a.number.minus(b.number);
  } else {
    a.number = b.number.minus(a.number);
    a.negative = b.negative;
  }
  return a.finish();
}

std::optional<Decimal> Decimal::multiply(const Decimal& left, const Decimal& right) {
  DecimalParts a = DecimalParts::of(left);
  const DecimalParts b = DecimalParts::of(right);
  a.number = a.number.times(b.number);
  a.scale += b.scale;
  a.negative = a.negative != b.negative;
  return a.finish();
}

std::optional<Decimal> Decimal::divide(const Decimal& left, const Decimal& right) {
  if (right.is_zero()) return std::nullopt;
  DecimalParts a = DecimalParts::of(left);
  const DecimalParts b = DecimalParts::of(right);
  // As many digits as there is room for, so that at least 34 of the quotient are right.
  a.widen(a.scale + Wide::kMaxPower - 1 - a.number.digits());
  const auto [quotient, rest] = a.number.divided(b.number);
  a.number = quotient;
  a.more = !rest.is_zero();
  a.scale -= b.scale;
  a.negative = a.negative != b.negative;
  return a.finish();
}

std::optional<Decimal> Decimal::modulo(const Decimal& left, const Decimal& right) {
  if (right.is_zero()) return std::nullopt;
  DecimalParts a = DecimalParts::of(left);
  DecimalParts b = DecimalParts::of(right);
  const int scale = std::max(a.scale, b.scale);
  a.widen(scale);
  b.widen(scale);
  Wide rest = a.number.divided(b.number).rest;
  if (a.negative && !rest.is_zero()) rest = b.number.minus(rest);
  return DecimalParts{rest, scale}.finish();
}

std::optional<Decimal> Decimal::floor() const {
  DecimalParts parts = DecimalParts::of(*this);
  const auto [whole, rest] = parts.number.divided(Wide::power_of_ten(scale_));
  parts.number = parts.negative && !rest.is_zero() ? whole.plus(Wide(1)) : whole;
  parts.scale = 0;
  return parts.finish();
}

std::optional<Decimal> Decimal::round(int digits) const {
  if (digits >= scale_) return *this;
  if (digits < -kDigits) return Decimal();
  DecimalParts parts = DecimalParts::of(*this);
  const Wide unit = Wide::power_of_ten(scale_ - digits);
  const auto [whole, rest] = parts.number.divided(unit);
  parts.number = rest.times(Wide(2)).compare(unit) >= 0 ? whole.plus(Wide(1)) : whole;
  parts.scale = digits;
  return parts.finish();
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  DecimalParts a = DecimalParts::of(*this);
  DecimalParts b = DecimalParts::of(other);
  if (a.negative != b.negative) return b.negative <=> a.negative;
  const int scale = std::max(a.scale, b.scale);
  a.widen(scale);
  b.widen(scale);
  const int order = a.number.compare(b.number);
  return (a.negative ? -order : order) <=> 0;
}

}  // namespace redoubt::kql

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace redoubt::kql {

/// A decimal number of at most 34 digits: `mantissa` / 10^`scale`, 0 <= scale <= 34, without zeros at its
/// end.
///
/// Kusto's decimal is a 128-bit floating decimal. Here the exponent is limited to what that scale says:
/// values of 10^34 and more do not exist (the operation gives nothing), digits after the 34th behind the
/// point are rounded half to even. Inside these bounds results are exact where 34 digits hold them. Source:
/// Kusto Query Language reference, "The decimal data type".
class Decimal {
 public:
  __extension__ using Mantissa = __int128;

  Decimal() = default;
  explicit Decimal(std::int64_t value);

  /// `-12.50`, `1e-3`; nothing for another text and for what is too large.
  static std::optional<Decimal> read(std::string_view text);
  /// Of the shortest text that stands for the real; nothing for NaN, infinities and what is too large.
  static std::optional<Decimal> from_real(double value);

  std::string text() const;
  double to_real() const;
  /// Cut toward zero; nothing when it does not fit.
  std::optional<std::int64_t> to_long() const;
  bool is_zero() const { return mantissa_ == 0; }
  bool is_negative() const { return mantissa_ < 0; }
  Decimal negated() const;

  static std::optional<Decimal> add(const Decimal& left, const Decimal& right);
  static std::optional<Decimal> multiply(const Decimal& left, const Decimal& right);
  /// Nothing for a division by zero.
  static std::optional<Decimal> divide(const Decimal& left, const Decimal& right);
  /// What is left of a division that gives the next lower whole number: never negative.
  static std::optional<Decimal> modulo(const Decimal& left, const Decimal& right);
  /// The next whole number below.
  std::optional<Decimal> floor() const;
  /// Rounded to a number of digits behind the point, halves away from zero; negative: digits in front of it.
  std::optional<Decimal> round(int digits) const;

  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal& other) const = default;

 private:
  Decimal(Mantissa mantissa, std::uint8_t scale) : mantissa_(mantissa), scale_(scale) {}
  friend struct DecimalParts;

  Mantissa mantissa_ = 0;
  std::uint8_t scale_ = 0;
};

}  // namespace redoubt::kql

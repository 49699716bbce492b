#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace redoubt::kql::detail {

/// A whole number below 2^256, for the steps of decimal arithmetic in between.
class Wide {
 public:
  __extension__ using Half = unsigned __int128;
  static constexpr int kMaxPower = 77;  ///< 10^76 is the largest power of ten used

  Wide() = default;
  explicit Wide(Half value);
  static Wide power_of_ten(int power);

  bool is_zero() const;
  bool is_odd() const { return (limbs_[0] & 1U) != 0; }
  /// The lower half.
  Half low() const;
  /// How many decimal digits it has; 0 of zero.
  int digits() const;
  std::string text() const;

  // What does not fit is lost.
  Wide plus(const Wide& other) const;
  Wide minus(const Wide& other) const;
  Wide times(const Wide& other) const;
  struct Division;
  Division divided(const Wide& by) const;
  int compare(const Wide& other) const;

 private:
  static constexpr int kLimbs = 8;
  int bits() const;
  std::array<std::uint32_t, kLimbs> limbs_{};
};

struct Wide::Division {
  Wide quotient;
  Wide rest;
};

}  // namespace redoubt::kql::detail

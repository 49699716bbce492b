#include "kql/detail/wide_integer.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "core/result.h"

namespace redoubt::kql::detail {

namespace {

constexpr int kBits = 32;

}  // namespace

Wide::Wide(Half value) {
  for (std::size_t i = 0; i < 4; ++i)
    limbs_[i] = static_cast<std::uint32_t>(value >> (i * kBits));
}

Wide Wide::power_of_ten(int power) {
  RD_CHECK(power >= 0 && power <= kMaxPower);
  static const std::vector<Wide> powers = [] {
    std::vector<Wide> out{Wide(1)};
    while (out.size() <= static_cast<std::size_t>(kMaxPower))
      out.push_back(out.back().times(Wide(10)));
    return out;
  }();
  return powers[static_cast<std::size_t>(power)];
}

bool Wide::is_zero() const {
  return std::all_of(limbs_.begin(), limbs_.end(), [](std::uint32_t limb) { return limb == 0; });
}

Wide::Half Wide::low() const {
  Half out = 0;
  for (std::size_t i = 4; i-- > 0;)
    out = (out << kBits) | limbs_[i];
  return out;
}

int Wide::digits() const {
  int count = 0;
  while (count <= kMaxPower && compare(power_of_ten(count)) >= 0)
    ++count;
  return count;
}

std::string Wide::text() const {
  std::string out;
  Wide left = *this;
  do {
    const Division step = left.divided(Wide(10));
    out.push_back(static_cast<char>('0' + static_cast<int>(step.rest.limbs_[0])));
    left = step.quotient;
  } while (!left.is_zero());
  std::reverse(out.begin(), out.end());
  return out;
}

Wide Wide::plus(const Wide& other) const {
  Wide out;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    carry += std::uint64_t{limbs_[i]} + other.limbs_[i];
    out.limbs_[i] = static_cast<std::uint32_t>(carry);
    carry >>= kBits;
  }
  return out;
}

Wide Wide::minus(const Wide& other) const {
  Wide out;
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    const std::int64_t step = std::int64_t{limbs_[i]} - other.limbs_[i] + borrow;
    out.limbs_[i] = static_cast<std::uint32_t>(step);
    borrow = step < 0 ? -1 : 0;
  }
  return out;
}

Wide Wide::times(const Wide& other) const {
  Wide out;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; i + j < kLimbs; ++j) {
      carry += std::uint64_t{limbs_[i]} * other.limbs_[j] + out.limbs_[i + j];
      out.limbs_[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= kBits;
    }
  }
  return out;
}

int Wide::bits() const {
  for (std::size_t i = kLimbs; i-- > 0;)
    if (limbs_[i] != 0) return static_cast<int>(i) * kBits + (kBits - std::countl_zero(limbs_[i]));
  return 0;
}

Wide::Division Wide::divided(const Wide& by) const {
  RD_CHECK(!by.is_zero());
  Division out;
  for (int bit = bits(); bit-- > 0;) {
    const auto limb = static_cast<std::size_t>(bit / kBits);
    const auto shift = static_cast<unsigned>(bit % kBits);
    out.rest = out.rest.plus(out.rest);
    out.rest.limbs_[0] |= (limbs_[limb] >> shift) & 1U;
    if (out.rest.compare(by) < 0) continue;
    out.rest = out.rest.minus(by);
    out.quotient.limbs_[limb] |= 1U << shift;
  }
  return out;
}

int Wide::compare(const Wide& other) const {
  for (std::size_t i = kLimbs; i-- > 0;)
    if (limbs_[i] != other.limbs_[i]) return limbs_[i] < other.limbs_[i] ? -1 : 1;
  return 0;
}

}  // namespace redoubt::kql::detail

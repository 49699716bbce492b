#pragma once

#include <optional>
#include <string_view>

namespace redoubt::arm::detail {

/// A whole decimal number of one to nine digits, without sign or space.
inline std::optional<int> digits_value(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return std::nullopt;
  int value = 0;
  for (char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  return value;
}

}  // namespace redoubt::arm::detail

#include "arm/ordering.h"

#include <array>
#include <cstdint>
#include <optional>

#include "core/text.h"
#include "core/utf8.h"

namespace redoubt::arm {
namespace {

// CLDR root order of the ASCII characters that are neither letters nor digits.
constexpr std::string_view kPunctuation = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
constexpr std::uint32_t kDigits = 0x80;
constexpr std::uint32_t kLetters = 0xA0;

/// 0: the character has no weight (control characters).
constexpr std::array<std::uint32_t, 128> ascii_weights() {
  std::array<std::uint32_t, 128> weights{};
  for (std::size_t i = 0; i < kPunctuation.size(); ++i)
    weights[static_cast<unsigned char>(kPunctuation[i])] = static_cast<std::uint32_t>(i) + 1;
  for (std::uint32_t i = 0; i < 10; ++i)
    weights['0' + i] = kDigits + i;
  for (std::uint32_t i = 0; i < 26; ++i)
    weights['a' + i] = weights['A' + i] = kLetters + i;
  return weights;
}
constexpr std::array<std::uint32_t, 128> kWeights = ascii_weights();

struct Weight {
  std::uint32_t primary;
  bool capital;
};

/// The next character that has a weight; the offset moves past it.
std::optional<Weight> next_weight(std::string_view text, std::size_t& offset) {
  while (offset < text.size()) {
    const auto byte = static_cast<unsigned char>(text[offset]);
    if (byte < 0x80) {
      ++offset;
      if (kWeights[byte] != 0) return Weight{kWeights[byte], byte >= 'A' && byte <= 'Z'};
      continue;
    }
    const std::size_t bytes = decode_utf8(text, offset).bytes;
    const std::string_view character = text.substr(offset, bytes);
    offset += bytes;
    const std::string small = unicode_lower(character);
    return Weight{0x100 + static_cast<std::uint32_t>(decode_utf8(small, 0).code), small != character};
  }
  return std::nullopt;
}

int sign(bool less) { return less ? -1 : 1; }

}  // namespace

int compare_invariant(std::string_view left, std::string_view right, bool ignore_case) {
  int by_case = 0;
  for (std::size_t left_offset = 0, right_offset = 0;;) {
    const std::optional<Weight> first = next_weight(left, left_offset);
    const std::optional<Weight> second = next_weight(right, right_offset);
    if (!first && !second) return ignore_case ? 0 : by_case;
    if (!first || !second) return sign(!first);
    if (first->primary != second->primary) return sign(first->primary < second->primary);
    if (by_case == 0 && first->capital != second->capital) by_case = sign(second->capital);
  }
}

}  // namespace redoubt::arm

#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"

namespace redoubt::estate::detail {

/// A hash of text that does not see ASCII case: the bit that tells the cases apart is set in every byte.
inline std::uint64_t hash_any_case(std::string_view text) {
  constexpr std::uint64_t kCase = 0x2020202020202020U;
  constexpr std::uint64_t kMultiplier = 0x9e3779b97f4a7c15U;
  std::uint64_t hash = text.size();
  while (!text.empty()) {
    std::uint64_t word = 0;
    const std::size_t size = std::min(text.size(), sizeof word);
    std::memcpy(&word, text.data(), size);
    hash = (hash ^ (word | kCase)) * kMultiplier;
    hash ^= hash >> 29;
    text.remove_prefix(size);
  }
  return hash ^ (hash >> 32);
}

/// Finds numbers by a text that their owner keeps, without regard to ASCII case: 4 to 8 bytes an entry.
/// `key_of(number)` gives the text of a number that was put in.
class TextIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// Room for that many without growing.
  void reserve(std::size_t count) {
    if (slots_.empty()) slots_.assign(std::bit_ceil(count * 4 / 3 + 64), kNone);
  }

  template <class KeyOf>
  std::uint32_t find(std::string_view key, const KeyOf& key_of) const {
    return slots_.empty() ? kNone : slots_[slot_of(key, key_of)];
  }

  /// Puts the number in if the key is not there; gives the number that is there in the end.
  template <class KeyOf>
  std::uint32_t find_or_put(std::string_view key, std::uint32_t number, const KeyOf& key_of) {
    std::uint32_t& slot = slot_for(key, key_of);
    if (slot != kNone) return slot;
    ++used_;
    return slot = number;
  }

  /// Puts the number in, in place of the one that was there; gives that one, or kNone.
  template <class KeyOf>
  std::uint32_t replace(std::string_view key, std::uint32_t number, const KeyOf& key_of) {
    std::uint32_t& slot = slot_for(key, key_of);
    if (slot == kNone) ++used_;
    return std::exchange(slot, number);
  }

 private:
  /// Most keys are written as they are looked for.
  static bool same(std::string_view left, std::string_view right) {
    return left == right || equal_any_case(left, right);
  }

  template <class KeyOf>
  std::uint32_t& slot_for(std::string_view key, const KeyOf& key_of) {
    if ((used_ + 1) * 4 > slots_.size() * 3) grow(key_of);
    return slots_[slot_of(key, key_of)];
  }

  template <class KeyOf>
  std::size_t slot_of(std::string_view key, const KeyOf& key_of) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = static_cast<std::size_t>(hash_any_case(key)) & mask;
    while (slots_[at] != kNone && !same(key_of(slots_[at]), key))
      at = (at + 1) & mask;
    return at;
  }

  template <class KeyOf>
  void grow(const KeyOf& key_of) {
    std::vector<std::uint32_t> old(slots_.empty() ? 64 : slots_.size() * 2, kNone);
    old.swap(slots_);
    for (const std::uint32_t number : old)
      if (number != kNone) slots_[slot_of(key_of(number), key_of)] = number;
  }

  std::vector<std::uint32_t> slots_;
  std::size_t used_ = 0;
};

}  // namespace redoubt::estate::detail

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/text.h"

namespace redoubt::estate::detail {

/// A hash of text without regard to ASCII case.
inline std::uint64_t hash_any_case(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(lower(c))) * 0x100000001b3U;
  return hash ^ (hash >> 32);
}

/// Finds numbers by a text that their owner keeps, without regard to ASCII case: 4 to 8 bytes an entry.
/// `key_of(number)` gives the text of a number that was put in.
class TextIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  template <class KeyOf>
  std::uint32_t find(std::string_view key, const KeyOf& key_of) const {
    if (slots_.empty()) return kNone;
    const std::uint32_t number = slots_[slot_of(key, key_of)];
    return number;
  }

  /// Puts the number in, or in place of the one that was there.
  template <class KeyOf>
  void put(std::string_view key, std::uint32_t number, const KeyOf& key_of) {
    if ((used_ + 1) * 4 > slots_.size() * 3) grow(key_of);
    std::uint32_t& slot = slots_[slot_of(key, key_of)];
    if (slot == kNone) ++used_;
    slot = number;
  }

 private:
  template <class KeyOf>
  std::size_t slot_of(std::string_view key, const KeyOf& key_of) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = static_cast<std::size_t>(hash_any_case(key)) & mask;
    while (slots_[at] != kNone && !equal_any_case(key_of(slots_[at]), key)) at = (at + 1) & mask;
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

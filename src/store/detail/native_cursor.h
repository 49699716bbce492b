#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace redoubt::store::detail {

/// Bytes on the way in. Where too few are there, nothing is taken and nothing is given.
class NativeCursor {
 public:
  NativeCursor(std::string_view bytes, std::uint64_t offset) : rest_(bytes), offset_(offset) {}

  std::optional<std::string_view> take(std::uint64_t size);
  /// A number of seven bits a byte, lowest first. One of more than 64 bits is the largest there is.
  std::optional<std::uint64_t> varint();
  std::optional<std::uint64_t> uint64();
  /// A varint and as many bytes. Nothing is taken where it is longer than `max`: `too_long` then.
  std::optional<std::string_view> text(std::uint64_t max, bool& too_long);

  std::string_view rest() const { return rest_; }
  std::uint64_t offset() const { return offset_; }  ///< of rest(), since the first byte of all

 private:
  std::string_view rest_;
  std::uint64_t offset_;
};

}  // namespace redoubt::store::detail

#include "store/detail/native_cursor.h"

#include <limits>

namespace redoubt::store::detail {

namespace {

constexpr std::size_t kLongestVarint = 10;
constexpr unsigned kBitsOfByte = 7;
constexpr unsigned kMore = 0x80;

}  // namespace

std::optional<std::string_view> NativeCursor::take(std::uint64_t size) {
  if (size > rest_.size()) return std::nullopt;
  const std::string_view out = rest_.substr(0, size);
  rest_.remove_prefix(size);
  offset_ += size;
  return out;
}

std::optional<std::uint64_t> NativeCursor::varint() {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < rest_.size() && i < kLongestVarint; ++i) {
    const auto byte = static_cast<unsigned char>(rest_[i]);
    value |= static_cast<std::uint64_t>(byte & (kMore - 1)) << (kBitsOfByte * i);
    if ((byte & kMore) != 0) continue;
    take(i + 1);
    return value;
  }
  if (rest_.size() < kLongestVarint) return std::nullopt;
  take(kLongestVarint);
  return std::numeric_limits<std::uint64_t>::max();
}

std::optional<std::uint64_t> NativeCursor::uint64() {
  const std::optional<std::string_view> bytes = take(sizeof(std::uint64_t));
  if (!bytes) return std::nullopt;
  std::uint64_t value = 0;
  std::memcpy(&value, bytes->data(), sizeof value);
  return value;
}

std::optional<std::string_view> NativeCursor::text(std::uint64_t max, bool& too_long) {
  const NativeCursor before = *this;
  const std::optional<std::uint64_t> size = varint();
  too_long = size && *size > max;
  std::optional<std::string_view> out;
  if (size && !too_long) out = take(*size);
  if (!out) *this = before;
  return out;
}

}  // namespace redoubt::store::detail

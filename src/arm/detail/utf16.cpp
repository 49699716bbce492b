#include "arm/detail/utf16.h"

#include <algorithm>

#include "core/text.h"
#include "core/utf8.h"

namespace redoubt::arm::detail {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

std::int64_t units(const Utf8Character& character) {
  return character.valid && character.code > 0xFFFF ? 2 : 1;
}

}  // namespace

std::int64_t utf16_length(std::string_view text) { return utf16_position(text, text.size()); }

std::int64_t utf16_position(std::string_view text, std::size_t offset) {
  if (is_ascii(text.substr(0, offset))) return static_cast<std::int64_t>(offset);
  std::int64_t position = 0;
  for (std::size_t i = 0; i < offset;) {
    const Utf8Character character = decode_utf8(text, i);
    position += units(character);
    i += character.bytes;
  }
  return position;
}

std::string utf16_slice(std::string_view text, std::int64_t start, std::int64_t count) {
  if (is_ascii(text))
    return std::string(text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(count)));
  std::string out;
  const std::int64_t end = start + count;
  std::int64_t position = 0;
  for (std::size_t i = 0; i < text.size() && position < end;) {
    const Utf8Character character = decode_utf8(text, i);
    const std::int64_t next = position + units(character);
    const bool cut = position < start || next > end;
    if (next > start && cut)
      append_utf8(out, kReplacement);
    else if (next > start)
      out.append(text.substr(i, character.bytes));
    position = next;
    i += character.bytes;
  }
  return out;
}

}  // namespace redoubt::arm::detail

#include <unicode/uchar.h>

#include <algorithm>
#include <cstring>

#include "core/text.h"
#include "core/utf8.h"

namespace redoubt {
namespace {

// .NET's invariant and ordinal casing keep these three apart from ASCII i, I and s, unlike Unicode's tables.
constexpr char32_t kDottedCapitalI = 0x130;
constexpr char32_t kDotlessSmallI = 0x131;
constexpr char32_t kLongSmallS = 0x17F;

char32_t lower_of(char32_t code) {
  if (code < 0x80) return static_cast<unsigned char>(lower(static_cast<char>(code)));
  if (code == kDottedCapitalI) return code;
  return static_cast<char32_t>(u_tolower(static_cast<UChar32>(code)));
}

char32_t upper_of(char32_t code) {
  if (code < 0x80) return code >= 'a' && code <= 'z' ? code - ('a' - 'A') : code;
  if (code == kDotlessSmallI || code == kLongSmallS) return code;
  return static_cast<char32_t>(u_toupper(static_cast<UChar32>(code)));
}

std::string mapped(std::string_view text, char32_t (*map)(char32_t)) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      out += static_cast<char>(map(static_cast<unsigned char>(text[i++])));
      continue;
    }
    const Utf8Character character = decode_utf8(text, i);
    if (character.valid)
      append_utf8(out, map(character.code));
    else
      out += text[i];
    i += character.bytes;
  }
  return out;
}

// .NET orders text by its UTF-16 units, where characters above U+FFFF come before U+E000 to U+FFFF.
char32_t utf16_rank(char32_t code) { return code >= 0xE000 && code <= 0xFFFF ? code + 0x200000 : code; }

// Bytes of `text` whose upper-cased form takes `mapped_bytes`.
std::size_t source_bytes(std::string_view text, std::size_t mapped_bytes) {
  std::size_t i = 0;
  std::string form;
  while (i < text.size() && mapped_bytes > 0) {
    const Utf8Character character = decode_utf8(text, i);
    form.clear();
    if (character.valid) append_utf8(form, upper_of(character.code));
    mapped_bytes -= std::min(mapped_bytes, std::max(form.size(), std::size_t{1}));
    i += character.bytes;
  }
  return i;
}

std::size_t position(std::string_view text, std::string_view part) {
  const void* found = memmem(text.data(), text.size(), part.data(), part.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

bool is_letter_or_digit(char32_t code) { return u_isalnum(static_cast<UChar32>(code)) != 0; }

std::string unicode_lower(std::string_view text) { return mapped(text, lower_of); }

std::string unicode_upper(std::string_view text) { return mapped(text, upper_of); }

bool equal_ignore_case(std::string_view left, std::string_view right) {
  if (left.size() == right.size() && equal_any_case(left, right)) return true;
  // Casing keeps ASCII apart from all else, so two such texts differ here for good.
  if (is_ascii(left) && is_ascii(right)) return false;
  return compare_ignore_case(left, right) == 0;
}

int compare_ignore_case(std::string_view left, std::string_view right) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < left.size() && j < right.size()) {
    const Utf8Character a = decode_utf8(left, i);
    const Utf8Character b = decode_utf8(right, j);
    const char32_t x = utf16_rank(a.valid ? upper_of(a.code) : a.code);
    const char32_t y = utf16_rank(b.valid ? upper_of(b.code) : b.code);
    if (x != y) return x < y ? -1 : 1;
    if (a.valid != b.valid) return a.valid ? -1 : 1;
    i += a.bytes;
    j += b.bytes;
  }
  return static_cast<int>(i < left.size()) - static_cast<int>(j < right.size());
}

// Both searches stay linear for any input: memmem is, where std::string::find is not.
std::size_t find_ignore_case(std::string_view text, std::string_view part) {
  if (part.empty()) return 0;
  const std::size_t found = position(unicode_upper(text), unicode_upper(part));
  return found == std::string_view::npos ? found : source_bytes(text, found);
}

std::size_t rfind_ignore_case(std::string_view text, std::string_view part) {
  if (part.empty()) return text.size();
  std::string backward_text = unicode_upper(text);
  std::string backward_part = unicode_upper(part);
  std::reverse(backward_text.begin(), backward_text.end());
  std::reverse(backward_part.begin(), backward_part.end());
  const std::size_t found = position(backward_text, backward_part);
  if (found == std::string_view::npos) return found;
  return source_bytes(text, backward_text.size() - found - backward_part.size());
}

}  // namespace redoubt

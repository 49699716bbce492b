#pragma once

#include <cstddef>
#include <string_view>

namespace redoubt::kql::detail {

// Characters as KQL tells them apart. Names are ASCII.

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_identifier_start(char c) { return is_letter(c) || c == '_' || c == '$'; }
constexpr bool is_identifier_part(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

/// Bytes of the front of a text that could be a name.
constexpr std::size_t word_size(std::string_view text) {
  if (text.empty() || !(is_identifier_start(text.front()) || is_digit(text.front()))) return 0;
  std::size_t size = 1;
  while (size < text.size() && is_identifier_part(text[size]))
    ++size;
  return size;
}

/// Bytes of the blank that begins at a place of a text; 0: none does. Unicode's spaces are blanks, too.
std::size_t blank_size(std::string_view text, std::size_t at);
/// Bytes of the line break that begins there; 0: none does.
std::size_t line_break_size(std::string_view text, std::size_t at);

}  // namespace redoubt::kql::detail

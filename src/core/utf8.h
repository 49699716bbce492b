#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace redoubt {

/// One decoded character: how many bytes it takes, and whether they are UTF-8.
struct Utf8Character {
  char32_t code = 0;
  std::uint8_t bytes = 1;
  bool valid = false;  ///< false: `code` is the one byte at that place
};

/// The character that begins at `offset`, which must be inside the text. Overlong forms, surrogates and
/// codes above U+10FFFF are not valid (RFC 3629).
Utf8Character decode_utf8(std::string_view text, std::size_t offset);

/// Whether a byte goes on with a character that began before it.
constexpr bool is_inner_byte(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

std::size_t count_characters(std::string_view text);

/// The bytes of the first characters; those of the whole text where it has fewer.
std::size_t bytes_of(std::string_view text, std::size_t characters);

/// The longest beginning of at most so many bytes that does not end inside a character.
std::string_view first_bytes(std::string_view text, std::size_t bytes);

/// White space as .NET's Char.IsWhiteSpace has it: the Unicode separators and the control characters among
/// them.
bool is_white_space(char32_t code);

void append_utf8(std::string& out, char32_t code);
/// Bytes that are no UTF-8 become U+FFFD.
void append_valid_utf8(std::string& out, std::string_view text);

}  // namespace redoubt

#include "kql/detail/characters.h"

#include "core/utf8.h"

namespace redoubt::kql::detail {

std::size_t blank_size(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f') return 1;
  if (static_cast<unsigned char>(c) < 0x80) return 0;
  const Utf8Character character = decode_utf8(text, at);
  switch (character.code) {
    case 0x00A0:  // no-break space
    case 0x1680:  // ogham space mark
    case 0x180E:  // mongolian vowel separator
    case 0x202F:  // narrow no-break space
    case 0x205F:  // medium mathematical space
    case 0x3000:  // ideographic space
    case 0xFEFF:  // byte order mark
      return character.bytes;
    default:
      return character.code >= 0x2000 && character.code <= 0x200B ? character.bytes : 0;
  }
}

std::size_t line_break_size(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '\n') return 1;
  if (c == '\r') return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
  const std::string_view rest = text.substr(at);
  return rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9") ? 3 : 0;
}

}  // namespace redoubt::kql::detail

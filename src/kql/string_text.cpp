#include "kql/detail/string_text.h"

#include <charconv>

#include "core/utf8.h"
#include "kql/detail/characters.h"

namespace redoubt::kql::detail {

namespace {

struct SimpleEscape {
  char letter;
  char meaning;
};
/// Any other letter means itself.
constexpr SimpleEscape kEscapes[] = {{'a', '\a'}, {'b', '\b'}, {'f', '\f'}, {'n', '\n'},
                                     {'r', '\r'}, {'t', '\t'}, {'v', '\v'}};

/// Reads up to `most` digits; what is no character is U+FFFD.
char32_t read_code(std::string_view text, std::size_t& at, std::size_t most, int base) {
  unsigned code = 0;
  const char* const begin = text.data() + at;
  const char* const end = begin + std::min(most, text.size() - at);
  at += static_cast<std::size_t>(std::from_chars(begin, end, code, base).ptr - begin);
  const bool character = code < 0x110000 && (code < 0xD800 || code >= 0xE000);
  return character ? static_cast<char32_t>(code) : U'\uFFFD';
}

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i++];
      continue;
    }
    const char letter = text[i + 1];
    i += 2;
    if (letter == 'u' || letter == 'U' || letter == 'x') {
      append_utf8(out, read_code(text, i, letter == 'u' ? 4 : letter == 'U' ? 8 : 2, 16));
    } else if (letter >= '0' && letter <= '7') {
      --i;
      append_utf8(out, read_code(text, i, text[i] <= '3' ? 3 : 2, 8));
    } else {
      char meaning = letter;
      for (const SimpleEscape& escape : kEscapes)
        if (escape.letter == letter) meaning = escape.meaning;
      out += meaning;
    }
  }
  return out;
}

std::string doubled_quotes_once(std::string_view text, char quote) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == quote && i + 1 < text.size() && text[i + 1] == quote) ++i;
  }
  return out;
}

}  // namespace

std::string string_text(std::string_view literal) {
  if (!literal.empty() && (literal.front() == 'h' || literal.front() == 'H')) literal.remove_prefix(1);
  const bool verbatim = literal.starts_with('@');
  if (verbatim) literal.remove_prefix(1);
  for (const std::string_view mark : {"```", "~~~"}) {
    if (!literal.starts_with(mark)) continue;
    literal.remove_prefix(mark.size());
    if (literal.ends_with(mark)) literal.remove_suffix(mark.size());
    return std::string(literal);
  }
  if (literal.empty()) return {};
  const char quote = literal.front();
  literal.remove_prefix(1);
  if (literal.ends_with(quote)) literal.remove_suffix(1);
  return verbatim ? doubled_quotes_once(literal, quote) : unescaped(literal);
}

std::string string_text(const Syntax& syntax, const Node& node) {
  std::string out;
  for (std::uint32_t i = node.begin; i < node.end; ++i)
    out += string_text(syntax.text_of(syntax.tokens[i]));
  return out;
}

}  // namespace redoubt::kql::detail

#include <algorithm>
#include <charconv>
#include <string>

#include "core/utf8.h"
#include "kql/detail/scalar_map.h"

namespace redoubt::kql::detail {

bool MapBuilder::put(std::string_view bytes, std::size_t at, std::size_t size) {
  if (decoded_.substr(taken_, bytes.size()) != bytes) return false;
  if (bytes.empty()) return true;
  const auto from = static_cast<std::uint32_t>(taken_);
  const auto to = static_cast<std::uint32_t>(at);
  if (steps_.empty() || steps_.back().to + (from - steps_.back().from) != to) steps_.push_back({from, to});
  taken_ += bytes.size();
  end_ = at + size;
  return true;
}

TextMap MapBuilder::finish(std::size_t end) {
  const auto from = static_cast<std::uint32_t>(taken_);
  const auto to = static_cast<std::uint32_t>(end);
  if (steps_.empty() || !done()) steps_.push_back({from, to});
  if (!decoded_.empty()) steps_.push_back({static_cast<std::uint32_t>(decoded_.size()), to});
  return TextMap(std::move(steps_));
}

std::uint32_t hex_code(std::string_view text, std::size_t at, std::size_t digits) {
  const std::string_view number = text.substr(std::min(at, text.size()), digits);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), code, 16);
  return error == std::errc() && end == number.data() + number.size() && number.size() == digits ? code : 0;
}

namespace {

struct Escape {
  std::string bytes;
  std::size_t size = 2;
};

/// RFC 8259, 7: a pair of surrogates is one character.
Escape unicode_escape(std::string_view text, std::size_t at) {
  Escape out{{}, 6};
  std::uint32_t code = hex_code(text, at + 2, 4);
  if (code >= 0xd800 && code < 0xdc00 && text.substr(std::min(at + 6, text.size()), 2) == "\\u") {
    code = 0x10000 + ((code - 0xd800) << 10) + ((hex_code(text, at + 8, 4) - 0xdc00) & 0x3ff);
    out.size = 12;
  }
  append_utf8(out.bytes, code);
  return out;
}

Escape json_escape(std::string_view text, std::size_t at) {
  constexpr std::string_view kLetters = "bfnrt";
  constexpr std::string_view kMeant = "\b\f\n\r\t";
  const char letter = text[at + 1];
  if (letter == 'u') return unicode_escape(text, at);
  const std::size_t known = kLetters.find(letter);
  return {std::string(1, known == std::string_view::npos ? letter : kMeant[known]), 2};
}

}  // namespace

TextMap map_json_string(std::string_view text, std::size_t start, std::string_view decoded) {
  MapBuilder map(decoded);
  std::size_t at = start + 1;
  while (!map.done() && at < text.size()) {
    if (text[at] != '\\') {
      if (!map.put(text.substr(at, 1), at)) break;
      ++at;
      continue;
    }
    if (at + 1 >= text.size()) break;
    const Escape escape = json_escape(text, at);
    if (!map.put(escape.bytes, at, escape.size)) break;
    at += escape.size;
  }
  return map.finish(std::min(at, text.size()));
}

}  // namespace redoubt::kql::detail

#include "doc/detail/value_bounds.h"

#include <algorithm>

namespace redoubt::doc::detail {

namespace {

constexpr std::string_view kBlanks = " \t\r,";

/// Behind the string whose content begins at `at`; npos when it is never closed.
std::size_t behind_string(std::string_view text, std::size_t at) {
  for (; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return std::string_view::npos;
}

}  // namespace

std::size_t end_of_value(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c == '"') {
      at = behind_string(text, at);
      if (at == std::string_view::npos) return at;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth <= 1) return at;
      --depth;
    }
  }
  return std::string_view::npos;
}

std::string_view next_piece(std::string_view text, bool& several_lines) {
  const std::size_t line_end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, line_end);
  const std::size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos || (line[begin] != '{' && line[begin] != '[')) return line;
  std::size_t end = end_of_value(line.substr(begin));
  if (end == std::string_view::npos && several_lines) {
    end = end_of_value(text.substr(begin));
    several_lines = end != std::string_view::npos;
  }
  if (end == std::string_view::npos) return line;
  end += begin;
  // Something else behind it makes the whole line wrong, as ever.
  const std::size_t rest_end = std::min(text.find('\n', end), text.size());
  const std::string_view rest = text.substr(end, rest_end - end);
  const std::size_t next = rest.find_first_not_of(kBlanks);
  if (next == std::string_view::npos || rest[next] == '{' || rest[next] == '[') return text.substr(0, end);
  return text.substr(0, rest_end);
}

}  // namespace redoubt::doc::detail

#include <fmt/format.h>

#include "doc/detail/json_text.h"

namespace redoubt::doc::detail {

namespace {

std::string escaped(char c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  }
}

std::size_t end_of_comment(std::string_view text, std::size_t at) {
  const bool line = text.substr(at, 2) == "//";
  const std::size_t end = text.find(line ? "\n" : "*/", at + 2);
  if (end == std::string_view::npos) return text.size();
  return end + (line ? 1 : 2);
}

bool is_comment(std::string_view text, std::size_t at) {
  const std::string_view start = text.substr(at, 2);
  return start == "//" || start == "/*";
}

}  // namespace

std::optional<Rewritten> escape_line_breaks(std::string_view text) {
  Rewritten out;
  std::uint32_t added = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (!in_string && is_comment(text, at)) {
      const std::size_t end = end_of_comment(text, at);
      out.text += text.substr(at, end - at);
      at = end - 1;
    } else if (in_string && c == '\\' && at + 1 < text.size() &&
               static_cast<unsigned char>(text[at + 1]) >= 0x20) {
      out.text += text.substr(at++, 2);
    } else if (in_string && static_cast<unsigned char>(c) < 0x20) {
      const std::string replacement = escaped(c);
      out.text += replacement;
      added += static_cast<std::uint32_t>(replacement.size() - 1);
      out.shifts.emplace_back(static_cast<std::uint32_t>(out.text.size()), added);
    } else {
      if (c == '"') in_string = !in_string;
      out.text += c;
    }
  }
  if (out.shifts.empty()) return std::nullopt;
  return out;
}

}  // namespace redoubt::doc::detail

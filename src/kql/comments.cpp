#include "kql/detail/comments.h"

#include "kql/detail/characters.h"

namespace redoubt::kql::detail {

namespace {

std::size_t comment_end(std::string_view text, std::size_t from) {
  std::size_t end = from;
  while (end < text.size() && line_break_size(text, end) == 0)
    ++end;
  return end;
}

std::string_view without_blanks_at_end(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\f");
  return text.substr(0, last + 1);
}

}  // namespace

Leading read_leading(std::string_view text, bool at_start) {
  Leading out;
  std::size_t breaks = at_start ? 1 : 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at, 2) == "//") {
      const std::size_t end = comment_end(text, at);
      out.comments.push_back({without_blanks_at_end(text.substr(at, end - at)), breaks != 0, breaks > 1});
      breaks = 0;
      at = end;
    } else if (const std::size_t size = line_break_size(text, at)) {
      ++breaks;
      at += size;
    } else {
      at += blank_size(text, at);
    }
  }
  out.after_blank = breaks > 1;
  return out;
}

}  // namespace redoubt::kql::detail

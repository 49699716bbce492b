#include "net/detail/content_range.h"

#include "core/text.h"

namespace redoubt::net::detail {

std::optional<ContentRange> read_range(std::string_view text) {
  if (!starts_with_any_case(text, "bytes ")) return std::nullopt;
  text.remove_prefix(6);
  const std::size_t dash = text.find('-');
  const std::size_t slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) return std::nullopt;
  const auto first = whole_number(text.substr(0, dash));
  const auto last = whole_number(text.substr(dash + 1, slash - dash - 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return ContentRange{*first, *last, whole_number(text.substr(slash + 1))};
}

}  // namespace redoubt::net::detail

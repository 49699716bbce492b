#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace redoubt::kql::detail {

// The forms of literals. Sizes are bytes of the front of a text; 0: it is none of that kind.
// Source: Kusto.Language 12.4.1, TokenParser.

struct ScannedString {
  std::size_t size = 0;
  bool unfinished = false;
};
/// A string literal: in single or double quotes with escapes, verbatim (`@'...'`), or of several lines
/// (``` and ~~~). One in quotes ends at the end of its line and in front of what is no escape.
std::optional<ScannedString> scan_string(std::string_view text);

/// `1.5`, `1.`, `1e10`; not the front of `1..2`.
std::size_t real_size(std::string_view text);
/// `1d`, `1.5hours`.
std::size_t timespan_size(std::string_view text);
/// `12`, `0xff`.
std::size_t long_size(std::string_view text);

inline constexpr std::size_t kRawGuidSize = 36;
/// `74be27de-1e4e-49d9-b579-fe0b331d3642`
bool is_raw_guid(std::string_view text);

}  // namespace redoubt::kql::detail

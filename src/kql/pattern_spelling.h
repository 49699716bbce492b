#pragma once

#include <string>
#include <string_view>

namespace redoubt::kql {

/// A pattern in RE2's spelling, of one in the engine's, which takes `(?<name>...)` for a group and `\uFFFF`
/// for a character as well. Source: Kusto Query Language reference, "Regex syntax".
std::string as_re2(std::string_view text);

/// Whether a text is a pattern, in RE2's own spelling.
bool is_plain_pattern(std::string_view text);

}  // namespace redoubt::kql

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doc/value.h"

namespace redoubt::arm::detail {

/// JSON as Newtonsoft.Json writes it without spaces, secrets in clear. `quote` is '"' for string() and '\''
/// for format(). The value holds no unknown.
std::string newtonsoft_json(const doc::Value& value, char quote);

/// `1.5`, `1`, `1E+20`: the invariant shortest form of System.Double.
std::string dotnet_real(double value);

/// A number under a standard (`D3`, `N0`, `X`) or custom (`00`, `#,##0.00`) format string, invariant culture.
/// Nothing when the format is not valid for the number or asks for more than 1,000 digits.
/// Source: Microsoft Learn "Standard numeric format strings" and "Custom numeric format strings".
std::optional<std::string> format_number(const doc::Value& number, std::string_view format);

/// A part of a composite format string: literal text, or an argument.
struct FormatItem {
  std::string text;  ///< literal
  std::optional<std::size_t> argument;
  std::int64_t alignment = 0;
  std::string format;
};

/// Nothing when braces don't match or an index or alignment is not a number up to 999,999.
/// Source: Microsoft Learn "Composite formatting".
std::optional<std::vector<FormatItem>> parse_composite_format(std::string_view format);

}  // namespace redoubt::arm::detail

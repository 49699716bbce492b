#pragma once

#include <string>
#include <string_view>

namespace redoubt::arm::detail {

/// Uri.EscapeDataString: all but the unreserved characters of RFC 3986 as %XX of their UTF-8.
std::string percent_encoded(std::string_view text);
/// Uri.UnescapeDataString: a % that two hexadecimal digits do not follow stays.
std::string percent_decoded(std::string_view text);

}  // namespace redoubt::arm::detail

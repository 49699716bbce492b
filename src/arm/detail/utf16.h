#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace redoubt::arm::detail {

// .NET counts text in UTF-16 code units: a character outside the basic plane is two. Bytes that are no UTF-8
// count one each. Text that is all ASCII is quick.

std::int64_t utf16_length(std::string_view text);

/// Units before the byte at `offset`.
std::int64_t utf16_position(std::string_view text, std::size_t offset);

/// `count` units from `start` on, both inside the text. Half of a character becomes U+FFFD, as it does when
/// .NET writes it.
std::string utf16_slice(std::string_view text, std::int64_t start, std::int64_t count);

}  // namespace redoubt::arm::detail

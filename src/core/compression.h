#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"

namespace redoubt {

/// What stands around compressed bytes: RFC 1950 or RFC 1952.
enum class Packing : std::uint8_t { Zlib, Gzip };

/// Compressed by RFC 1951, or in the blocks that hold bytes as they are where that does not save the size of
/// a table of codes: then it is what Microsoft's engine makes of the same bytes, too.
std::string compress(std::string_view bytes, Packing packing);

/// Errors: CORE0202 for bytes that are damaged, cut off, packed otherwise or followed by others; CORE0203
/// when there are more than `max_bytes` inside.
Result<std::string> decompress(std::string_view bytes, Packing packing, std::size_t max_bytes);

}  // namespace redoubt

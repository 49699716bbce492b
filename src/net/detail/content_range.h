#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace redoubt::net::detail {

/// `bytes 5-9/10`.
struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;
};

/// Nothing: it is none. Source: RFC 9110, "Content-Range".
std::optional<ContentRange> read_range(std::string_view text);

}  // namespace redoubt::net::detail

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace redoubt::kql {

/// An address, or those that share its first `prefix` bits. An IPv4 address is the IPv6 one that stands for
/// it
/// (::ffff:a.b.c.d), its prefix counts from the start of that.
struct IpNetwork {
  static constexpr std::int64_t kBits = 128;

  std::array<std::uint8_t, 16> bytes{};
  std::int64_t prefix = kBits;

  /// The first address of the network with that prefix.
  std::array<std::uint8_t, 16> first(std::int64_t bits) const;
};

/// `a.b.c.d` or `a.b.c.d/24`, as ipv4_is_match() and its like read it. Nothing: it is none.
std::optional<IpNetwork> read_ipv4_network(std::string_view text);
/// The same of IPv6, which takes IPv4 as well.
std::optional<IpNetwork> read_ipv6_network(std::string_view text);

}  // namespace redoubt::kql

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace redoubt::arm::detail {

__extension__ using Address = unsigned __int128;

/// A range of IP addresses of one family, both ends included.
struct AddressRange {
  bool v6 = false;
  int prefix = -1;  ///< of a CIDR range
  Address first = 0;
  Address last = 0;

  int bits() const { return v6 ? 128 : 32; }
};

/// `10.0.0.0/16`, `2001:db8::/48`; bits below the prefix are dropped.
std::optional<AddressRange> parse_cidr(std::string_view text);

/// A CIDR range, a single address, or `first-last` with or without spaces. Nothing for an empty range and
/// for ends of two families.
std::optional<AddressRange> parse_address_range(std::string_view text);

/// RFC 5952 for IPv6.
std::string address_text(Address address, bool v6);

}  // namespace redoubt::arm::detail

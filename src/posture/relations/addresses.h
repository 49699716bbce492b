#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace redoubt::posture::relations {

enum class Family : std::uint8_t { V4, V6 };

/// 128 bits in two halves, ordered; IPv4 takes the lowest 32.
struct Address {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Address&) const = default;
};
/// The next one; of the last of all the first.
Address next(Address address);

/// Addresses of one family from first to last, both included.
struct AddressRange {
  Family family = Family::V4;
  Address first;
  Address last;
  bool operator==(const AddressRange&) const = default;
};

/// `10.0.0.0/8`, `10.0.0.4`, `fd00::/8`: host bits are ignored, as Azure does. Nothing for other text.
/// Source: RFC 4291 section 2.2 and 2.3, RFC 4632.
std::optional<AddressRange> parse_range(std::string_view text);

/// All addresses of a family.
AddressRange whole(Family family);
/// What the service tag Internet stands for: addresses that are routed on the internet.
/// Source: "Virtual network service tags", Internet; IANA special-purpose registries.
const std::vector<AddressRange>& internet();

bool overlap(const AddressRange& left, const AddressRange& right);
/// Whether the ranges together hold all of `inner`.
bool hold(const std::vector<AddressRange>& ranges, const AddressRange& inner);

struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 65535;
  bool operator==(const PortRange&) const = default;
};
/// `443`, `8000-8080`, `*`. Nothing for other text.
std::optional<PortRange> parse_ports(std::string_view text);

}  // namespace redoubt::posture::relations

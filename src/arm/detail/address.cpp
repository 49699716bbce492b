#include "arm/detail/address.h"

#include <arpa/inet.h>

#include <array>

#include "arm/detail/digits.h"
#include "core/text.h"

namespace redoubt::arm::detail {
namespace {

using Bytes = std::array<unsigned char, 16>;

std::optional<AddressRange> parse_address(std::string_view text) {
  static constexpr std::size_t kLongest = INET6_ADDRSTRLEN;
  if (text.size() > kLongest) return std::nullopt;
  const std::string terminated(text);
  const bool v6 = text.find(':') != std::string_view::npos;
  Bytes bytes{};
  if (inet_pton(v6 ? AF_INET6 : AF_INET, terminated.c_str(), bytes.data()) != 1) return std::nullopt;
  AddressRange range{.v6 = v6};
  for (std::size_t i = 0; i < (v6 ? 16U : 4U); ++i)
    range.first = (range.first << 8) | bytes[i];
  range.last = range.first;
  return range;
}

/// The bits below a prefix.
Address host_mask(int bits, int prefix) {
  if (prefix == 0 && bits == 128) return ~Address{0};
  return (Address{1} << (bits - prefix)) - 1;
}

}  // namespace

std::optional<AddressRange> parse_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  std::optional<AddressRange> range = parse_address(text.substr(0, slash));
  if (!range) return std::nullopt;
  const std::optional<int> prefix = digits_value(text.substr(slash + 1));
  if (!prefix || *prefix > range->bits()) return std::nullopt;
  range->prefix = *prefix;
  const Address hosts = host_mask(range->bits(), range->prefix);
  range->first &= ~hosts;
  range->last = range->first | hosts;
  return range;
}

std::optional<AddressRange> parse_address_range(std::string_view text) {
  text = trim(text);
  if (text.find('/') != std::string_view::npos) return parse_cidr(text);
  const std::size_t dash = text.find('-');
  std::optional<AddressRange> range = parse_address(trim(text.substr(0, dash)));
  if (!range || dash == std::string_view::npos) return range;
  const std::optional<AddressRange> end = parse_address(trim(text.substr(dash + 1)));
  if (!end || end->v6 != range->v6 || end->first < range->first) return std::nullopt;
  range->last = end->first;
  return range;
}

std::string address_text(Address address, bool v6) {
  Bytes bytes{};
  for (std::size_t i = v6 ? 16 : 4; i-- > 0; address >>= 8)
    bytes[i] = static_cast<unsigned char>(address & 0xFF);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), text.data(), static_cast<socklen_t>(text.size()));
  return text.data();
}

}  // namespace redoubt::arm::detail

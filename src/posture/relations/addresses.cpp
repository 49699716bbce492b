#include "posture/relations/addresses.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "core/text.h"

namespace redoubt::posture::relations {

namespace {

template <class T>
std::optional<T> number(std::string_view text) {
  T out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<Address> parse_address(const std::string& text, Family family) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(family == Family::V4 ? AF_INET : AF_INET6, text.c_str(), bytes.data()) != 1)
    return std::nullopt;
  const auto join = [&](std::size_t from, std::size_t count) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < count; ++i)
      out = (out << 8U) | bytes[from + i];
    return out;
  };
  if (family == Family::V4) return Address{0, join(0, 4)};
  return Address{join(0, 8), join(8, 8)};
}

/// The lowest `count` bits set, of 128.
Address low_bits(unsigned count) {
  const auto ones = [](unsigned bits) {
    return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
  };
  return {count > 64 ? ones(count - 64) : 0, ones(std::min(count, 64U))};
}

Address previous(Address address) {
  if (address.low-- == 0) --address.high;
  return address;
}

/// The whole of a family without some ranges, which are sorted.
void add_without(Family family, std::initializer_list<std::string_view> left_out,
                 std::vector<AddressRange>& out) {
  Address at = whole(family).first;
  const Address last = whole(family).last;
  for (const std::string_view text : left_out) {
    const AddressRange range = *parse_range(text);
    if (at < range.first) out.push_back({family, at, previous(range.first)});
    at = next(range.last);
  }
  if (at <= last && at != Address{}) out.push_back({family, at, last});
}

}  // namespace

Address next(Address address) {
  if (++address.low == 0) ++address.high;
  return address;
}

AddressRange whole(Family family) { return {family, {}, low_bits(family == Family::V4 ? 32 : 128)}; }

std::optional<AddressRange> parse_range(std::string_view text) {
  text = trim(text);
  const std::size_t slash = text.find('/');
  const std::string host(text.substr(0, slash));
  const Family family = host.find(':') == std::string::npos ? Family::V4 : Family::V6;
  const std::optional<Address> address = parse_address(host, family);
  const unsigned bits = family == Family::V4 ? 32 : 128;
  const std::optional<unsigned> length =
      slash == std::string_view::npos ? bits : number<unsigned>(text.substr(slash + 1));
  if (!address || !length || *length > bits) return std::nullopt;
  const Address host_bits = low_bits(bits - *length);
  return AddressRange{family,
                      {address->high & ~host_bits.high, address->low & ~host_bits.low},
                      {address->high | host_bits.high, address->low | host_bits.low}};
}

const std::vector<AddressRange>& internet() {
  static const std::vector<AddressRange> kRanges = [] {
    std::vector<AddressRange> out;
    add_without(Family::V4,
                {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32",
                 "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"},
                out);
    out.push_back(*parse_range("2000::/3"));
    return out;
  }();
  return kRanges;
}

bool overlap(const AddressRange& left, const AddressRange& right) {
  return left.family == right.family && left.first <= right.last && right.first <= left.last;
}

bool hold(const std::vector<AddressRange>& ranges, const AddressRange& inner) {
  std::vector<AddressRange> sorted;
  for (const AddressRange& range : ranges)
    if (overlap(range, inner)) sorted.push_back(range);
  std::sort(sorted.begin(), sorted.end(),
            [](const AddressRange& left, const AddressRange& right) { return left.first < right.first; });
  Address needed = inner.first;
  for (const AddressRange& range : sorted) {
    if (needed < range.first) return false;
    if (range.last >= inner.last) return true;
    if (range.last >= needed) needed = next(range.last);
  }
  return false;
}

std::optional<PortRange> parse_ports(std::string_view text) {
  text = trim(text);
  if (text == "*") return PortRange{};
  const std::size_t dash = text.find('-');
  const std::optional<std::uint16_t> first = number<std::uint16_t>(trim(text.substr(0, dash)));
  const std::optional<std::uint16_t> last =
      dash == std::string_view::npos ? first : number<std::uint16_t>(trim(text.substr(dash + 1)));
  if (!first || !last || *first > *last) return std::nullopt;
  return PortRange{*first, *last};
}

}  // namespace redoubt::posture::relations

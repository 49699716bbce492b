#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kql/detail/evaluation.h"
#include "kql/ip_networks.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::int64_t kBits = 128;
constexpr std::int64_t kBitsInFront = 96;  ///< of an IPv4 address in an IPv6 one

using Bytes = std::array<std::uint8_t, 16>;

/// An IPv4 address is one of ::ffff:0:0/96, also when it is written as ::a.b.c.d; its prefix counts from
/// there.
struct Address {
  Bytes bytes{};
  std::int64_t prefix = kBits;
};

bool is_zero(const Bytes& bytes, std::size_t count) {
  return std::all_of(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count),
                     [](std::uint8_t byte) { return byte == 0; });
}

std::optional<Address> read_address(std::string_view text, bool printed = false) {
  const std::size_t slash = text.find('/');
  const std::string name(text.substr(0, slash));
  Address out;
  const bool short_form = name.find(':') == std::string::npos;
  const std::string whole = short_form ? "::ffff:" + name : name;
  if (whole.size() > 64 || inet_pton(AF_INET6, whole.c_str(), out.bytes.data()) != 1) return std::nullopt;
  const bool dotted = name.find('.') != std::string::npos;
  if (dotted && !printed && is_zero(out.bytes, 12)) out.bytes[10] = out.bytes[11] = 0xFF;
  if (slash == std::string_view::npos) return out;
  const std::optional<std::int64_t> prefix = read_long(text.substr(slash + 1));
  if (!prefix || *prefix < 0 || *prefix > (dotted ? kBits - kBitsInFront : kBits)) return std::nullopt;
  out.prefix = *prefix + (dotted ? kBitsInFront : 0);
  return out;
}

Bytes masked(Bytes bytes, std::int64_t prefix) {
  for (std::int64_t bit = prefix; bit < kBits; ++bit)
    bytes[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  return bytes;
}

std::optional<std::int64_t> prefix_of(const Call& call, std::size_t i) {
  if (i >= call.size()) return kBits;
  const std::optional<std::int64_t> prefix = call.whole(i);
  return prefix && *prefix >= 0 && *prefix <= kBits ? prefix : std::nullopt;
}

std::optional<std::strong_ordering> compared(const Call& call) {
  const std::optional<Address> a = read_address(call.text(0));
  const std::optional<Address> b = read_address(call.text(1));
  const std::optional<std::int64_t> prefix = prefix_of(call, 2);
  if (!a || !b || !prefix) return std::nullopt;
  const std::int64_t shortest = std::min({a->prefix, b->prefix, *prefix});
  return masked(a->bytes, shortest) <=> masked(b->bytes, shortest);
}

Result<Value> ipv6_compare(const Call& call) {
  const auto order = compared(call);
  return order ? Value::of_long(*order < 0 ? -1 : *order > 0 ? 1 : 0) : Value::null(Type::Long);
}

Result<Value> ipv6_is_match(const Call& call) {
  const auto order = compared(call);
  return order ? Value::of_bool(*order == 0) : Value::null(Type::Bool);
}

bool lies_in(const Address& address, const Address& range) {
  return masked(address.bytes, range.prefix) == masked(range.bytes, range.prefix);
}

Result<Value> ipv6_is_in_range(const Call& call) {
  const std::optional<Address> of = read_address(call.text(0));
  const std::optional<Address> range = read_address(call.text(1));
  return of && range ? Value::of_bool(lies_in(*of, *range)) : Value::null(Type::Bool);
}

Result<Value> ipv6_is_in_any_range(const Call& call) {
  const std::optional<Address> of = read_address(call.text(0));
  if (!of) return Value::null(Type::Bool);
  const auto inside = [&of](const Value& text) {
    const std::optional<Address> range = read_address(to_text(text));
    return range && lies_in(*of, *range);
  };
  for (const Value& argument : call.arguments.subspan(1)) {
    if (argument.is(Type::Dynamic) && !argument.is_null())
      for (const std::string_view element : json_elements(argument.json()))
        if (inside(Value::of_dynamic(std::string(element)))) return Value::of_bool(true);
    if (inside(argument)) return Value::of_bool(true);
  }
  return Value::of_bool(false);
}

/// All digits: `fe80:0000:...`; empty where it is no address.
Result<Value> parse_ipv6(const Call& call) {
  const std::optional<Address> of = read_address(call.text(0), true);
  const std::optional<std::int64_t> prefix = prefix_of(call, 1);
  if (!of || !prefix) return Value::of_string({});
  const Bytes bytes = masked(of->bytes, std::min(of->prefix, *prefix));
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 2)
    out += fmt::format("{}{:02x}{:02x}", i == 0 ? "" : ":", bytes[i], bytes[i + 1]);
  return Value::of_string(std::move(out));
}

constexpr EvaluationRow kRows[] = {{"ipv6_compare", ipv6_compare, 2, 3},
                                   {"ipv6_is_in_any_range", ipv6_is_in_any_range, 2, kMany},
                                   {"ipv6_is_in_range", ipv6_is_in_range, 2, 2},
                                   {"ipv6_is_match", ipv6_is_match, 2, 3},
                                   {"parse_ipv6", parse_ipv6},
                                   {"parse_ipv6_mask", parse_ipv6, 2, 2}};

}  // namespace

EvaluationRows ipv6_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail

namespace redoubt::kql {

std::array<std::uint8_t, 16> IpNetwork::first(std::int64_t bits) const { return detail::masked(bytes, bits); }

std::optional<IpNetwork> read_ipv6_network(std::string_view text) {
  const std::optional<detail::Address> address = detail::read_address(text);
  return address ? std::optional(IpNetwork{address->bytes, address->prefix}) : std::nullopt;
}

}  // namespace redoubt::kql

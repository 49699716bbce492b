#include <fmt/format.h>

#include <algorithm>

#include "geo/ip_locations.h"
#include "kql/detail/characters.h"
#include "kql/detail/evaluation.h"
#include "kql/ip_networks.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::int64_t kBits = 32;

/// `a.b.c.d`, or with `/prefix` behind it.
struct Address {
  std::uint32_t bits = 0;
  std::int64_t prefix = kBits;
};

/// A number below `bound` at the front of a text, which is taken off.
std::optional<std::uint32_t> take_number(std::string_view& text, std::uint32_t bound) {
  std::uint32_t value = 0;
  std::size_t size = 0;
  for (; size < text.size() && size < 3 && is_digit(text[size]); ++size)
    value = value * 10 + static_cast<std::uint32_t>(text[size] - '0');
  if (size == 0 || value >= bound) return std::nullopt;
  text.remove_prefix(size);
  return value;
}

/// Four numbers at the front of a text, which are taken off.
std::optional<std::uint32_t> take_address(std::string_view& text) {
  std::uint32_t bits = 0;
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (!text.starts_with('.')) return std::nullopt;
      text.remove_prefix(1);
    }
    const std::optional<std::uint32_t> part = take_number(text, 256);
    if (!part) return std::nullopt;
    bits = bits << 8U | *part;
  }
  return bits;
}

std::optional<Address> read_address(std::string_view text) {
  const std::optional<std::uint32_t> bits = take_address(text);
  if (!bits) return std::nullopt;
  if (text.empty()) return Address{*bits};
  if (!text.starts_with('/')) return std::nullopt;
  text.remove_prefix(1);
  const std::optional<std::uint32_t> prefix = take_number(text, kBits + 1);
  return prefix && text.empty() ? std::optional(Address{*bits, *prefix}) : std::nullopt;
}

std::uint32_t masked(std::uint32_t bits, std::int64_t prefix) {
  return prefix == 0 ? 0 : bits & ~std::uint32_t{0} << (kBits - prefix);
}

std::optional<Address> address(const Call& call, std::size_t i) { return read_address(call.text(i)); }

/// A prefix that is asked for: the whole address when it is missing, nothing when there is no such.
std::optional<std::int64_t> prefix_of(const Call& call, std::size_t i) {
  if (i >= call.size()) return kBits;
  const std::optional<std::int64_t> prefix = call.whole(i);
  return prefix && *prefix >= 0 && *prefix <= kBits ? prefix : std::nullopt;
}

Result<Value> parse_ipv4(const Call& call) {
  const std::optional<Address> from = address(call, 0);
  return from ? Value::of_long(masked(from->bits, from->prefix)) : Value::null(Type::Long);
}

Result<Value> parse_ipv4_mask(const Call& call) {
  const std::optional<Address> from = address(call, 0);
  const std::optional<std::int64_t> prefix = prefix_of(call, 1);
  if (!from || !prefix) return Value::null(Type::Long);
  return Value::of_long(masked(from->bits, std::min(from->prefix, *prefix)));
}

/// Order of two addresses by the shortest prefix that is given.
std::optional<int> compared(const Call& call) {
  const std::optional<Address> a = address(call, 0);
  const std::optional<Address> b = address(call, 1);
  const std::optional<std::int64_t> prefix = prefix_of(call, 2);
  if (!a || !b || !prefix) return std::nullopt;
  const std::int64_t shortest = std::min({a->prefix, b->prefix, *prefix});
  const std::uint32_t left = masked(a->bits, shortest);
  const std::uint32_t right = masked(b->bits, shortest);
  return left < right ? -1 : left > right ? 1 : 0;
}

Result<Value> ipv4_compare(const Call& call) {
  const std::optional<int> order = compared(call);
  return order ? Value::of_long(*order) : Value::null(Type::Long);
}

Result<Value> ipv4_is_match(const Call& call) {
  const std::optional<int> order = compared(call);
  return order ? Value::of_bool(*order == 0) : Value::null(Type::Bool);
}

bool lies_in(const Address& address, const Address& range) {
  return masked(address.bits, range.prefix) == masked(range.bits, range.prefix);
}

Result<Value> ipv4_is_in_range(const Call& call) {
  const std::optional<Address> of = address(call, 0);
  const std::optional<Address> range = address(call, 1);
  return of && range ? Value::of_bool(lies_in(*of, *range)) : Value::null(Type::Bool);
}

/// The texts of the arguments behind the first, those of arrays one by one.
std::vector<std::string> texts_behind_first(const Call& call) {
  std::vector<std::string> out;
  for (const Value& argument : call.arguments.subspan(1)) {
    if (!argument.is(Type::Dynamic) || argument.is_null() || json_kind(argument.json()) != JsonKind::Array) {
      out.push_back(to_text(argument));
      continue;
    }
    for (const std::string_view element : json_elements(argument.json()))
      out.push_back(to_text(Value::of_dynamic(std::string(element))));
  }
  return out;
}

Result<Value> ipv4_is_in_any_range(const Call& call) {
  const std::optional<Address> of = address(call, 0);
  if (!of) return Value::null(Type::Bool);
  for (const std::string& text : texts_behind_first(call)) {
    const std::optional<Address> range = read_address(text);
    if (range && lies_in(*of, *range)) return Value::of_bool(true);
  }
  return Value::of_bool(false);
}

Result<Value> ipv4_is_private(const Call& call) {
  static constexpr Address kPrivate[] = {{0x0A000000, 8}, {0xAC100000, 12}, {0xC0A80000, 16}};
  const std::optional<Address> of = address(call, 0);
  if (!of) return Value::null(Type::Bool);
  return Value::of_bool(std::any_of(std::begin(kPrivate), std::end(kPrivate),
                                    [&of](const Address& range) { return lies_in(*of, range); }));
}

Result<Value> ipv4_netmask_suffix(const Call& call) {
  const std::optional<Address> of = address(call, 0);
  return of ? Value::of_long(of->prefix) : Value::null(Type::Long);
}

std::string address_text(std::uint32_t bits) {
  return fmt::format("{}.{}.{}.{}", bits >> 24U, bits >> 16U & 255U, bits >> 8U & 255U, bits & 255U);
}

/// Of a text or a number.
std::optional<Address> formatted(const Call& call) {
  std::optional<Address> of = address(call, 0);
  const std::optional<std::int64_t> number = call.whole(0);
  if (!of && number && *number >= 0 && *number <= UINT32_MAX)
    of = Address{static_cast<std::uint32_t>(*number)};
  const std::optional<std::int64_t> prefix = prefix_of(call, 1);
  if (!of || !prefix) return std::nullopt;
  of->prefix = std::min(of->prefix, *prefix);
  of->bits = masked(of->bits, of->prefix);
  return of;
}

Result<Value> format_ipv4(const Call& call) {
  const std::optional<Address> of = formatted(call);
  return Value::of_string(of ? address_text(of->bits) : "");
}

Result<Value> format_ipv4_mask(const Call& call) {
  const std::optional<Address> of = formatted(call);
  return Value::of_string(of ? fmt::format("{}/{}", address_text(of->bits), of->prefix) : "");
}

/// The fewest prefixes that hold all addresses from one to another and no other; null when the first is above
/// the last.
Result<Value> ipv4_range_to_cidr_list(const Call& call) {
  const std::optional<Address> first = address(call, 0);
  const std::optional<Address> last = address(call, 1);
  if (!first || !last || first->bits > last->bits) return Value::null(Type::Dynamic);
  std::string out = "[";
  for (std::uint64_t at = first->bits; at <= last->bits;) {
    std::int64_t prefix = kBits;
    const auto size = [&prefix] { return std::uint64_t{1} << (kBits - prefix); };
    while (prefix > 0 && at % (size() * 2) == 0 && at + size() * 2 - 1 <= last->bits)
      --prefix;
    out += fmt::format("{}\"{}/{}\"", out.size() > 1 ? "," : "", address_text(static_cast<std::uint32_t>(at)),
                       prefix);
    at += size();
  }
  return dynamic_result(call, out + "]");
}

/// The addresses in a text which no letter or digit touches.
std::vector<std::string_view> addresses_in(std::string_view text) {
  std::vector<std::string_view> out;
  const auto part_of_word = [](char c) { return is_digit(c) || is_letter(c); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i]) || (i > 0 && part_of_word(text[i - 1]))) continue;
    std::string_view rest = text.substr(i);
    if (!take_address(rest) || (!rest.empty() && part_of_word(rest.front()))) continue;
    out.push_back(text.substr(i, text.size() - i - rest.size()));
  }
  return out;
}

/// Source: "has_ipv4()", "has_any_ipv4()": only whole addresses are found.
Result<Value> has_address(const Call& call) {
  const std::string text = call.text(0);
  const std::vector<std::string_view> found = addresses_in(text);
  for (const std::string& sought : texts_behind_first(call)) {
    const std::optional<Address> address = read_address(sought);
    if (address && std::find(found.begin(), found.end(), sought) != found.end()) return Value::of_bool(true);
  }
  return Value::of_bool(false);
}

/// Source: "has_ipv4_prefix()": a prefix is a whole address or ends with a point.
Result<Value> has_address_prefix(const Call& call) {
  const std::string text = call.text(0);
  const std::vector<std::string_view> found = addresses_in(text);
  for (const std::string& prefix : texts_behind_first(call)) {
    if (!prefix.ends_with('.') && !read_address(prefix)) continue;
    if (std::any_of(found.begin(), found.end(), [&](std::string_view one) {
          return prefix.ends_with('.') ? one.starts_with(prefix) : one == prefix;
        }))
      return Value::of_bool(true);
  }
  return Value::of_bool(false);
}

/// A bag of all five fields; nothing where the database has nothing.
Result<Value> geo_info_from_ip_address(const Call& call) {
  if (call.context.locations == nullptr || call.given(0) == nullptr) return Value::null(Type::Dynamic);
  const std::optional<geo::IpLocation> found = RD_TRY(call.context.locations->find(call.text(0)));
  if (!found) return Value::null(Type::Dynamic);
  const auto number = [](const std::optional<double>& value) {
    return value ? to_json(Value::of_real(*value)) : std::string("null");
  };
  return Value::of_dynamic(
      fmt::format(R"({{"country":{},"state":{},"city":{},"latitude":{},"longitude":{}}})",
                  json_of_text(found->country), json_of_text(found->state), json_of_text(found->city),
                  number(found->latitude), number(found->longitude)));
}

constexpr EvaluationRow kRows[] = {{"format_ipv4", format_ipv4, 1, 2},
                                   {"format_ipv4_mask", format_ipv4_mask, 1, 2},
                                   {"geo_info_from_ip_address", geo_info_from_ip_address},
                                   {"has_any_ipv4", has_address, 2, kMany},
                                   {"has_any_ipv4_prefix", has_address_prefix, 2, kMany},
                                   {"has_ipv4", has_address, 2, 2},
                                   {"has_ipv4_prefix", has_address_prefix, 2, 2},
                                   {"ipv4_compare", ipv4_compare, 2, 3},
                                   {"ipv4_is_in_any_range", ipv4_is_in_any_range, 2, kMany},
                                   {"ipv4_is_in_range", ipv4_is_in_range, 2, 2},
                                   {"ipv4_is_match", ipv4_is_match, 2, 3},
                                   {"ipv4_is_private", ipv4_is_private},
                                   {"ipv4_netmask_suffix", ipv4_netmask_suffix},
                                   {"ipv4_range_to_cidr_list", ipv4_range_to_cidr_list, 2, 2},
                                   {"parse_ipv4", parse_ipv4},
                                   {"parse_ipv4_mask", parse_ipv4_mask, 2, 2}};

}  // namespace

EvaluationRows address_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail

namespace redoubt::kql {

std::optional<IpNetwork> read_ipv4_network(std::string_view text) {
  const std::optional<detail::Address> address = detail::read_address(text);
  if (!address) return std::nullopt;
  IpNetwork out;
  out.bytes[10] = out.bytes[11] = 0xFF;
  for (std::size_t i = 0; i < 4; ++i)
    out.bytes[12 + i] = static_cast<std::uint8_t>(address->bits >> (24 - 8 * i));
  out.prefix = IpNetwork::kBits - detail::kBits + address->prefix;
  return out;
}

}  // namespace redoubt::kql

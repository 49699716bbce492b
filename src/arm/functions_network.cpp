#include <fmt/format.h>

#include "arm/detail/address.h"
#include "arm/detail/arguments.h"
#include "arm/detail/percent.h"
#include "arm/detail/uri.h"
#include "core/text.h"

// CIDR and URI functions. Source: Microsoft Learn "CIDR functions for ARM templates", "String functions for
// ARM templates" (uri resolves by RFC 3986, section 5), Azure/bicep sys.json (parseUri, buildUri), and "Azure
// Policy definition structure policy rule" (ipRangeContains).

namespace redoubt::arm {
namespace {

using detail::Address;
using detail::AddressRange;
using detail::Arguments;
using doc::UnknownType;
using doc::Value;

Result<AddressRange> cidr_at(const Call& call, Arguments arguments, std::size_t index) {
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, index));
  const std::optional<AddressRange> range = detail::parse_cidr(text);
  if (!range) return detail::bad_argument(call, "takes an IP range in CIDR notation, such as 10.0.0.0/16");
  return *range;
}

/// First and last address for hosts: IPv4 leaves out network and broadcast, and has none in /31 and /32;
/// there, and in IPv6, the ends are given. As the IPNetwork library of .NET has it.
std::pair<Address, Address> usable(const AddressRange& range) {
  if (range.v6) return {range.first, range.last};
  if (range.prefix > 30) return {range.first, range.first};
  return {range.first + 1, range.last - 1};
}

Result<Value> parse_cidr(Call& call, Arguments arguments) {
  const AddressRange range = RD_TRY(cidr_at(call, arguments, 0));
  const auto text = [&](Address address) {
    return doc::make_string(call.arena, detail::address_text(address, range.v6));
  };
  const Address all = range.v6 ? ~Address{0} : Address{0xFFFFFFFFU};
  const auto [first, last] = usable(range);
  std::vector<doc::Member> members = {{"network", text(range.first)},
                                      {"netmask", text(all & ~(range.first ^ range.last))}};
  if (!range.v6) members.push_back({"broadcast", text(range.last)});
  members.push_back({"firstUsable", text(first)});
  members.push_back({"lastUsable", text(last)});
  members.push_back({"cidr", Value::integer(range.prefix)});
  return detail::made_of(arguments, doc::make_object(call.arena, members));
}

Result<Value> cidr_subnet(Call& call, Arguments arguments) {
  const AddressRange range = RD_TRY(cidr_at(call, arguments, 0));
  const std::int64_t prefix = RD_TRY(detail::int_at(call, arguments, 1));
  const std::int64_t index = RD_TRY(detail::int_at(call, arguments, 2));
  if (prefix < range.prefix || prefix > range.bits())
    return detail::bad_argument(call, "takes a prefix length from that of the network to that of an address");
  const auto subnet_bits = static_cast<int>(prefix) - range.prefix;
  const bool fits = index >= 0 && (subnet_bits > 62 || index < (std::int64_t{1} << subnet_bits));
  if (!fits) return detail::bad_argument(call, "takes an index below the number of subnets");
  const int host_bits = range.bits() - static_cast<int>(prefix);
  const Address offset = host_bits == 128 ? Address{0} : static_cast<Address>(index) << host_bits;
  return detail::text_result(
      call, fmt::format("{}/{}", detail::address_text(range.first + offset, range.v6), prefix));
}

Result<Value> cidr_host(Call& call, Arguments arguments) {
  const AddressRange range = RD_TRY(cidr_at(call, arguments, 0));
  const std::int64_t index = RD_TRY(detail::int_at(call, arguments, 1));
  const bool has_hosts = range.v6 ? range.first != range.last : range.prefix <= 30;
  const Address last = range.v6 ? range.last : usable(range).second;
  const bool fits = has_hosts && index >= 0 && static_cast<Address>(index) <= last - range.first - 1;
  if (!fits) return detail::bad_argument(call, "takes an index below the number of usable addresses");
  const Address host = range.first + 1 + static_cast<Address>(index);
  return detail::text_result(call, detail::address_text(host, range.v6));
}

Result<AddressRange> range_at(const Call& call, Arguments arguments, std::size_t index) {
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, index));
  const std::optional<AddressRange> range = detail::parse_address_range(text);
  if (!range)
    return detail::bad_argument(call, "takes an address, a CIDR range, or first-last of one IP family");
  return *range;
}

Result<Value> ip_range_contains(Call& call, Arguments arguments) {
  const AddressRange range = RD_TRY(range_at(call, arguments, 0));
  const AddressRange target = RD_TRY(range_at(call, arguments, 1));
  if (range.v6 != target.v6) return detail::bad_argument(call, "takes two ranges of one IP family");
  return Value::boolean(range.first <= target.first && target.last <= range.last);
}

/// An absolute URI in the form System.Uri writes it: scheme and host in lower case, no default port.
Result<detail::Uri> absolute_uri(const Call& call, std::string_view text) {
  detail::Uri uri = detail::split_uri(trim(text));
  if (!uri.scheme || (!uri.authority && uri.path.empty()))
    return detail::bad_argument(call, "takes an absolute URI");
  uri.scheme = lower(*uri.scheme);
  if (!uri.authority) return uri;
  const std::optional<detail::HostPort> parts = detail::split_authority(*uri.authority);
  if (!parts || (parts->host.empty() && uri.scheme != "file"))
    return detail::bad_argument(call, "takes an absolute URI with a host and a valid port");
  const std::string user = uri.authority->substr(0, uri.authority->rfind('@') + 1);
  const bool is_default =
      (uri.scheme == "https" && parts->port == 443) || (uri.scheme == "http" && parts->port == 80);
  uri.authority = user + lower(parts->host);
  if (parts->port && !is_default) uri.authority->append(":").append(std::to_string(*parts->port));
  if (uri.path.empty()) uri.path = "/";
  return uri;
}

Result<Value> uri(Call& call, Arguments arguments) {
  const std::string_view base_text = RD_TRY(detail::text_at(call, arguments, 0));
  const std::string_view relative = RD_TRY(detail::text_at(call, arguments, 1));
  const detail::Uri base = RD_TRY(absolute_uri(call, base_text));
  const detail::Uri resolved = detail::resolve_uri(base, detail::split_uri(relative));
  return detail::text_result(call, resolved.text());
}

Result<Value> parse_uri(Call& call, Arguments arguments) {
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, 0));
  const detail::Uri parsed = RD_TRY(absolute_uri(call, text));
  if (!parsed.authority) return detail::bad_argument(call, "takes an absolute URI with a host");
  const auto parts = detail::split_authority(*parsed.authority);
  const auto string = [&](std::string_view part) { return doc::make_string(call.arena, part); };
  std::vector<doc::Member> members = {{"scheme", string(*parsed.scheme)}, {"host", string(parts->host)}};
  members.push_back({"port", parts->port ? Value::integer(*parts->port) : Value::null()});
  if (parsed.path != "/") members.push_back({"path", string(parsed.path)});
  if (parsed.query) members.push_back({"query", string("?" + *parsed.query)});
  return detail::made_of(arguments, doc::make_object(call.arena, members));
}

/// A text member of buildUri()'s object, empty when it is missing or null.
Result<std::string_view> component(const Call& call, const Value& components, std::string_view name) {
  const Value* value = components.find_any_case(name);
  if (value == nullptr || value->is_null()) return std::string_view();
  if (!value->is_string()) return detail::wrong_type(call, 0, fmt::format("a string as {}", name), *value);
  return value->as_string();
}

Result<Value> build_uri(Call& call, Arguments arguments) {
  RD_TRY(detail::object_at(call, arguments, 0));
  const std::string_view scheme = RD_TRY(component(call, arguments[0], "scheme"));
  const std::string_view host = RD_TRY(component(call, arguments[0], "host"));
  const std::string_view path = RD_TRY(component(call, arguments[0], "path"));
  const std::string_view query = RD_TRY(component(call, arguments[0], "query"));
  if (scheme.empty() || host.empty())
    return detail::bad_argument(call, "takes an object with scheme and host");
  std::string out = fmt::format("{}://{}", scheme, host);
  const Value* port = arguments[0].find_any_case("port");
  if (port != nullptr && !port->is_null()) {
    if (!port->is_int()) return detail::wrong_type(call, 0, "an int as port", *port);
    if (port->as_int() < 0 || port->as_int() > 65'535)
      return detail::bad_argument(call, "takes a port from 0 to 65535");
    out += fmt::format(":{}", port->as_int());
  }
  out.append(path.starts_with('/') ? "" : "/").append(path);
  if (!query.empty()) out.append(query.starts_with('?') ? "" : "?").append(query);
  const detail::Uri built = RD_TRY(absolute_uri(call, out));
  return detail::text_result(call, built.text());
}

Result<Value> uri_component(Call& call, Arguments arguments) {
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, 0));
  return detail::text_result(call, detail::percent_encoded(text));
}

Result<Value> uri_component_to_string(Call& call, Arguments arguments) {
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, 0));
  return detail::text_result(call, detail::percent_decoded(text));
}

constexpr auto kArm = Language::Arm;
constexpr auto kBoth = Language::Both;
constexpr auto kOpaque = OpenArguments::Opaque;
constexpr auto kDeep = OpenArguments::Deep;
constexpr auto kString = UnknownType::String;
constexpr auto kObject = UnknownType::Object;

constexpr Function kFunctions[] = {
    {"buildUri", 1, 1, kArm, kString, kDeep, true, build_uri, "A URI of scheme, host, port, path and query"},
    {"cidrHost", 2, 2, kArm, kString, kOpaque, true, cidr_host, "The n-th usable address of a network"},
    {"cidrSubnet", 3, 3, kArm, kString, kOpaque, true, cidr_subnet, "The n-th subnet of a network"},
    {"ipRangeContains", 2, 2, Language::Policy, UnknownType::Bool, kOpaque, false, ip_range_contains,
     "Whether an IP range lies in another"},
    {"parseCidr", 1, 1, kArm, kObject, kOpaque, true, parse_cidr, "Addresses and mask of a network"},
    {"parseUri", 1, 1, kArm, kObject, kOpaque, true, parse_uri,
     "Scheme, host, port, path and query of a URI"},
    {"uri", 2, 2, kBoth, kString, kOpaque, true, uri, "A URI resolved against a base"},
    {"uriComponent", 1, 1, kBoth, kString, kOpaque, true, uri_component, "Percent-encodes a string"},
    {"uriComponentToString", 1, 1, kBoth, kString, kOpaque, true, uri_component_to_string,
     "Undoes percent-encoding"},
};

}  // namespace

std::span<const Function> network_functions() { return kFunctions; }

}  // namespace redoubt::arm

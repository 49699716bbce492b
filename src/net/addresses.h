#pragma once

#include <string_view>

namespace redoubt::net {

/// Whether an IPv4 or IPv6 address, as text, is one of the public internet: none of this machine, of a
/// private or link-local network, of a carrier, of documentation, multicast or a reserved range. An IPv4
/// address inside an IPv6 one (mapped, 6to4, NAT64) counts as itself. What is no address is not public.
/// Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890).
bool is_public_address(std::string_view address);

}  // namespace redoubt::net

#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "posture/relations/addresses.h"
#include "posture/relations/references.h"
#include "posture/relations/verdicts.h"

namespace redoubt::posture::relations {

/// One side of a rule: prefixes, service tags, application security groups, or anything.
struct AddressSide {
  bool any = false;
  std::vector<AddressRange> ranges;
  std::vector<std::string> tags;     ///< lower case
  std::vector<std::string> groups;   ///< application security groups, lower-case ids
  const doc::Value* open = nullptr;  ///< an unknown among or in place of them
};
struct PortSide {
  std::vector<PortRange> ranges;
  const doc::Value* open = nullptr;
};

/// A rule of a network security group, as Azure reads one: a plain value and a list of the same thing add up.
/// Source: "Network security groups", security rules and augmented security rules.
struct SecurityRule {
  std::string name;
  Spot spot;
  Truth outbound = Truth::False;
  Truth allows = Truth::False;
  std::optional<std::int64_t> priority;
  std::optional<std::size_t> protocol;  ///< number in kProtocols; nothing: any, or open
  const doc::Value* open_protocol = nullptr;
  const doc::Value* open_priority = nullptr;
  const doc::Value* open_direction = nullptr;
  const doc::Value* open_access = nullptr;
  AddressSide source;
  AddressSide destination;
  PortSide source_ports;
  PortSide destination_ports;
  Truth there = Truth::True;
  const estate::Resource* resource = nullptr;  ///< where it is one of its own
};

inline constexpr std::array<std::string_view, 6> kProtocols = {"tcp", "udp", "icmp", "esp", "ah", "other"};

/// The rules of a group, inline and as resources of their own, by name once.
struct SecurityRules {
  std::vector<SecurityRule> list;
  const doc::Value* open = nullptr;  ///< the unknown in place of the list, or of a rule
};
SecurityRules rules_of(const Scene& scene, const estate::Resource& group);

/// Where a group is at work: the prefixes of the subnets that it is bound to, and of their networks.
struct Binding {
  bool bound = false;
  std::vector<AddressRange> subnets;
  std::vector<AddressRange> networks;
  bool open_subnets = false;  ///< there may be more than these
  bool open_networks = false;
  Doubts doubts;  ///< why
};
Binding binding_of(const Scene& scene, const estate::Resource& group);

}  // namespace redoubt::posture::relations

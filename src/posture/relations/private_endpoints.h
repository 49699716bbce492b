#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "posture/relations/references.h"
#include "posture/relations/verdicts.h"

namespace redoubt::posture::relations {

/// One connection of a private endpoint: to what, to which of its sub-resources, and whether it is approved.
/// A status that is not written is Approved for an automatic connection, and not for a manual one, which
/// waits for the owner.
struct Connection {
  std::string target;  ///< id, open parts in braces
  const doc::Value* target_value = nullptr;
  std::vector<std::string> groups;          ///< lower case
  const doc::Value* open_groups = nullptr;  ///< an unknown among or in place of them
  Truth approved = Truth::Unknown;
  const doc::Value* status = nullptr;
  Spot spot;
};
struct Connections {
  std::vector<Connection> list;
  const doc::Value* open = nullptr;  ///< the unknown in place of a list of connections
};
Connections connections_of(const Scene& scene, const estate::Resource& endpoint);

/// The DNS zones that the zone groups of an endpoint register it in, however the groups are written.
struct RegisteredZones {
  struct Zone {
    std::string name;  ///< lower case
    const doc::Value* value = nullptr;
  };
  std::vector<Zone> zones;
  bool any_group = false;
  doc::Place place;  ///< of the first group
};
/// What of them is open goes to `doubts`.
RegisteredZones zones_of(const Scene& scene, const estate::Resource& endpoint, Doubts& doubts);

/// Whether the zone is the one of the pattern; `{region}` in a pattern is any one label.
bool is_zone(std::string_view zone, std::string_view pattern);
/// Whether one of the zones is that.
bool has_zone(const RegisteredZones& registered, std::string_view pattern);

/// The names that an account of Azure AI services answers to, as zones, by its kind.
/// Source: "Azure Private Endpoint private DNS zone values", AI + machine learning.
std::vector<std::string_view> zones_of_kind(std::string_view kind);

}  // namespace redoubt::posture::relations

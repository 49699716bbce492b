#include "posture/relations/remedies.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "posture/relations/doors.h"

namespace redoubt::posture::relations {

using doc::Member;
using doc::Value;
using policy::Fix;

namespace {

constexpr std::int64_t kFirstPriority = 100;

Value text(const Scene& scene, std::string_view value) { return doc::make_string(scene.arena, value); }

Value object(const Scene& scene, std::initializer_list<Member> members) {
  return doc::make_object(scene.arena, std::span(members.begin(), members.size()));
}

Value list(const Scene& scene, std::span<const Value> items) { return doc::make_array(scene.arena, items); }

Value configuration(const Scene& scene, std::string_view zone, const Value& id) {
  return object(scene, {{"name", text(scene, replace_all(zone, ".", "-"))},
                        {"properties", object(scene, {{"privateDnsZoneId", id}})}});
}

Value id_of_zone(const Scene& scene, std::string_view zone) {
  return text(scene, fmt::format("[resourceId('Microsoft.Network/privateDnsZones', '{}')]", zone));
}

/// A property of a rule, in the group or in the rule's own resource.
std::string path_in(const SecurityRule& rule, std::string_view name) {
  return fmt::format("{}{}.{}", rule.spot.path, rule.resource != nullptr ? "" : ".properties", name);
}

Fix remove(std::string path) {
  std::string words = fmt::format("remove {}", path);
  return {std::move(path), std::nullopt, std::nullopt, std::move(words)};
}

}  // namespace

Fix set_to(std::string path, const Value& value, const Scene& scene) {
  const std::string shown =
      value.is_string() ? std::string(value.as_string()) : arm::to_json(value, scene.origins);
  std::string words = fmt::format("set {} to {}", path, shown);
  return {std::move(path), std::nullopt, std::nullopt, std::move(words), value};
}

Fix register_in(const Scene& scene, const estate::Resource& endpoint, const RegisteredZones& registered,
                std::span<const std::string_view> zones) {
  std::vector<Value> configurations;
  configurations.reserve(registered.zones.size() + zones.size());
  for (const RegisteredZones::Zone& zone : registered.zones)
    configurations.push_back(
        configuration(scene, zone.name, text(scene, text_of(zone.value, scene.origins))));
  for (const std::string_view zone : zones)
    configurations.push_back(configuration(scene, zone, id_of_zone(scene, zone)));
  if (registered.any_group) {
    Fix out = set_to("properties.privateDnsZoneConfigs", list(scene, configurations), scene);
    out.text = fmt::format("add {} to the zone group: {}",
                           join(std::vector(zones.begin(), zones.end()), ", "), out.text);
    return out;
  }
  const Value group = object(
      scene, {{"type", text(scene, "Microsoft.Network/privateEndpoints/privateDnsZoneGroups")},
              {"apiVersion", text(scene, "2024-01-01")},
              {"name", text(scene, fmt::format("{}/default", endpoint.name))},
              {"properties", object(scene, {{"privateDnsZoneConfigs", list(scene, configurations)}})}});
  return {{}, std::nullopt, group, fmt::format("add {}", arm::to_json(group, scene.origins))};
}

Fix approve(const Scene& scene, const Connection& connection) {
  if (connection.status != nullptr)
    return set_to(connection.spot.path + ".properties.privateLinkServiceConnectionState.status",
                  text(scene, "Approved"), scene);
  // What waits is a manual one, and its spot the connection itself.
  const Value connections[] = {*connection.spot.value};
  Fix out = set_to("properties.privateLinkServiceConnections", list(scene, connections), scene);
  out.text =
      fmt::format("make the connection an automatic one: {}, and remove {}", out.text, connection.spot.path);
  return out;
}

Fix match_the_network(const Scene& scene, const SecurityRules&, const SecurityRule& rule) {
  const std::string_view side =
      rule.outbound == Truth::True ? "sourceAddressPrefix" : "destinationAddressPrefix";
  return set_to(path_in(rule, side), text(scene, "VirtualNetwork"), scene);
}

Fix admit_the_network_only(const Scene& scene, const SecurityRules&, const SecurityRule& rule) {
  if (rule.resource == nullptr)
    return set_to(path_in(rule, "sourceAddressPrefix"), text(scene, "VirtualNetwork"), scene);
  return {{},
          std::nullopt,
          std::nullopt,
          fmt::format("set properties.sourceAddressPrefix of the rule {} to VirtualNetwork",
                      rule.resource->name)};
}

Fix move_up_or_remove(const Scene& scene, const SecurityRules& rules, const SecurityRule& rule) {
  std::int64_t first = kFirstPriority;
  for (const SecurityRule& other : rules.list)
    if (other.outbound == rule.outbound && other.priority)
      first = first == kFirstPriority ? *other.priority : std::min(first, *other.priority);
  const bool own = rule.resource != nullptr;
  const Value* const access = find(*rule.spot.value, own ? "access" : "properties.access");
  if (is_text(access, "Deny") == Truth::True && first > kFirstPriority)
    return set_to(path_in(rule, "priority"), Value::integer(first - 1), scene);
  if (!own) return remove(rule.spot.path);
  return {{}, std::nullopt, std::nullopt, fmt::format("remove the rule {}", rule.resource->name)};
}

Fix make_internal(const Scene& scene, const Value* frontend_id, const std::string& rule_path) {
  const std::string id = text_of(frontend_id, scene.origins);
  const Items frontends = items_at(scene.resource.body, "properties.frontendIPConfigurations");
  for (std::size_t i = 0; i < frontends.items.size(); ++i) {
    if (!names_part(scene, id, find(frontends.items[i], "name"))) continue;
    const Value subnet =
        object(scene, {{"id", text(scene,
                                   "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet-ai', "
                                   "'snet-models')]")}});
    return set_to(fmt::format("properties.frontendIPConfigurations[{}].properties", i),
                  object(scene, {{"privateIPAllocationMethod", text(scene, "Dynamic")}, {"subnet", subnet}}),
                  scene);
  }
  return remove(rule_path);
}

}  // namespace redoubt::posture::relations

#include "posture/relations/private_endpoints.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace redoubt::posture::relations {

using doc::Value;

namespace {

constexpr std::string_view kZoneGroups = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups";

struct ConnectionList {
  std::string_view name;
  bool manual;
};
constexpr ConnectionList kLists[] = {{"privateLinkServiceConnections", false},
                                     {"manualPrivateLinkServiceConnections", true}};

Connection connection_of(const Scene& scene, const Value& node, bool manual, std::string path) {
  Connection out;
  out.target_value = find(node, "properties.privateLinkServiceId");
  out.target = text_of(out.target_value, scene.origins);
  const Items groups = items_at(node, "properties.groupIds");
  out.open_groups = groups.open;
  for (const Value& group : groups.items) {
    if (group.is_string())
      out.groups.push_back(lower(group.as_string()));
    else if (group.is_unknown())
      out.open_groups = &group;
  }
  out.status = find(node, "properties.privateLinkServiceConnectionState.status");
  out.approved = out.status == nullptr ? policy::truth_of(!manual) : is_text(out.status, "Approved");
  out.spot = {std::move(path), out.status != nullptr ? out.status : &node, node.place()};
  return out;
}

/// Notes the zones of one group, given its properties.
void add_zones(const Scene& scene, const Value& properties, RegisteredZones& out, Doubts& doubts) {
  const Items configs = items_at(properties, "privateDnsZoneConfigs");
  if (configs.open != nullptr) doubts.add("privateDnsZoneConfigs", configs.open);
  for (const Value& config : configs.items) {
    const Value* id = find(config, "properties.privateDnsZoneId");
    if (id == nullptr) continue;
    const std::string text = text_of(id, scene.origins);
    const std::string_view name = last_segment(text);
    if (name.find('{') != std::string_view::npos)
      doubts.add("privateDnsZoneId", id);
    else
      out.zones.push_back({lower(name), id});
  }
}

/// A zone group of which it is not known whose it is.
struct Stray {
  const estate::Resource* group = nullptr;
  std::string_view parent;
  bool nameless = false;  ///< a name that is secret as a whole leaves the id without a last segment
};

const std::vector<Stray>& stray_groups(const Scene& scene) {
  return scene.around.once<std::vector<Stray>>("stray-zone-groups", [&] {
    std::vector<Stray> out;
    for (const estate::Resource* group : scene.estate().of_type(kZoneGroups)) {
      const std::string_view id = group->id;
      const Stray one{group, id.substr(0, rfind_ignore_case(id, "/privateDnsZoneGroups")),
                      ends_with_any_case(id, "/privateDnsZoneGroups")};
      if (one.nameless || scene.estate().find(one.parent) == nullptr) out.push_back(one);
    }
    return out;
  });
}

}  // namespace

Connections connections_of(const Scene& scene, const estate::Resource& endpoint) {
  Connections out;
  for (const ConnectionList& list : kLists) {
    const std::string path = fmt::format("properties.{}", list.name);
    const Items items = items_at(endpoint.body, path);
    if (items.open != nullptr) out.open = items.open;
    for (std::size_t i = 0; i < items.items.size(); ++i) {
      if (items.items[i].is_unknown()) out.open = &items.items[i];
      out.list.push_back(connection_of(scene, items.items[i], list.manual, fmt::format("{}[{}]", path, i)));
    }
  }
  return out;
}

RegisteredZones zones_of(const Scene& scene, const estate::Resource& endpoint, Doubts& doubts) {
  RegisteredZones out;
  const auto group_at = [&](doc::Place place) {
    if (!out.any_group) out.place = place;
    out.any_group = true;
  };
  for (const estate::Resource* child : scene.estate().children(endpoint.id)) {
    if (!equal_any_case(child->type, kZoneGroups)) continue;
    group_at(child->place);
    if (is_there(scene, *child) != Truth::True) {
      doubts.add(*child);
      continue;
    }
    if (const Value* properties = find(child->body, "properties")) add_zones(scene, *properties, out, doubts);
  }
  // One whose name is open may be of this endpoint.
  for (const Stray& stray : stray_groups(scene)) {
    const Truth belongs = refers_to(scene, stray.parent, endpoint.id);
    if (stray.nameless ? belongs != Truth::False : belongs == Truth::Unknown)
      doubts.add("name", fmt::format("name of the zone group {}", stray.group->name));
  }
  const Items inline_groups = items_at(endpoint.body, "properties.privateDnsZoneGroups");
  if (inline_groups.open != nullptr) doubts.add("privateDnsZoneGroups", inline_groups.open);
  for (const Value& group : inline_groups.items) {
    group_at(group.place());
    if (const Value* properties = find(group, "properties")) add_zones(scene, *properties, out, doubts);
  }
  if (!out.any_group) doubts.add_if_incomplete(kZoneGroups);
  return out;
}

bool is_zone(std::string_view zone, std::string_view pattern) {
  const std::vector<std::string_view> labels = split(zone, '.');
  const std::vector<std::string_view> wanted = split(pattern, '.');
  if (labels.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (!wanted[i].starts_with('{') && !equal_any_case(labels[i], wanted[i])) return false;
  return true;
}

bool has_zone(const RegisteredZones& registered, std::string_view pattern) {
  return std::any_of(registered.zones.begin(), registered.zones.end(),
                     [&](const RegisteredZones::Zone& zone) { return is_zone(zone.name, pattern); });
}

std::vector<std::string_view> zones_of_kind(std::string_view kind) {
  static constexpr std::string_view kAccount = "privatelink.cognitiveservices.azure.com";
  static constexpr std::string_view kOpenAi = "privatelink.openai.azure.com";
  static constexpr std::string_view kFoundry = "privatelink.services.ai.azure.com";
  if (equal_any_case(kind, "AIServices")) return {kAccount, kOpenAi, kFoundry};
  if (equal_any_case(kind, "OpenAI")) return {kOpenAi};
  return {kAccount};
}

}  // namespace redoubt::posture::relations

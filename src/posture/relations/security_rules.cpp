#include "posture/relations/security_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "core/text.h"

namespace redoubt::posture::relations {

using doc::Value;

namespace {

constexpr std::string_view kRules = "Microsoft.Network/networkSecurityGroups/securityRules";

/// `Storage.{resourceGroup().location}`: whatever the region is, the tag is one of that service.
bool is_regional_tag(std::string_view form) {
  const std::string_view head = form.substr(0, form.find('{'));
  return head.size() > 1 && head.back() == '.' &&
         std::all_of(head.begin(), head.end() - 1, [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
}

/// The values under a plain name and under the name of the list beside it.
template <class Take>
const Value* each_text(const Scene& scene, const Value& properties, std::string_view one,
                       std::string_view many, const Take& take) {
  const Value* open = nullptr;
  const auto visit = [&](const Value& value) {
    if (value.is_unknown() && is_regional_tag(scene.origins.at(value.unknown_id()).form))
      take(scene.origins.at(value.unknown_id()).form);
    else if (value.is_unknown())
      open = &value;
    else if (value.is_string() && !value.as_string().empty())
      take(value.as_string());
    else if (value.is_int())
      take(std::to_string(value.as_int()));
  };
  if (const Value* value = find(properties, one)) visit(*value);
  const Items items = items_at(properties, many);
  if (items.open != nullptr) open = items.open;
  for (const Value& item : items.items)
    visit(item);
  return open;
}

void add_address(std::string_view text, AddressSide& out) {
  if (text == "*" || equal_any_case(text, "any")) {
    out.any = true;
  } else if (const std::optional<AddressRange> range = parse_range(text)) {
    out.ranges.push_back(*range);
  } else {
    out.tags.push_back(lower(text));
  }
}

AddressSide addresses(const Scene& scene, const Value& properties, std::string_view side) {
  AddressSide out;
  out.open = each_text(scene, properties, fmt::format("{}AddressPrefix", side),
                       fmt::format("{}AddressPrefixes", side),
                       [&](std::string_view text) { add_address(text, out); });
  const Items groups = items_at(properties, fmt::format("{}ApplicationSecurityGroups", side));
  if (groups.open != nullptr) out.open = groups.open;
  for (const Value& group : groups.items) {
    const Value* id = find(group, "id");
    if (group.is_unknown())
      out.open = &group;
    else if (id != nullptr)
      out.groups.push_back(lower(text_of(id, scene.origins)));
  }
  return out;
}

PortSide ports(const Scene& scene, const Value& properties, std::string_view side) {
  PortSide out;
  bool any_text = false;
  out.open = each_text(scene, properties, fmt::format("{}PortRange", side), fmt::format("{}PortRanges", side),
                       [&](std::string_view text) {
                         any_text = true;
                         if (const std::optional<PortRange> range = parse_ports(text))
                           out.ranges.push_back(*range);
                       });
  if (!any_text && out.open == nullptr) out.ranges.push_back({});
  return out;
}

/// A number that a template gives as text, as Resource Manager takes it; nothing for other text.
std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

SecurityRule rule_of(const Scene& scene, const Value& properties, std::string name) {
  SecurityRule out;
  out.name = std::move(name);
  const Value* direction = find(properties, "direction");
  out.outbound = is_text(direction, "Outbound");
  if (out.outbound == Truth::Unknown) out.open_direction = direction;
  const Value* access = find(properties, "access");
  out.allows = is_text(access, "Allow");
  if (out.allows == Truth::Unknown) out.open_access = access;
  const Value* priority = find(properties, "priority");
  if (priority != nullptr && priority->is_int()) out.priority = priority->as_int();
  if (priority != nullptr && priority->is_string()) out.priority = number_in(priority->as_string());
  if (priority != nullptr && priority->is_unknown()) out.open_priority = priority;
  const Value* protocol = find(properties, "protocol");
  if (protocol != nullptr && protocol->is_unknown()) out.open_protocol = protocol;
  if (protocol != nullptr && protocol->is_string())
    for (std::size_t i = 0; i < kProtocols.size(); ++i)
      if (equal_any_case(kProtocols[i], protocol->as_string())) out.protocol = i;
  out.source = addresses(scene, properties, "source");
  out.destination = addresses(scene, properties, "destination");
  out.source_ports = ports(scene, properties, "source");
  out.destination_ports = ports(scene, properties, "destination");
  return out;
}

}  // namespace

SecurityRules rules_of(const Scene& scene, const estate::Resource& group) {
  SecurityRules out;
  std::unordered_set<std::string> names;
  const auto add = [&](SecurityRule rule) {
    if (names.insert(lower(rule.name)).second) out.list.push_back(std::move(rule));
  };
  // A resource of its own is what counts where both are written.
  for (const estate::Resource* child : scene.estate().children(group.id)) {
    if (!equal_any_case(child->type, kRules)) continue;
    const Value* properties = find(child->body, "properties");
    if (properties == nullptr || properties->is_unknown()) {
      if (properties != nullptr) out.open = properties;
      continue;
    }
    SecurityRule rule = rule_of(scene, *properties, std::string(last_segment(child->id)));
    rule.spot = {"properties", properties, child->place};
    rule.there = is_there(scene, *child);
    rule.resource = child;
    add(std::move(rule));
  }
  const Items items = items_at(group.body, "properties.securityRules");
  if (items.open != nullptr) out.open = items.open;
  for (std::size_t i = 0; i < items.items.size(); ++i) {
    const Value& item = items.items[i];
    const Value* properties = find(item, "properties");
    if (item.is_unknown() || (properties != nullptr && properties->is_unknown())) {
      out.open = item.is_unknown() ? &item : properties;
      continue;
    }
    if (properties == nullptr) continue;
    SecurityRule rule = rule_of(scene, *properties, text_of(find(item, "name"), scene.origins));
    rule.spot = {fmt::format("properties.securityRules[{}]", i), &item, item.place()};
    add(std::move(rule));
  }
  return out;
}

}  // namespace redoubt::posture::relations

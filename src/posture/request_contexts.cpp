#include "posture/detail/request_contexts.h"

#include <fmt/format.h>

#include "arm/resource_id.h"
#include "core/text.h"
#include "policy/built_in.h"

namespace redoubt::posture {

using doc::Member;
using doc::Value;

namespace {

Value request(std::string_view version, Arena& arena) {
  const Member members[] = {{"apiVersion", Value::string(version)}};
  return doc::make_object(arena, members);
}

}  // namespace

RequestContexts::RequestContexts(const estate::Estate& estate, arm::Origins& origins,
                                 const ScanOptions& options)
    : estate_(estate), origins_(origins), options_(options) {
  const auto open = [&](std::string_view origin) {
    return origins.unknown(doc::UnknownType::String, origin, false, true);
  };
  tenant_ = options.tenant.empty() ? open("tenant().tenantId") : Value::string(options.tenant);
  display_name_ = open("subscription().displayName");
  // An export is judged at the newest version of its types (semantics 2.2, item 8).
  const policy::TypeTable types = policy::built_in_types();
  for (const auto& [type, resources] : estate.types())
    if (const std::optional<policy::TypeEntry> entry = types.find(type))
      newest_.emplace(lower(type), request(entry->api_version, arena_));
}

policy::RequestContext RequestContexts::context(const estate::Resource& resource, GroupContexts& groups,
                                                Arena& arena, Instant time) const {
  policy::RequestContext out;
  out.now = time;
  if (!resource.subscription.empty()) {
    std::string key = fmt::format("{}/{}", resource.subscription, resource.resource_group);
    const auto [entry, is_new] = groups.by_group.try_emplace(std::move(key));
    if (is_new) {
      entry->second.subscription = subscription(resource, groups.arena);
      if (!resource.resource_group.empty()) entry->second.resource_group = group(resource, groups.arena);
    }
    out.subscription = entry->second.subscription;
    out.resource_group = entry->second.resource_group;
  }
  if (!resource.api_version.empty()) {
    out.request = request(resource.api_version, arena);
  } else if (const auto newest = newest_.find(lower(resource.type)); newest != newest_.end()) {
    out.request = newest->second;
  }
  return out;
}

Value RequestContexts::text(std::string_view value, Arena& arena) const {
  if (arm::is_open_text(value)) return origins_.partial_text(origins_.read_form(value));
  return doc::make_string(arena, value);
}

Value RequestContexts::subscription(const estate::Resource& resource, Arena& arena) const {
  const std::string id = fmt::format("/subscriptions/{}", resource.subscription);
  const Member members[] = {{"id", text(id, arena)},
                            {"subscriptionId", text(resource.subscription, arena)},
                            {"tenantId", tenant_},
                            {"displayName", display_name_}};
  return doc::make_object(arena, members);
}

Value RequestContexts::group(const estate::Resource& resource, Arena& arena) const {
  const std::string id =
      fmt::format("/subscriptions/{}/resourceGroups/{}", resource.subscription, resource.resource_group);
  const std::string named = fmt::format("resource group {}", resource.resource_group);
  Value location = origins_.property(doc::UnknownType::String, "location", named, id, true);
  Value tags = origins_.property(doc::UnknownType::Object, "tags", named, id, true);
  if (const estate::Resource* found = estate_.find(id); found != nullptr && !found->existing) {
    const Value* own_location = found->body.find_any_case("location");
    const Value* own_tags = found->body.find_any_case("tags");
    if (own_location != nullptr) location = *own_location;
    tags = own_tags == nullptr ? Value::object({}) : *own_tags;
  } else if (!options_.location.empty() && !resource.from_export) {
    location = Value::string(options_.location);
  }
  const Member members[] = {{"id", text(id, arena)},
                            {"name", text(resource.resource_group, arena)},
                            {"location", location},
                            {"tags", tags}};
  return doc::make_object(arena, members);
}

}  // namespace redoubt::posture

#include "estate/load_template.h"

#include <fmt/format.h>

#include <vector>

#include "core/text.h"
#include "estate/detail/identity.h"

namespace redoubt::estate {

using doc::Value;

namespace {

constexpr std::string_view kSubscriptionType = "Microsoft.Resources/subscriptions";
constexpr std::string_view kGroupType = "Microsoft.Resources/subscriptions/resourceGroups";

struct OpenMember {
  std::string_view name;
  doc::UnknownType type;
};
constexpr OpenMember kOpenMembers[] = {
    {"location", doc::UnknownType::String}, {"kind", doc::UnknownType::String},
    {"tags", doc::UnknownType::Object},     {"sku", doc::UnknownType::Object},
    {"identity", doc::UnknownType::Object}, {"zones", doc::UnknownType::Array},
    {"plan", doc::UnknownType::Object},     {"properties", doc::UnknownType::Object},
};

/// Stands for a body that could not be evaluated: nothing in it may count as missing.
Value open_body(Estate& estate, arm::Origins& origins, const Resource& resource) {
  const std::string origin = fmt::format("{} {} could not be evaluated", resource.type, resource.name);
  std::vector<doc::Member> members{{"type", Value::string(resource.type).at(resource.place)},
                                   {"name", Value::string(resource.name).at(resource.place)}};
  const Value whole = origins.unknown(doc::UnknownType::Object, origin);
  for (const OpenMember& member : kOpenMembers)
    members.push_back(
        {member.name, origins.part(whole, fmt::format(".{}", member.name), member.type).at(resource.place)});
  return doc::make_object(estate.arena(), members).at(resource.place);
}

std::string_view api_version_of(const Value& body) {
  const Value* version = body.find_any_case("apiVersion");
  return version != nullptr && version->is_string() ? version->as_string() : std::string_view();
}

/// Type and name as policies see them. They come from the template, not from the id: names there may be open,
/// and hold any text. Only `a/providers/b` names another type than the template writes.
detail::Identity identity_of(const arm::Resource& from, Estate& estate) {
  const std::string type = lower(from.type);
  if (type == "microsoft.resources/resourcegroups") return {kGroupType, from.name};
  if (type.find("/providers/") != std::string::npos) return detail::identity_of(from.id, estate);
  return {from.type, from.name};
}

Resource to_resource(Estate& estate, arm::Origins& origins, const arm::Resource& from) {
  Resource resource;
  resource.id = from.id;
  const detail::Identity identity = identity_of(from, estate);
  resource.type = identity.type.empty() ? std::string_view(from.type) : identity.type;
  resource.name = identity.name.empty() ? std::string_view(from.name) : identity.name;
  resource.api_version = api_version_of(from.body);
  resource.existing = from.existing;
  resource.open = from.open;
  resource.place = from.place;
  resource.body = from.body.is_object() ? from.body : open_body(estate, origins, resource);
  return resource;
}

/// An object of another extension. It has no id of its own: the deployment's scope stands for where it is.
Resource to_object(Estate& estate, arm::Origins& origins, const arm::Resource& from,
                   const arm::Expansion& expansion) {
  const Value* properties = from.body.find_any_case("properties");
  const Value* metadata = properties == nullptr ? nullptr : properties->find_any_case("metadata");
  const std::string_view space =
      metadata == nullptr ? std::string_view() : metadata->text_of("namespace").value_or("");
  Resource resource = to_resource(estate, origins, from);
  resource.id = estate.arena().copy(std::string_view(
      fmt::format("{}/extensions/{}/{}/{}/{}", expansion.scope.prefix(), from.extension, from.type,
                  space.empty() ? std::string_view("default") : space, from.name)));
  resource.type = from.type;
  resource.name = from.name;
  resource.beside = true;
  return resource;
}

Resource subscription_of(Estate& estate, const arm::Expansion& expansion, doc::Place place) {
  Resource resource;
  resource.id = estate.arena().copy(std::string_view(expansion.scope.id()));
  resource.type = kSubscriptionType;
  resource.name = estate.arena().copy(std::string_view(expansion.scope.subscription));
  const doc::Member members[] = {{"type", Value::string(resource.type)},
                                 {"name", Value::string(resource.name)}};
  resource.body = doc::make_object(estate.arena(), members).at(place);
  resource.existing = true;
  resource.beside = true;
  resource.place = place;
  return resource;
}

}  // namespace

void add_template(Estate& estate, arm::Origins& origins, const arm::Expansion& expansion,
                  std::string_view path, doc::Place place) {
  for (const arm::Resource& resource : expansion.resources) {
    if (!resource.extension.empty())
      estate.add(to_object(estate, origins, resource, expansion));
    else if (!resource.id.empty())
      estate.add(to_resource(estate, origins, resource));
  }
  if (expansion.kind == arm::ScopeKind::Subscription) estate.add(subscription_of(estate, expansion, place));
  for (const std::string& link : expansion.unread_links)
    estate.completeness().add_unread_link(link);
  if (expansion.failed) estate.completeness().add_failed_template(std::string(path));
}

}  // namespace redoubt::estate

#include <fmt/format.h>

#include "core/text.h"
#include "posture/relations/checks.h"
#include "posture/relations/doors.h"

// Gateways that the internet reaches, and that forward to accounts which are private otherwise.

namespace redoubt::posture::relations {

using doc::Value;
using policy::Verdict;

namespace {

/// Walks the rules of an application gateway from listener to backend.
class GatewayRules {
 public:
  explicit GatewayRules(const Scene& scene) : scene_(scene), out_(scene, "a public listener") {}

  Verdict run() {
    for (const std::string_view list : {"requestRoutingRules", "routingRules"}) {
      const Items rules = items_at(scene_.resource.body, fmt::format("properties.{}", list));
      if (rules.open != nullptr) out_.doubts().add(list, rules.open);
      for (const Value& rule : rules.items)
        if (const Value* properties = find(rule, "properties")) follow(*properties);
    }
    return out_.verdict("no public listener forwards to a private account");
  }

 private:
  void follow(const Value& rule) {
    const Value* listener = find(rule, "httpListener.id");
    if (listener == nullptr) listener = find(rule, "listener.id");
    const Truth is_public = public_listener(listener);
    if (is_public == Truth::False) return;
    backend(find(rule, "backendAddressPool.id"), settings_of(rule), is_public);
    const std::string map = text_of(find(rule, "urlPathMap.id"), scene_.origins);
    for (const Value& one : part_list("urlPathMaps"))
      if (names_part(scene_, map, find(one, "name")))
        if (const Value* properties = find(one, "properties")) follow_map(*properties, is_public);
  }

  void follow_map(const Value& map, Truth is_public) {
    backend(find(map, "defaultBackendAddressPool.id"), find(map, "defaultBackendHttpSettings.id"), is_public);
    for (const Value& rule : items_at(map, "pathRules").items)
      if (const Value* properties = find(rule, "properties"))
        backend(find(*properties, "backendAddressPool.id"), settings_of(*properties), is_public);
  }

  static const Value* settings_of(const Value& rule) {
    const Value* settings = find(rule, "backendHttpSettings.id");
    return settings != nullptr ? settings : find(rule, "backendSettings.id");
  }

  std::span<const Value> part_list(std::string_view name) const {
    return items_at(scene_.resource.body, fmt::format("properties.{}", name)).items;
  }

  Truth public_listener(const Value* id) const {
    const std::string text = text_of(id, scene_.origins);
    Truth any = Truth::False;
    for (const std::string_view list : {"httpListeners", "listeners"}) {
      const Items items = items_at(scene_.resource.body, fmt::format("properties.{}", list));
      if (items.open != nullptr) any = Truth::Unknown;
      for (const Value& listener : items.items)
        if (names_part(scene_, text, find(listener, "name")))
          any = either(any, public_frontend(scene_, find(listener, "properties.frontendIPConfiguration.id")));
    }
    return any;
  }

  void backend(const Value* pool_id, const Value* settings_id, Truth is_public) {
    const std::string pool = text_of(pool_id, scene_.origins);
    const std::span<const Value> pools = part_list("backendAddressPools");
    for (std::size_t i = 0; i < pools.size(); ++i) {
      if (!names_part(scene_, pool, find(pools[i], "name"))) continue;
      const std::string path =
          fmt::format("properties.backendAddressPools[{}].properties.backendAddresses", i);
      const Items addresses = items_at(pools[i], "properties.backendAddresses");
      if (addresses.open != nullptr) out_.to(*addresses.open, {path, addresses.open, {}}, is_public);
      for (std::size_t j = 0; j < addresses.items.size(); ++j) {
        const Value& address = addresses.items[j];
        const Spot spot{fmt::format("{}[{}]", path, j), &address, address.place()};
        if (const Value* host = find(address, "fqdn")) out_.to(*host, spot, is_public);
        if (const Value* ip = find(address, "ipAddress")) {
          out_.to_address(*ip, spot, is_public);
          host_of_settings(settings_id, is_public);
        }
      }
    }
  }

  /// An address alone says little: the name that is asked for there does.
  void host_of_settings(const Value* settings_id, Truth is_public) {
    const std::string settings = text_of(settings_id, scene_.origins);
    for (const std::string_view list : {"backendHttpSettingsCollection", "backendSettingsCollection"}) {
      const std::span<const Value> all = part_list(list);
      for (std::size_t i = 0; i < all.size(); ++i) {
        const Value* host = find(all[i], "properties.hostName");
        if (host != nullptr && names_part(scene_, settings, find(all[i], "name")))
          out_.to(*host, {fmt::format("properties.{}[{}].properties.hostName", list, i), host, {}},
                  is_public);
      }
    }
  }

  const Scene& scene_;
  Forwarding out_;
};

/// What below a service of API Management says where requests go.
struct TargetPath {
  std::string_view type;  ///< behind Microsoft.ApiManagement/service/
  std::string_view path;
};
constexpr TargetPath kTargets[] = {
    {"backends", "properties.url"},
    {"backends", "properties.resourceId"},
    {"apis", "properties.serviceUrl"},
    {"policies", "properties.value"},
    {"apis/policies", "properties.value"},
    {"apis/operations/policies", "properties.value"},
    {"apis/resolvers/policies", "properties.value"},
    {"products/policies", "properties.value"},
    {"policyFragments", "properties.value"},
    {"workspaces/backends", "properties.url"},
    {"workspaces/backends", "properties.resourceId"},
    {"workspaces/apis", "properties.serviceUrl"},
    {"workspaces/policies", "properties.value"},
    {"workspaces/apis/policies", "properties.value"},
    {"workspaces/apis/operations/policies", "properties.value"},
    {"workspaces/products/policies", "properties.value"},
    {"workspaces/policyFragments", "properties.value"},
};
constexpr std::string_view kNamedValues[] = {"namedValues", "properties", "workspaces/namedValues"};

/// Whether the internet reaches the gateway of a service.
Truth reached(const Value& body) {
  const Value* type = find(body, "properties.virtualNetworkType");
  const Truth internal = is_text(type, "Internal");
  const Truth off = is_text(find(body, "properties.publicNetworkAccess"), "Disabled");
  return negate(either(internal, off));
}

class ApiBackends {
 public:
  explicit ApiBackends(const Scene& scene)
      : scene_(scene), reached_(reached(scene.resource.body)), out_(scene, "the gateway") {}

  Verdict run() {
    if (reached_ == Truth::False) return compliant("the internet does not reach the gateway");
    for (const TargetPath& target : kTargets)
      for (const estate::Resource* one : below(target.type))
        if (const Value* value = find(one->body, target.path)) {
          const Truth there = is_there(scene_, *one) == Truth::True ? reached_ : Truth::Unknown;
          out_.to(*value, {std::string(target.path), value, one->place}, there);
          texts_ += without_comments(text_of(value, scene_.origins));
        }
    for (const std::string_view type : kNamedValues)
      for (const estate::Resource* one : below(type))
        named_value(*one);
    return out_.verdict("no backend is an account that is private");
  }

 private:
  /// Those of the type in the service. What stands between, an API or a product, may be deployed elsewhere.
  std::vector<const estate::Resource*> below(std::string_view type) const {
    const std::string service = std::string(scene_.resource.id) + "/";
    std::vector<const estate::Resource*> out;
    for (const estate::Resource* one :
         scene_.estate().of_type(fmt::format("Microsoft.ApiManagement/service/{}", type)))
      if (starts_with_any_case(one->id, service)) out.push_back(one);
    return out;
  }

  /// Policies and URLs use a named value as `{{name}}`.
  void named_value(const estate::Resource& one) {
    const Value* value = find(one.body, "properties.value");
    const std::string shown = text_of(find(one.body, "properties.displayName"), scene_.origins);
    const bool used =
        find_ignore_case(texts_, fmt::format("{{{{{}}}}}", shown)) != std::string::npos ||
        find_ignore_case(texts_, fmt::format("{{{{{}}}}}", last_segment(one.name))) != std::string::npos;
    if (value != nullptr && used) out_.to(*value, {"properties.value", value, one.place}, reached_);
  }

  const Scene& scene_;
  Truth reached_;
  Forwarding out_;
  std::string texts_;
};

}  // namespace

Verdict judge_application_gateway(const Scene& scene) { return GatewayRules(scene).run(); }

Verdict judge_api_management(const Scene& scene) { return ApiBackends(scene).run(); }

}  // namespace redoubt::posture::relations

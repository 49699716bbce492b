#include "arm/resource_id.h"

#include <fmt/format.h>

#include <algorithm>

#include "arm/detail/open_forms.h"
#include "arm/id_segments.h"
#include "core/text.h"

namespace redoubt::arm {

namespace {

constexpr std::string_view kProviders = "/providers/";
constexpr std::string_view kManagementGroups = "Microsoft.Management/managementGroups";
constexpr std::string_view kResourceGroups = "Microsoft.Resources/resourceGroups";
constexpr std::string_view kResourceGroupsInRules = "Microsoft.Resources/subscriptions/resourceGroups";
constexpr std::string_view kSubscriptions = "Microsoft.Resources/subscriptions";

std::size_t rfind_providers(std::string_view id) {
  const Segments slashes(id);
  std::size_t out = std::string_view::npos;
  for (std::size_t at = slashes.slash(0); at < id.size(); at = slashes.slash(at + 1))
    if (starts_with_any_case(id.substr(at), kProviders)) out = at;
  return out;
}

/// `/subscriptions/s` and `/subscriptions/s/resourceGroups/g`, which have no provider.
std::optional<ResourceId> parse_container(std::string_view id) {
  const std::vector<std::string_view> parts = id_segments(id);
  if (parts.size() == 3 && equal_any_case(parts[1], "subscriptions"))
    return ResourceId{"/", std::string(kSubscriptions), std::string(parts[2])};
  if (parts.size() == 5 && equal_any_case(parts[1], "subscriptions") &&
      equal_any_case(parts[3], "resourceGroups"))
    return ResourceId{fmt::format("/subscriptions/{}", parts[2]), std::string(kResourceGroups),
                      std::string(parts[4])};
  return std::nullopt;
}

}  // namespace

std::string Scope::prefix() const {
  switch (kind) {
    case ScopeKind::Tenant:
      return {};
    case ScopeKind::ManagementGroup:
      return fmt::format("/providers/{}/{}", kManagementGroups, management_group);
    case ScopeKind::Subscription:
      return fmt::format("/subscriptions/{}", subscription);
    case ScopeKind::ResourceGroup:
      return fmt::format("/subscriptions/{}/resourceGroups/{}", subscription, resource_group);
  }
  return {};
}

std::string Scope::id() const { return kind == ScopeKind::Tenant ? "/" : prefix(); }

std::optional<Scope> Scope::parse(std::string_view id) {
  Scope scope;
  if (id == "/") {
    scope.kind = ScopeKind::Tenant;
    return scope;
  }
  while (id.size() > 1 && id.back() == '/')
    id.remove_suffix(1);
  if (starts_with_any_case(id, kProviders)) id.remove_prefix(kProviders.size());
  if (starts_with_any_case(id, kManagementGroups) && id.size() > kManagementGroups.size() + 1) {
    const std::string_view name = id.substr(kManagementGroups.size() + 1);
    if (name.find('/') != std::string_view::npos) return std::nullopt;
    scope.kind = ScopeKind::ManagementGroup;
    scope.management_group = name;
    return scope;
  }
  const std::optional<ResourceId> container = parse_container(id);
  if (!container || container->name.empty()) return std::nullopt;
  const bool is_group = container->type == kResourceGroups;
  scope.kind = is_group ? ScopeKind::ResourceGroup : ScopeKind::Subscription;
  if (is_group) scope.resource_group = container->name;
  scope.subscription =
      is_group ? container->scope.substr(std::string_view("/subscriptions/").size()) : container->name;
  return scope;
}

bool is_open_text(std::string_view text) { return text.find('{') != std::string_view::npos; }

bool has_open_name(std::string_view id) {
  const auto is_scope = [](std::string_view part) {
    const auto scopes = detail::scope_parts();
    return std::any_of(scopes.begin(), scopes.end(), [&](const detail::ScopePart& scope) {
      return starts_with_any_case(part, scope.form);
    });
  };
  for (std::size_t at = id.find('{'); at != std::string_view::npos; at = id.find('{', at + 1))
    if (!is_scope(id.substr(at))) return true;
  return false;
}

std::optional<ResourceId> ResourceId::parse(std::string_view id) {
  const std::size_t at = rfind_providers(id);
  if (at == std::string_view::npos) return parse_container(id);
  const std::vector<std::string_view> parts = id_segments(id.substr(at + kProviders.size()));
  if (parts.size() < 3 || parts.size() % 2 == 0) return std::nullopt;
  ResourceId out;
  out.scope = at == 0 ? "/" : std::string(id.substr(0, at));
  out.type = parts[0];
  for (std::size_t i = 1; i < parts.size(); i += 2) {
    out.type += fmt::format("/{}", parts[i]);
    out.name += (i == 1 ? "" : "/") + std::string(parts[i + 1]);
  }
  return out;
}

std::string make_resource_id(std::string_view scope_prefix, std::string_view type, std::string_view name) {
  if (equal_any_case(type, kResourceGroups) || equal_any_case(type, kResourceGroupsInRules))
    return fmt::format("{}/resourceGroups/{}", scope_prefix, name);
  if (equal_any_case(type, kSubscriptions)) return fmt::format("/subscriptions/{}", name);
  if (equal_any_case(type, kManagementGroups)) scope_prefix = {};
  const std::vector<std::string_view> types = id_segments(type);
  const std::vector<std::string_view> names = id_segments(name);
  std::string out = fmt::format("{}/providers/{}", scope_prefix, types[0]);
  for (std::size_t i = 0; i + 1 < types.size() || i < names.size(); ++i) {
    if (i + 1 < types.size()) out += fmt::format("/{}", types[i + 1]);
    if (i < names.size()) out += fmt::format("/{}", names[i]);
  }
  return out;
}

std::size_t type_segments(std::string_view type) {
  std::size_t count = 0;
  for (const char c : type)
    count += c == '/' ? 1 : 0;
  return count;
}

}  // namespace redoubt::arm

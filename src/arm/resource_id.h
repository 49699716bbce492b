#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt::arm {

/// The four levels a deployment can be made at.
enum class ScopeKind : std::uint8_t { Tenant, ManagementGroup, Subscription, ResourceGroup };

/// Where a deployment lands. Parts that are not known are text in braces (`{subscription}`); ids with
/// such parts are compared as text (contracts, "Values that templates leave open").
struct Scope {
  ScopeKind kind = ScopeKind::ResourceGroup;
  std::string management_group = "{managementGroup}";
  std::string subscription = "{subscription}";
  std::string resource_group = "{resourceGroup}";

  /// `/`, `/providers/Microsoft.Management/managementGroups/x`, `/subscriptions/x[/resourceGroups/y]`.
  std::string id() const;
  /// The id in front of `/providers/...`: empty for the tenant.
  std::string prefix() const;

  /// Reads such an id, absolute or as nested deployments write it
  /// (`Microsoft.Management/managementGroups/x`); nothing for other text.
  static std::optional<Scope> parse(std::string_view id);
};

/// A text part in braces stands for something unknown.
bool is_open_text(std::string_view text);

/// Whether a part other than a scope (`{subscription}`) is open.
bool has_open_name(std::string_view id);

/// A resource id taken apart. For `/subscriptions/s/resourceGroups/g/providers/Ns/a/x/b/y` type is `Ns/a/b`,
/// name `x/y`, scope the group's id; for an extension resource scope is the id of what it extends.
/// Source: "Resource ID formats", Azure Resource Manager documentation.
struct ResourceId {
  std::string scope;
  std::string type;
  std::string name;

  static std::optional<ResourceId> parse(std::string_view id);
};

/// Type and name segments interleaved behind a scope: the inverse of ResourceId::parse. Resource groups,
/// subscriptions and management groups get their own forms.
std::string make_resource_id(std::string_view scope_prefix, std::string_view type, std::string_view name);

/// Segments of a type behind its namespace: 2 for `Microsoft.Sql/servers/databases`.
std::size_t type_segments(std::string_view type);

}  // namespace redoubt::arm

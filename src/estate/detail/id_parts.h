#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace redoubt::estate::detail {

/// `/subscriptions/s` and `/subscriptions/s/resourceGroups/g` in front of an id, whatever follows.
struct Containers {
  std::string_view subscription;    ///< empty above subscriptions
  std::string_view resource_group;  ///< empty above groups
  std::size_t subscription_end = 0;
  std::size_t end = 0;
};
Containers containers_of(std::string_view id);

/// A resource id taken apart without copying: every part is a piece of the id's text.
struct IdParts {
  std::string_view scope;     ///< id of the group, or of what an extension resource extends; empty: tenant
  std::string_view provider;  ///< `Ns/a/x/b/y`; empty for subscriptions and resource groups
  std::string_view parent;    ///< one level up: the resource named in front, else the scope
  Containers containers;
};

/// Slashes inside braces (open parts) do not count. Nothing for text that is no resource id. Linear.
/// Source: "Resource ID formats", Azure Resource Manager documentation.
std::optional<IdParts> split_id(std::string_view id);

}  // namespace redoubt::estate::detail

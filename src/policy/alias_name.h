#pragma once

#include <string>
#include <string_view>

namespace redoubt::policy {

/// An alias is the resource type it belongs to, a slash, and a short name. The type may be the parent of what
/// is meant: `Microsoft.Network/virtualNetworks/subnets[*].name` belongs to
/// `Microsoft.Network/virtualNetworks`. Old aliases such as `Microsoft.Compute/imageId` name a provider only.
struct AliasParts {
  std::string_view type;
  std::string_view short_name;
};

/// Splits at the last slash before any bracket. Without a slash everything is the short name.
AliasParts split_alias(std::string_view alias);

/// True of aliases on objects of a service's data plane, such as
/// `Microsoft.KeyVault.Data/vaults/keys/keySize`.
bool is_data_plane_alias(std::string_view alias);

/// The path of an alias no table has. Data plane: the short name itself. Otherwise the short name itself
/// where its first segment stands beside `properties` in every ARM resource (sku, identity, tags ...), else
/// `properties.` and the short name. Right for about five in six of the aliases that built-in policies use.
std::string path_by_rule(std::string_view alias);

}  // namespace redoubt::policy

#include "policy/alias_name.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace redoubt::policy {

namespace {

/// What stands beside `properties`. Not among them: name, type and etag, which the listed aliases of that
/// name mean inside `properties`.
constexpr std::array<std::string_view, 11> kOutsideProperties = {
    "properties", "sku",  "identity", "kind",      "location",         "tags",
    "zones",      "plan", "id",       "managedBy", "extendedLocation",
};

}  // namespace

AliasParts split_alias(std::string_view alias) {
  const std::size_t slash = alias.substr(0, alias.find('[')).rfind('/');
  if (slash == std::string_view::npos) return {{}, alias};
  return {alias.substr(0, slash), alias.substr(slash + 1)};
}

bool is_data_plane_alias(std::string_view alias) {
  return ends_with_any_case(alias.substr(0, alias.find('/')), ".Data");
}

std::string path_by_rule(std::string_view alias) {
  const std::string_view short_name = split_alias(alias).short_name;
  const std::string_view root = short_name.substr(0, short_name.find_first_of(".["));
  const bool outside = std::any_of(kOutsideProperties.begin(), kOutsideProperties.end(),
                                   [&](std::string_view name) { return equal_any_case(name, root); });
  if (outside || is_data_plane_alias(alias)) return std::string(short_name);
  return "properties." + std::string(short_name);
}

}  // namespace redoubt::policy

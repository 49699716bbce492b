#include "estate/detail/identity.h"

#include <optional>
#include <string>

#include "arm/id_segments.h"
#include "estate/detail/id_parts.h"

namespace redoubt::estate::detail {

namespace {

constexpr std::string_view kSubscriptions = "Microsoft.Resources/subscriptions";
constexpr std::string_view kResourceGroups = "Microsoft.Resources/subscriptions/resourceGroups";

}  // namespace

Identity identity_of(std::string_view id, Estate& estate) {
  while (!id.empty() && id.back() == '/')
    id.remove_suffix(1);
  const std::optional<IdParts> parts = split_id(id);
  if (!parts) return {};
  if (parts->provider.empty())
    return parts->containers.resource_group.empty()
               ? Identity{kSubscriptions, parts->containers.subscription}
               : Identity{kResourceGroups, parts->containers.resource_group};
  arm::Segments segments(parts->provider);
  std::string type(segments.next());
  std::string name;
  std::string_view only_name;
  std::size_t levels = 0;
  for (std::string_view segment = segments.next(); !segment.empty(); segment = segments.next()) {
    type.append("/").append(segment);
    only_name = segments.next();
    name.append(levels++ == 0 ? "" : "/").append(only_name);
  }
  return {estate.intern(type), levels == 1 ? only_name : estate.arena().copy(std::string_view(name))};
}

}  // namespace redoubt::estate::detail

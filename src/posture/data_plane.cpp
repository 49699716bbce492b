#include "posture/data_plane.h"

#include <algorithm>

#include "core/text.h"

namespace redoubt::posture {

namespace {

/// `microsoft.machinelearningservices.v2.data/workspaces/deployments` as ARM would say it.
std::string as_resource_type(std::string_view object_type) {
  const std::size_t slash = std::min(object_type.find('/'), object_type.size());
  std::string_view provider = object_type.substr(0, slash);
  if (!provider.ends_with(".data")) return std::string(object_type);
  provider.remove_suffix(std::string_view(".data").size());
  if (provider.ends_with(".v2")) provider.remove_suffix(std::string_view(".v2").size());
  if (provider == "microsoft.managedhsm") provider = "microsoft.keyvault";  // what ARM calls its provider
  return std::string(provider).append(object_type.substr(slash));
}

}  // namespace

DataPlaneObjects::DataPlaneObjects(const policy::Policy& policy) {
  if (policy.data_plane_mode().empty()) return;
  for (const std::string& looked_at : policy.types())
    if (std::string object = as_resource_type(looked_at); object != looked_at)
      types_.push_back(std::move(object));
  if (policy.types().empty())
    if (std::string service = as_resource_type(lower(policy.data_plane_mode()));
        service != lower(policy.data_plane_mode()))
      service_ = service + "/";
}

bool DataPlaneObjects::held_by(std::string_view type) const {
  if (!service_.empty()) return type.starts_with(service_);
  const auto below = [](std::string_view inner, std::string_view outer) {
    return inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '/';
  };
  return std::any_of(types_.begin(), types_.end(), [&](std::string_view object) {
    // `workspaces/onlineEndpoints/deployments` is one of `workspaces/deployments`, too.
    const std::size_t last = object.rfind('/');
    return object == type || below(object, type) || below(type, object) ||
           (type.starts_with(object.substr(0, last + 1)) && type.ends_with(object.substr(last)));
  });
}

bool takes_exemptions(std::string_view data_plane_mode) {
  return data_plane_mode.empty() || equal_any_case(data_plane_mode, "Microsoft.Kubernetes.Data") ||
         equal_any_case(data_plane_mode, "Microsoft.KeyVault.Data") ||
         equal_any_case(data_plane_mode, "Microsoft.Network.Data");
}

}  // namespace redoubt::posture

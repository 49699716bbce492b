#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"

namespace redoubt::posture {

/// What a rule of a data-plane mode looks at, as ARM would say it: `Microsoft.KeyVault.Data/vaults/secrets`
/// are objects of vaults. A template or an inventory shows the resource that holds them, or one that stands
/// for them; whether they comply is another system's to say, and the verdict there is unknown.
class DataPlaneObjects {
 public:
  DataPlaneObjects() = default;  ///< none
  explicit DataPlaneObjects(const policy::Policy& policy);

  bool none() const { return types_.empty() && service_.empty(); }
  /// `type` in lower case.
  bool held_by(std::string_view type) const;

 private:
  std::vector<std::string> types_;  // lower case
  std::string service_;             // of a rule that names no type: `microsoft.keyvault/`
};

/// Whether exemptions are for rules of the mode. Source: "Azure Policy exemption structure": beside the modes
/// of Resource Manager, those of Kubernetes, Key Vault and Network.
bool takes_exemptions(std::string_view data_plane_mode);

}  // namespace redoubt::posture

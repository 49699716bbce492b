#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "posture/frameworks.h"

namespace redoubt::posture {

/// What Azure's own initiatives say about a framework: which built-in policies belong to a control.
struct AzureFramework {
  std::vector<std::string> initiatives;  ///< display names; empty: Azure has none
  std::unordered_map<std::size_t, std::vector<std::string>> controls;  ///< number -> names of policies
};

/// content/frameworks/azure-built-ins.json, whose README says how ids are cut. Manual policies are not in it.
class AzureControls {
 public:
  explicit AzureControls(const Frameworks& frameworks);

  /// In the order of the frameworks.
  const std::vector<AzureFramework>& all() const { return all_; }
  /// A policy that decides nothing itself: it repeats what another system found.
  bool repeats_another(const std::string& policy) const { return others_results_.count(policy) != 0; }

 private:
  std::vector<AzureFramework> all_;
  std::unordered_set<std::string> others_results_;
};

}  // namespace redoubt::posture

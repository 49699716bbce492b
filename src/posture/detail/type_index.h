#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/text.h"
#include "posture/data_plane.h"
#include "posture/plan.h"

namespace redoubt::posture {

/// Numbers of policies by the type they can apply to.
class TypeIndex {
 public:
  /// `planned` is compiled, and outlives the index.
  void add(std::uint32_t number, const PlannedPolicy& planned) {
    // Objects of a data plane have no type of ARM: what holds them stands for them.
    if (!planned.objects.none()) {
      data_planes_.emplace_back(number, &planned.objects);
      return;
    }
    if (planned.compiled->types().empty()) any_.push_back(number);
    for (const std::string& type : planned.compiled->types())
      by_type_[type].push_back(number);
  }

  /// Calls `visit_policy` with the numbers of those that can apply to resources of the type, and of those
  /// that look at objects which such a resource holds.
  template <class Visit>
  void visit(std::string_view type, const Visit& visit_policy) const {
    for (const std::uint32_t policy : any_)
      visit_policy(policy);
    const std::string key = lower(type);
    visit_key(key, visit_policy);
    for (const auto& [policy, objects] : data_planes_)
      if (objects->held_by(key)) visit_policy(policy);
    // Rules of the models' data plane look at what ARM calls accounts/deployments.
    if (key == "microsoft.cognitiveservices/accounts/deployments")
      visit_key("microsoft.cognitiveservices.data/accounts/deployments", visit_policy);
  }

 private:
  template <class Visit>
  void visit_key(const std::string& key, const Visit& visit_policy) const {
    const auto found = by_type_.find(key);
    if (found == by_type_.end()) return;
    for (const std::uint32_t policy : found->second)
      visit_policy(policy);
  }

  std::vector<std::uint32_t> any_;
  std::vector<std::pair<std::uint32_t, const DataPlaneObjects*>> data_planes_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_type_;
};

}  // namespace redoubt::posture

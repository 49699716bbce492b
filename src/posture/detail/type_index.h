#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/text.h"
#include "policy/policy.h"

namespace redoubt::posture {

/// Numbers of policies by the type they can apply to.
class TypeIndex {
 public:
  void add(std::uint32_t number, const policy::Policy& policy) {
    if (policy.types().empty()) any_.push_back(number);
    for (const std::string& type : policy.types())
      by_type_[type].push_back(number);
  }

  /// Calls `visit_policy` with the numbers of those that can apply to resources of the type.
  template <class Visit>
  void visit(std::string_view type, const Visit& visit_policy) const {
    for (const std::uint32_t policy : any_)
      visit_policy(policy);
    const std::string key = lower(type);
    visit_key(key, visit_policy);
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
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_type_;
};

}  // namespace redoubt::posture

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "policy/definition.h"

namespace redoubt::posture {

/// What the risk order knows beside severity: content/score/risk.yaml, which is part of the program.
class RiskKnowledge {
 public:
  RiskKnowledge();

  /// Whether failing the check says that a resource can be reached from the internet.
  bool is_exposure(const policy::Definition& definition) const;
  /// The tags that count, with the step of each value, 1 or 2. All lower case.
  const std::map<std::string, std::map<std::string, std::uint8_t>>& tags() const { return tags_; }
  /// Whether a resource of the type can hang on another: what protects another one does not.
  bool counts(std::string_view type) const;

 private:
  std::unordered_set<std::string> checks_;  // lower case
  std::vector<std::string> titles_;
  std::map<std::string, std::map<std::string, std::uint8_t>> tags_;  // both lower case
  std::vector<std::string> not_counted_;
};

}  // namespace redoubt::posture

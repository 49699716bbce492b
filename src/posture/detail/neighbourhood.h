#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "posture/kept_pass.h"

namespace redoubt::posture {

inline constexpr std::string_view kGroupType = "microsoft.resources/subscriptions/resourcegroups";

/// `/subscriptions/s` of an id, lower case; empty above subscriptions.
std::string subscription_of(std::string_view id);
/// `/subscriptions/s/resourcegroups/g` of an id, lower case; empty above groups.
std::string group_of(std::string_view id);

/// Some resources, to be asked whether a look-up from elsewhere can reach one of them.
class Reachable {
 public:
  void add(std::string_view type, std::string_view id);

  /// Whether one of them is of the type and lies where a policy that judges `subject` looks.
  bool by(const KeptLookup& lookup, std::string_view subject) const;
  bool has_type(std::string_view lower_type) const { return by_type_.contains(std::string(lower_type)); }
  /// Whether the id, in any case, is one of them.
  bool has_id(const std::string& lower_id) const { return ids_.contains(lower_id); }

 private:
  struct OfType {
    std::unordered_set<std::string> above;  ///< every id that one of them lies below
    std::unordered_set<std::string> containers;
  };
  std::unordered_map<std::string, OfType> by_type_;
  std::unordered_set<std::string> ids_;
};

/// Where resources that are judged look, to be asked whether one of them can reach a resource.
class Lookers {
 public:
  void add(std::string_view id, const std::vector<KeptLookup>& lookups);

  bool reach(std::string_view lower_type, std::string_view id) const;
  /// Their resource groups and subscriptions.
  bool lie_in(const std::string& lower_id) const { return containers_.contains(lower_id); }

 private:
  struct Places {
    std::unordered_set<std::string> ids;         ///< resources that look below themselves
    std::unordered_set<std::string> containers;  ///< groups and subscriptions that are looked in
    bool everywhere = false;
  };
  std::unordered_map<std::string, Places> places_;  // by type
  std::unordered_set<std::string> containers_;
};

}  // namespace redoubt::posture

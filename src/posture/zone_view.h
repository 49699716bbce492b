#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "posture/assignments.h"
#include "posture/owners.h"
#include "posture/zone.h"
#include "report/table.h"

namespace redoubt::posture {

/// How many pairs have each effect (lower case; `unknown` where it hangs on a parameter that is not set,
/// `missing` where the definition is not at hand, `error` where it can't be compiled).
using EffectCounts = std::map<std::string, std::size_t>;

/// What is in force at one scope. A pair is (assignment, reference of its set), or the assignment of a single
/// definition.
struct ZoneView {
  const estate::ScopeNode* scope = nullptr;
  std::vector<std::string> parents;  ///< names, nearest first
  std::vector<const policy::Assignment*> assignments;
  std::vector<const policy::Exemption*> exemptions;
  std::size_t pairs = 0;
  std::size_t definitions = 0;  ///< distinct
  EffectCounts enforced;        ///< enforcementMode Default
  EffectCounts not_enforced;    ///< DoNotEnforce
};
ZoneView view_at(const Zone& zone, const AssignedPlan& plan, const estate::ScopeNode& scope);

/// One way in which a definition comes to be in force: assignment, initiative, parameters, overrides.
struct WhyInForce {
  const AssignedPolicy* pair = nullptr;
  std::string effect;
  /// How the effect comes about, a step each: `the assignment gives parameter effect = Deny` ...
  std::vector<std::string> steps;
};
/// Every pair of the definition (name, id, display name or reference id, in any case) at the scope.
std::vector<WhyInForce> why(const Zone& zone, const AssignedPlan& plan, const estate::ScopeNode& scope,
                            std::string_view definition);

/// What why() finds a definition by: names, display names and reference ids of all that is assigned, each
/// once.
std::vector<std::string_view> names_of_definitions(const AssignedPlan& plan);

/// The effect of a pair, as EffectCounts names it.
std::string effect_of(const AssignedPolicy& pair);

/// `redoubt.zone/1` (contracts), of one scope, or of the tree (`scopes`, a view each).
std::string zone_json(const ZoneView& view, const AssignedPlan& plan);
std::string zones_json(const std::vector<ZoneView>& views, const AssignedPlan& plan);
std::string why_json(const estate::ScopeNode& scope, const std::vector<WhyInForce>& ways);

std::string zone_table(const ZoneView& view, const AssignedPlan& plan, const report::TableStyle& style);
/// The tree, indented, with how much is assigned at each scope and how much is in force there.
/// Display names and owners are shown where they leave room for the scopes.
std::string zones_table(const std::vector<ZoneView>& views, const Owners& owners,
                        const report::TableStyle& style);
std::string why_table(const estate::ScopeNode& scope, const std::vector<WhyInForce>& ways,
                      const report::TableStyle& style);

}  // namespace redoubt::posture

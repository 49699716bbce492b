#include "posture/assignments.h"

#include <algorithm>

#include "core/text.h"

namespace redoubt::posture {

AssignedPlan::AssignedPlan(Plan& plan, const policy::AssignmentIndex& index,
                           const std::vector<const policy::Assignment*>& assignments,
                           const policy::Library& library, std::vector<Diagnostic>& diagnostics)
    : index_(index) {
  for (const policy::Assignment* assignment : assignments)
    pairs_.emplace(assignment, plan.add(*assignment, library, diagnostics));
}

const std::vector<AssignedPolicy>& AssignedPlan::pairs_of(const policy::Assignment& assignment) const {
  return pairs_.at(&assignment);
}

const PairsInForce& AssignedPlan::at(std::string_view scope) const {
  const policy::InForce& in_force = index_.at(scope);
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = known_.try_emplace(&in_force);
  PairsInForce& out = entry->second;
  if (!is_new) return out;
  out.in_force = &in_force;
  for (const policy::Assignment* assignment : in_force.assignments) {
    for (const AssignedPolicy& pair : pairs_.at(assignment)) {
      const auto number = static_cast<std::uint32_t>(out.pairs.size());
      out.pairs.push_back(&pair);
      if (pair.policy != nullptr && pair.policy->compiled) out.by_type.add(number, *pair.policy->compiled);
    }
  }
  return out;
}

Reach AssignedPlan::reach(const AssignedPolicy& pair, const policy::InForce& in_force,
                          const estate::Resource& resource, Instant now) const {
  policy::Selected what{.location = {}, .type = resource.type, .reference_id = pair.reference_id};
  if (const doc::Value* location = resource.body.find_any_case("location"); location != nullptr) {
    if (location->is_string()) what.location = location->as_string();
    what.location_open = location->is_unknown();
  }
  Reach out;
  out.match = policy::matches(pair.assignment->resource_selectors, what);
  out.policy = pair.policy;
  for (const auto& [one, planned] : pair.overridden) {
    const policy::Match fits = policy::matches(one->selectors, what);
    if (fits == policy::Match::Open) out.match = out.match == policy::Match::No ? out.match : fits;
    if (fits != policy::Match::Yes) continue;
    out.policy = planned;
    break;
  }
  const std::vector<const policy::Exemption*>* exemptions = in_force.exemptions_of(*pair.assignment);
  if (exemptions == nullptr) return out;
  for (const policy::Exemption* exemption : *exemptions) {
    const std::vector<std::string>& references = exemption->reference_ids;
    const bool named =
        references.empty() || std::any_of(references.begin(), references.end(), [&](const std::string& one) {
          return equal_any_case(one, pair.reference_id);
        });
    if (named && !exemption->expired(now) &&
        policy::matches(exemption->resource_selectors, what) == policy::Match::Yes)
      out.exemption = exemption;
  }
  return out;
}

}  // namespace redoubt::posture

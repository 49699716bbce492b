#include "posture/assignments.h"

#include <fmt/format.h>

#include <set>

namespace redoubt::posture {

namespace {

/// Notes the first that fits; true when one surely does.
bool exempt(const std::vector<const policy::Exemption*>& exemptions, const policy::Selected& what,
            Instant now, Reach& out) {
  for (const policy::Exemption* exemption : exemptions) {
    if (exemption->expired(now)) continue;
    const policy::Match fits = policy::matches(exemption->resource_selectors, what);
    if (fits == policy::Match::No || (fits == policy::Match::Open && out.exemption != nullptr)) continue;
    out.exempted = fits;
    out.exemption = exemption;
    if (fits == policy::Match::Yes) return true;
  }
  return false;
}

}  // namespace

Diagnostic not_usable(const AssignedPolicy& pair, const PlannedPolicy& planned, Severity severity) {
  return {severity, "POS0005",
          fmt::format("the assignment {}: the definition {} can't be used: {}", pair.assignment->name,
                      pair.definition, planned.error->message),
          planned.error->where, planned.error->hint};
}

std::vector<Diagnostic> AssignedPlan::not_usable(Severity severity) const {
  std::vector<Diagnostic> out;
  std::set<const PlannedPolicy*> told;
  const auto tell = [&](const AssignedPolicy& pair, const PlannedPolicy* planned) {
    if (planned != nullptr && planned->error && told.insert(planned).second)
      out.push_back(posture::not_usable(pair, *planned, severity));
  };
  for (const auto& [assignment, pairs] : pairs_) {
    for (const AssignedPolicy& pair : pairs) {
      tell(pair, pair.policy);
      for (const auto& [one, planned] : pair.overridden)
        tell(pair, planned);
    }
  }
  return out;
}

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

const PairsInForce& AssignedPlan::at(const policy::InForce& in_force) const {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = known_.try_emplace(&in_force.assignments);
  PairsInForce& out = entry->second;
  if (!is_new) return out;
  for (const policy::Assignment* assignment : in_force.assignments) {
    for (const AssignedPolicy& pair : pairs_.at(assignment)) {
      const auto number = static_cast<std::uint32_t>(out.pairs.size());
      out.pairs.push_back(&pair);
      if (pair.policy != nullptr && pair.policy->compiled) out.by_type.add(number, *pair.policy);
    }
  }
  return out;
}

Reach AssignedPlan::reach(const AssignedPolicy& pair, const policy::InForce& in_force,
                          const estate::Resource& resource, Instant now) const {
  policy::Selected what{.location = {},
                        .type = resource.type,
                        .reference_id = pair.reference_id,
                        .at_subscription = resource.resource_group.empty()};
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
  for (const policy::InForce* level = &in_force; level != nullptr; level = level->above)
    if (level->here != nullptr &&
        exempt(level->here->of(*pair.assignment, pair.reference_id), what, now, out))
      break;
  return out;
}

}  // namespace redoubt::posture

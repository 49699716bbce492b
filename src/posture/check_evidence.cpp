#include "posture/check_evidence.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/text.h"
#include "posture/scan.h"

namespace redoubt::posture {

namespace {

/// Of what a finding is counted as.
std::uint64_t EvidenceCounts::* counted_as(const Finding& finding) {
  if (finding.needs_attestation) return &EvidenceCounts::to_attest;
  if (finding.accepted != nullptr) return &EvidenceCounts::accepted;
  static constexpr std::pair<std::string_view, std::uint64_t EvidenceCounts::*> kStates[] = {
      {"compliant", &EvidenceCounts::compliant},
      {"noncompliant", &EvidenceCounts::noncompliant},
      {"unknown", &EvidenceCounts::unknown},
      {"notApplicable", &EvidenceCounts::not_applicable},
      {"exempt", &EvidenceCounts::exempt}};
  for (const auto& [state, member] : kStates)
    if (finding.state == state) return member;
  return &EvidenceCounts::error;
}

bool is_listed(const Finding& finding) {
  const auto counted = counted_as(finding);
  return counted == &EvidenceCounts::noncompliant || counted == &EvidenceCounts::unknown ||
         counted == &EvidenceCounts::error;
}

CheckFinding listed(const Finding& finding) {
  CheckFinding out;
  out.id = finding.id;
  out.state = finding.state;
  if (finding.resource != nullptr) {
    out.resource_id = finding.resource->id;
    out.resource_type = finding.resource->type;
    out.resource_name = finding.resource->name;
  }
  out.reason = finding.reason;
  out.path = finding.path;
  out.location = finding.location;
  return out;
}

}  // namespace

EvidenceCounts& EvidenceCounts::operator+=(const EvidenceCounts& other) {
  compliant += other.compliant;
  noncompliant += other.noncompliant;
  unknown += other.unknown;
  error += other.error;
  not_applicable += other.not_applicable;
  exempt += other.exempt;
  accepted += other.accepted;
  to_attest += other.to_attest;
  return *this;
}

ScanEvidence::ScanEvidence(Scan& scan) {
  std::map<std::string, CheckEvidence> checks;
  for (const PlannedPolicy& planned : scan.plan().policies()) {
    CheckEvidence& check = checks[lower(planned.definition->name)];
    check.name = planned.definition->name;
    check.display_name = planned.definition->display_name;
  }
  for (auto& [name, check] : checks) {
    by_name_.emplace(name, checks_.size());
    checks_.push_back(std::move(check));
  }
  std::vector<CheckEvidence*> of_policy;  // by number in the plan
  of_policy.reserve(scan.plan().policies().size());
  for (const PlannedPolicy& planned : scan.plan().policies())
    of_policy.push_back(&checks_[by_name_.at(lower(planned.definition->name))]);
  scan.each(
      [&](const Finding& finding) {
        CheckEvidence& check = *of_policy[finding.policy->number];
        ++(check.counts.*counted_as(finding));
        if (!is_listed(finding)) return;
        if (finding.state == "noncompliant") check.worst = std::max(check.worst, finding.severity);
        check.findings.push_back(listed(finding));
      },
      is_listed);
}

const CheckEvidence* ScanEvidence::find(std::string_view name) const {
  const auto found = by_name_.find(lower(name));
  return found == by_name_.end() ? nullptr : &checks_[found->second];
}

std::vector<std::string_view> ScanEvidence::names() const {
  std::vector<std::string_view> out;
  for (const CheckEvidence& check : checks_)
    out.push_back(check.name);
  return out;
}

}  // namespace redoubt::posture

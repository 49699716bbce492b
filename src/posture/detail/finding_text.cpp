#include "posture/detail/finding_text.h"

#include <fmt/format.h>

#include "posture/assignments.h"
#include "posture/baseline.h"

namespace redoubt::posture {

const std::string& shown_name(const policy::Definition& definition) {
  return definition.display_name.empty() ? definition.name : definition.display_name;
}

Where place_to_change(const Finding& finding) {
  return finding.value_location.line == 0 ? finding.location : finding.value_location;
}

std::string place_of(const Finding& finding) {
  if (finding.value_location.line == 0) return finding.location.text();
  return fmt::format("{} (used at {})", finding.value_location.text(), finding.location.text());
}

std::vector<std::string> remarks_of(const Finding& finding) {
  std::vector<std::string> out;
  out.reserve(finding.pairs.size() + 2);
  for (const AssignedPolicy* pair : finding.pairs)
    out.push_back(fmt::format("assigned by {} at {}{}", pair->assignment->name, pair->assignment->scope,
                              pair->assignment->enforced ? "" : ", DoNotEnforce"));
  if (finding.if_deployed) out.emplace_back("only if it is deployed: its condition is not known");
  if (finding.policy->version_mismatch)
    out.emplace_back("the initiative pins another major version of this definition");
  return out;
}

std::string acceptance_text(const BaselineEntry& entry) {
  return fmt::format("{} (owner: {}{})", entry.reason, entry.owner,
                     entry.expires.empty() ? std::string() : ", expires: " + entry.expires);
}

}  // namespace redoubt::posture

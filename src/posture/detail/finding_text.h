#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "posture/scan.h"

namespace redoubt::posture {

/// The display name, else the name.
const std::string& shown_name(const policy::Definition& definition);
inline const std::string& shown_name(const Finding& finding) {
  return shown_name(*finding.policy->definition);
}

/// The title of what can't be evaluated, which has no resource.
inline constexpr std::string_view kNotEvaluated = "policies that can't be evaluated";

/// The line to change: where the value came from, when that is elsewhere.
Where place_to_change(const Finding& finding);
/// The same as text, with the line where the value is used.
std::string place_of(const Finding& finding);

/// What else there is to say, a line each: what assigns the policy, on what the finding hangs.
std::vector<std::string> remarks_of(const Finding& finding);

/// `REASON (owner: NAME, expires: DATE)` of a baseline's entry.
std::string acceptance_text(const BaselineEntry& entry);

}  // namespace redoubt::posture

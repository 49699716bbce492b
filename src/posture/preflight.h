#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arm/origins.h"
#include "core/progress.h"
#include "core/time.h"
#include "doc/sources.h"
#include "estate/estate.h"
#include "policy/assignment_index.h"
#include "policy/evaluate.h"
#include "posture/assignments.h"
#include "posture/scan.h"

namespace redoubt::posture {

/// One thing that a deployment meets: a resource, and one (assignment, reference) pair.
struct PreflightEntry {
  enum class Section : std::uint8_t { Denied, Modified, Remediated, Reported, Unknown };

  Section section = Section::Denied;
  const AssignedPolicy* pair = nullptr;
  const PlannedPolicy* policy = nullptr;  ///< of the pair, after overrides; null where `resource` is
  /// As the template has it. Null of what is unknown wherever the assignment is in force, because its
  /// definition is not at hand or can't be used.
  const estate::Resource* resource = nullptr;
  std::string_view effect;  ///< deny, modify ...; empty where it is not known
  std::string path;         ///< in the resource
  std::string value;        ///< JSON: of modified the new value, else the one found; empty when there is none
  std::string before;       ///< JSON: of modified the value that is replaced
  std::string shown_value;  ///< of modified, `value` and `before` for people
  std::string shown_before;
  std::string reason;    ///< why, in words; of unknown what it hangs on
  std::string message;   ///< the assignment's non-compliance message
  std::string_view why;  ///< of reported: audit, doNotEnforce, conflict (another modify changes the same)
  std::string fix;
  Where location;
  Where value_location;
  /// Of remediated: (type, name) of what the embedded template would create.
  std::vector<std::pair<std::string, std::string>> creates;
  std::vector<std::string> roles;  ///< of remediated: role definitions that the assignment's identity needs
  bool if_deployed = false;        ///< the resource's own condition is not known
};

/// A pair that an exemption takes off a resource.
struct ExemptedPair {
  const AssignedPolicy* pair = nullptr;
  const estate::Resource* resource = nullptr;
  const policy::Exemption* exemption = nullptr;
};

struct Preflight {
  std::vector<PreflightEntry> entries;  ///< by section, resource id, definition and assignment
  std::vector<ExemptedPair> exempted;   ///< where the rule would have been at work, sorted alike
  std::size_t resources = 0;            ///< judged
  std::size_t pairs = 0;                ///< in force at one of them
  std::size_t unplaced = 0;             ///< of the resources, those that lie nowhere in the tree
  std::size_t not_usable = 0;           ///< pairs in force whose definition is not at hand or can't be used
  /// POS0005 a definition in force can't be used, POS0013 a scope that lies nowhere in the tree.
  std::vector<Diagnostic> diagnostics;
};

/// What happens to a deployment in a landing zone, in Azure's order: append and modify as they are assigned,
/// deny on the changed request, audit, then the if-not-exists effects.
///
/// Two modify policies that write different values are settled by conflictEffect; an append over a value of
/// the request denies it, and so does a rule whose evaluation fails. Under DoNotEnforce nothing changes. A
/// definition that can't be used at all denies nothing: Azure does not take such a one, so what it has is
/// another one, and what that does can't be told.
/// `estate` is the deployment's own templates. Source: Azure Policy effect basics, Order of evaluation;
/// effect modify; shared semantics 2.2 (6, 9, 11, 14).
Preflight run_preflight(const AssignedPlan& plan, const estate::Estate& estate, doc::Sources& sources,
                        arm::Origins& origins, const ScanOptions& options, const ProgressCallback& progress);

}  // namespace redoubt::posture

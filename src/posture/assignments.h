#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "estate/resource.h"
#include "policy/assignment_index.h"
#include "policy/library.h"
#include "posture/detail/type_index.h"
#include "posture/plan.h"

namespace redoubt::posture {

/// The pairs of a list of assignments, found by the type of a resource.
struct PairsInForce {
  std::vector<const AssignedPolicy*> pairs;  ///< in order of the assignments
  TypeIndex by_type;                         ///< numbers in `pairs` of those that are compiled
};

/// How an assignment reaches a resource.
struct Reach {
  policy::Match match = policy::Match::Yes;      ///< of the assignment's resource selectors
  const PlannedPolicy* policy = nullptr;         ///< after overrides; null: the definition is not at hand
  const policy::Exemption* exemption = nullptr;  ///< what takes it off the resource; not an expired one
  policy::Match exempted = policy::Match::No;    ///< Open: it hangs on the resource's location
};

/// POS0005: what an assignment brings can't be used, with the place of what is wrong: the assigned value,
/// else the definition. `planned` has an error.
Diagnostic not_usable(const AssignedPolicy& pair, const PlannedPolicy& planned, Severity severity);

/// The (assignment, reference) pairs of a landing zone, each definition with its parameters planned once.
class AssignedPlan {
 public:
  /// Everything given must outlive the plan. Diagnostics: those of Plan::add.
  AssignedPlan(Plan& plan, const policy::AssignmentIndex& index,
               const std::vector<const policy::Assignment*>& assignments, const policy::Library& library,
               std::vector<Diagnostic>& diagnostics);

  /// The pairs at a place; to be called after the plan is compiled. Equal answers are the same object. Safe
  /// to use from several threads.
  const PairsInForce& at(const policy::InForce& in_force) const;
  /// All pairs of an assignment.
  const std::vector<AssignedPolicy>& pairs_of(const policy::Assignment& assignment) const;

  Reach reach(const AssignedPolicy& pair, const policy::InForce& in_force, const estate::Resource& resource,
              Instant now) const;

  /// Of everything assigned that can't be used, one not_usable() each.
  std::vector<Diagnostic> not_usable(Severity severity) const;

  /// Of every assignment.
  const std::map<const policy::Assignment*, std::vector<AssignedPolicy>>& pairs() const { return pairs_; }

  const policy::AssignmentIndex& index() const { return index_; }

 private:
  const policy::AssignmentIndex& index_;
  std::map<const policy::Assignment*, std::vector<AssignedPolicy>> pairs_;
  mutable std::mutex mutex_;
  mutable std::map<const policy::InForce::Assignments*, PairsInForce> known_;  // guarded by mutex_
};

}  // namespace redoubt::posture

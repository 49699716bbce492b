#pragma once

#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "estate/scope_tree.h"
#include "policy/assignment.h"

namespace redoubt::policy {

/// The exemptions that lie at one scope, by what they are of. Of those that differ in nothing but their end
/// only the last to end is looked at.
class ExemptionsHere {
 public:
  void add(const Assignment& assignment, const Exemption& exemption);
  /// All, in the order they were given.
  const std::vector<const Exemption*>* all_of(const Assignment& assignment) const;
  /// Those that may take the reference off something.
  std::vector<const Exemption*> of(const Assignment& assignment, std::string_view reference_id) const;

 private:
  struct Reference {
    const Exemption* plain = nullptr;  ///< without resource selectors, the last to end
    std::vector<const Exemption*> selecting;
  };
  struct OfAssignment {
    std::vector<const Exemption*> all;
    std::unordered_map<std::string, Reference> by_reference;  // lower case; empty: every reference
  };
  std::unordered_map<const Assignment*, OfAssignment> by_assignment_;
};

/// What is in force at one place, and for everything below it up to the next place that is mentioned.
struct InForce {
  using Assignments = std::vector<const Assignment*>;

  /// From the top of the tree down, then in the order they were given. Those whose notScopes hold the place
  /// are left out. Equal lists are the same object.
  const Assignments& assignments;
  const ExemptionsHere* here = nullptr;
  const InForce* above = nullptr;

  /// Exemptions of the assignment at or above the place, from the top down; expired ones too.
  std::vector<const Exemption*> exemptions_of(const Assignment& assignment) const;
};

/// Finds the assignments and exemptions of any scope. What it is given must outlive it.
/// Source: "Understand scope in Azure Policy"; "Azure Policy exemption structure".
class AssignmentIndex {
 public:
  AssignmentIndex(const estate::ScopeTree& tree, const std::vector<const Assignment*>& assignments,
                  const std::vector<const Exemption*>& exemptions);

  /// What holds at a scope: a resource, resource group, subscription or management group. Equal answers are
  /// the same object. Safe to use from several threads.
  const InForce& at(std::string_view scope) const;

  const estate::ScopeTree& tree() const { return tree_; }

 private:
  InForce work_out(const std::string& scope, const std::unordered_set<std::string_view>& around,
                   const InForce& above) const;
  const InForce::Assignments& shared(InForce::Assignments list) const;

  const estate::ScopeTree& tree_;
  // All by canonical scope.
  std::unordered_map<std::string, InForce::Assignments> assignments_;
  std::unordered_map<std::string, std::unordered_set<const Assignment*>> excluded_;  // by notScopes
  std::unordered_map<std::string, ExemptionsHere> exemptions_;
  std::unordered_set<std::string> mentioned_;               // scopes of assignments, notScopes and exemptions
  mutable std::mutex mutex_;                                // guards what follows
  mutable std::set<InForce::Assignments> lists_;            // its members stay where they are
  mutable std::unordered_map<std::string, InForce> known_;  // by the nearest mentioned scope; the same
};

}  // namespace redoubt::policy

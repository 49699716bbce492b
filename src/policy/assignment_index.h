#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "estate/scope_tree.h"
#include "policy/assignment.h"

namespace redoubt::policy {

/// What is in force at one place, and for everything below it up to the next place that is mentioned.
struct InForce {
  /// From the top of the tree down, then in the order they were given. Those whose notScopes hold the place
  /// are left out.
  std::vector<const Assignment*> assignments;
  /// Of these assignments, at or above the place; expired ones too.
  std::vector<std::pair<const Assignment*, std::vector<const Exemption*>>> exemptions;

  const std::vector<const Exemption*>* exemptions_of(const Assignment& assignment) const;
};

/// Finds the assignments and exemptions of any scope. What it is given must outlive it.
/// Source: "Understand scope in Azure Policy"; "Azure Policy exemption structure".
class AssignmentIndex {
 public:
  AssignmentIndex(const estate::ScopeTree& tree, std::vector<const Assignment*> assignments,
                  std::vector<const Exemption*> exemptions);

  /// What holds at a scope: a resource, resource group, subscription or management group. Equal answers are
  /// the same object. Safe to use from several threads.
  const InForce& at(std::string_view scope) const;

  const estate::ScopeTree& tree() const { return tree_; }

 private:
  InForce work_out(const std::vector<std::string>& chain) const;

  const estate::ScopeTree& tree_;
  std::unordered_map<std::string, std::vector<const Assignment*>> assignments_;  // by canonical scope
  std::unordered_map<std::string, std::vector<const Exemption*>> exemptions_;    // the same
  std::unordered_set<std::string> mentioned_;  // scopes of assignments, notScopes and exemptions
  mutable std::mutex mutex_;
  mutable std::map<std::string, InForce> known_;  // by the nearest mentioned scope; guarded by mutex_
};

}  // namespace redoubt::policy

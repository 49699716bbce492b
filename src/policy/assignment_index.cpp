#include "policy/assignment_index.h"

#include <algorithm>

#include "core/text.h"

namespace redoubt::policy {

using estate::canonical_scope;

const std::vector<const Exemption*>* InForce::exemptions_of(const Assignment& assignment) const {
  for (const auto& [of, list] : exemptions)
    if (of == &assignment) return &list;
  return nullptr;
}

AssignmentIndex::AssignmentIndex(const estate::ScopeTree& tree, std::vector<const Assignment*> assignments,
                                 std::vector<const Exemption*> exemptions)
    : tree_(tree) {
  for (const Assignment* assignment : assignments) {
    const std::string scope = canonical_scope(assignment->scope);
    mentioned_.insert(scope);
    assignments_[scope].push_back(assignment);
    for (const std::string& excluded : assignment->not_scopes)
      mentioned_.insert(canonical_scope(excluded));
  }
  for (const Exemption* exemption : exemptions) {
    const std::string scope = canonical_scope(exemption->scope);
    mentioned_.insert(scope);
    exemptions_[scope].push_back(exemption);
  }
}

const InForce& AssignmentIndex::at(std::string_view scope) const {
  const std::vector<std::string> chain = tree_.chain(scope);
  const auto nearest = std::find_if(chain.begin(), chain.end(),
                                    [&](const std::string& one) { return mentioned_.contains(one); });
  const std::string& key = nearest == chain.end() ? chain.back() : *nearest;
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = known_.try_emplace(key);
  if (is_new) entry->second = work_out(chain);
  return entry->second;
}

InForce AssignmentIndex::work_out(const std::vector<std::string>& chain) const {
  const std::unordered_set<std::string_view> around(chain.begin(), chain.end());
  InForce out;
  for (auto scope = chain.rbegin(); scope != chain.rend(); ++scope) {
    const auto here = assignments_.find(*scope);
    if (here == assignments_.end()) continue;
    for (const Assignment* assignment : here->second) {
      const bool excluded =
          std::any_of(assignment->not_scopes.begin(), assignment->not_scopes.end(),
                      [&](const std::string& one) { return around.contains(canonical_scope(one)); });
      if (!excluded) out.assignments.push_back(assignment);
    }
  }
  for (const Assignment* assignment : out.assignments) {
    std::vector<const Exemption*> found;
    for (auto scope = chain.rbegin(); scope != chain.rend(); ++scope) {
      const auto here = exemptions_.find(*scope);
      if (here == exemptions_.end()) continue;
      for (const Exemption* exemption : here->second)
        if (equal_any_case(exemption->assignment_id, assignment->id)) found.push_back(exemption);
    }
    if (!found.empty()) out.exemptions.emplace_back(assignment, std::move(found));
  }
  return out;
}

}  // namespace redoubt::policy

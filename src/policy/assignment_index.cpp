#include "policy/assignment_index.h"

#include <algorithm>

#include "core/text.h"

namespace redoubt::policy {

using estate::canonical_scope;

namespace {

bool ends_later(const Exemption& left, const Exemption& right) {
  if (!right.expires_on) return false;
  return !left.expires_on || *left.expires_on > *right.expires_on;
}

}  // namespace

void ExemptionsHere::add(const Assignment& assignment, const Exemption& exemption) {
  OfAssignment& of = by_assignment_[&assignment];
  of.all.push_back(&exemption);
  const auto put = [&](std::string_view reference_id) {
    Reference& reference = of.by_reference[lower(reference_id)];
    if (!exemption.resource_selectors.empty())
      reference.selecting.push_back(&exemption);
    else if (reference.plain == nullptr || ends_later(exemption, *reference.plain))
      reference.plain = &exemption;
  };
  if (exemption.reference_ids.empty()) return put({});
  for (const std::string& reference_id : exemption.reference_ids)
    if (!reference_id.empty()) put(reference_id);
}

const std::vector<const Exemption*>* ExemptionsHere::all_of(const Assignment& assignment) const {
  const auto found = by_assignment_.find(&assignment);
  return found == by_assignment_.end() ? nullptr : &found->second.all;
}

std::vector<const Exemption*> ExemptionsHere::of(const Assignment& assignment,
                                                 std::string_view reference_id) const {
  std::vector<const Exemption*> out;
  const auto found = by_assignment_.find(&assignment);
  if (found == by_assignment_.end()) return out;
  const auto take = [&](const std::string& key) {
    const auto reference = found->second.by_reference.find(key);
    if (reference == found->second.by_reference.end()) return;
    if (reference->second.plain != nullptr) out.push_back(reference->second.plain);
    out.insert(out.end(), reference->second.selecting.begin(), reference->second.selecting.end());
  };
  take({});
  if (!reference_id.empty()) take(lower(reference_id));
  return out;
}

std::vector<const Exemption*> InForce::exemptions_of(const Assignment& assignment) const {
  std::vector<const ExemptionsHere*> levels;
  for (const InForce* level = this; level != nullptr; level = level->above)
    if (level->here != nullptr) levels.push_back(level->here);
  std::vector<const Exemption*> out;
  for (auto level = levels.rbegin(); level != levels.rend(); ++level)
    if (const std::vector<const Exemption*>* all = (*level)->all_of(assignment))
      out.insert(out.end(), all->begin(), all->end());
  return out;
}

AssignmentIndex::AssignmentIndex(const estate::ScopeTree& tree,
                                 const std::vector<const Assignment*>& assignments,
                                 const std::vector<const Exemption*>& exemptions)
    : tree_(tree) {
  std::unordered_map<std::string, InForce::Assignments> by_id;
  for (const Assignment* assignment : assignments) {
    const std::string scope = canonical_scope(assignment->scope);
    mentioned_.insert(scope);
    assignments_[scope].push_back(assignment);
    by_id[canonical_scope(assignment->id)].push_back(assignment);
    for (const std::string& not_scope : assignment->not_scopes) {
      const std::string excluded = canonical_scope(not_scope);
      mentioned_.insert(excluded);
      excluded_[excluded].insert(assignment);
    }
  }
  for (const Exemption* exemption : exemptions) {
    const auto of = by_id.find(canonical_scope(exemption->assignment_id));
    if (of == by_id.end()) continue;
    const std::string scope = canonical_scope(exemption->scope);
    mentioned_.insert(scope);
    for (const Assignment* assignment : of->second)
      exemptions_[scope].add(*assignment, *exemption);
  }
}

const InForce& AssignmentIndex::at(std::string_view scope) const {
  const std::vector<std::string> chain = tree_.chain(scope);
  const std::lock_guard lock(mutex_);
  const InForce* above = &known_.try_emplace(std::string(), InForce{shared({})}).first->second;
  // Up to the nearest place that is known already, and from there down again.
  auto known = chain.begin();
  for (; known != chain.end(); ++known) {
    if (!mentioned_.contains(*known)) continue;
    const auto found = known_.find(*known);
    if (found == known_.end()) continue;
    above = &found->second;
    break;
  }
  std::unordered_set<std::string_view> around(known, chain.end());
  for (auto next = std::make_reverse_iterator(known); next != chain.rend(); ++next) {
    around.insert(*next);
    if (mentioned_.contains(*next))
      above = &known_.emplace(*next, work_out(*next, around, *above)).first->second;
  }
  return *above;
}

/// `around` is the scope and what it lies in.
InForce AssignmentIndex::work_out(const std::string& scope,
                                  const std::unordered_set<std::string_view>& around,
                                  const InForce& above) const {
  const auto exempted = exemptions_.find(scope);
  const ExemptionsHere* exemptions = exempted == exemptions_.end() ? nullptr : &exempted->second;
  const auto assigned = assignments_.find(scope);
  const auto excluded = excluded_.find(scope);
  if (assigned == assignments_.end() && excluded == excluded_.end())
    return {above.assignments, exemptions, &above};
  InForce::Assignments list;
  for (const Assignment* assignment : above.assignments)
    if (excluded == excluded_.end() || !excluded->second.contains(assignment)) list.push_back(assignment);
  if (assigned != assignments_.end())
    for (const Assignment* assignment : assigned->second)
      if (std::none_of(assignment->not_scopes.begin(), assignment->not_scopes.end(),
                       [&](const std::string& one) { return around.contains(canonical_scope(one)); }))
        list.push_back(assignment);
  return {shared(std::move(list)), exemptions, &above};
}

const InForce::Assignments& AssignmentIndex::shared(InForce::Assignments list) const {
  return *lists_.insert(std::move(list)).first;
}

}  // namespace redoubt::policy

#include "posture/owners.h"

#include <fmt/format.h>

#include <algorithm>

namespace redoubt::posture {

using estate::canonical_scope;

Owners::Owners(const estate::ScopeTree& tree, const std::vector<ZoneOwner>& owners,
               const doc::Sources& sources, std::vector<Diagnostic>& diagnostics)
    : tree_(tree) {
  for (const ZoneOwner& one : owners) {
    const estate::ScopeNode* node = tree.find(one.scope);
    if (node == nullptr && !one.scope.starts_with('/')) {
      diagnostics.push_back(
          {Severity::Warning, "POS0009",
           fmt::format("the owner {} is of a scope that is not in the tree: {}", one.owner, one.scope),
           sources.where(one.place), "name a group or subscription of the tree, or give an id"});
      continue;
    }
    by_scope_[canonical_scope(node == nullptr ? one.scope : node->id)] = {one.owner, one.environment};
  }
}

const Ownership* Owners::of(std::string_view scope) const {
  const std::vector<std::string> chain = tree_.chain(scope);
  const auto nearest = std::find_if(chain.begin(), chain.end(),
                                    [&](const std::string& one) { return by_scope_.contains(one); });
  if (nearest == chain.end()) return nullptr;
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = known_.try_emplace(*nearest);
  if (is_new)
    for (auto at = nearest; at != chain.end(); ++at) {
      const auto found = by_scope_.find(*at);
      if (found == by_scope_.end()) continue;
      if (entry->second.owner.empty()) entry->second.owner = found->second.owner;
      if (entry->second.environment.empty()) entry->second.environment = found->second.environment;
    }
  return &entry->second;
}

}  // namespace redoubt::posture

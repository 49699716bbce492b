#include <algorithm>

#include "core/text.h"
#include "posture/detail/lookup_trace.h"

namespace redoubt::posture {

void add_lookup(std::vector<KeptLookup>& list, KeptLookup lookup) {
  if (std::find(list.begin(), list.end(), lookup) == list.end()) list.push_back(std::move(lookup));
}

policy::Found LookupTrace::find(const estate::Resource& subject, const policy::Lookup& lookup) const {
  using Where = policy::Lookup::Where;
  looked_ = true;
  const bool other_group = lookup.where == Where::ResourceGroup && !lookup.resource_group.empty();
  std::vector<KeptLookup>& list = by_policy_[policy_];
  const Where where = other_group ? Where::Subscription : lookup.where;
  const bool known = std::any_of(list.begin(), list.end(), [&](const KeptLookup& one) {
    return one.where == where && equal_any_case(one.type, lookup.type);
  });
  if (!known) list.push_back({lower(lookup.type), where});
  return related_.find(subject, lookup);
}

void LookupTrace::add_to(std::vector<std::vector<KeptLookup>>& lists) const {
  for (const auto& [policy, list] : by_policy_)
    for (const KeptLookup& lookup : list)
      add_lookup(lists[policy], lookup);
}

}  // namespace redoubt::posture

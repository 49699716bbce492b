#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "posture/kept_pass.h"
#include "posture/related.h"

namespace redoubt::posture {

/// Finds related resources and notes what each policy looked for. Belongs to one worker.
class LookupTrace final : public policy::RelatedResources {
 public:
  explicit LookupTrace(const EstateRelated& related) : related_(related) {}

  /// What is looked for from now on is looked for by this policy.
  void begin(std::uint32_t policy) {
    policy_ = policy;
    looked_ = false;
  }
  bool looked() const { return looked_; }

  policy::Found find(const estate::Resource& subject, const policy::Lookup& lookup) const override;
  /// What relation checks look at there is not noted: rescans judge everything where there are any.
  const policy::RelationWorld* world() const override { return related_.world(); }

  /// Adds to the lists, which are by number of the policy, what they do not have.
  void add_to(std::vector<std::vector<KeptLookup>>& lists) const;

 private:
  const EstateRelated& related_;
  std::uint32_t policy_ = 0;
  mutable bool looked_ = false;
  mutable std::unordered_map<std::uint32_t, std::vector<KeptLookup>> by_policy_;
};

/// Puts it at the end of the list unless it is there.
void add_lookup(std::vector<KeptLookup>& list, KeptLookup lookup);

}  // namespace redoubt::posture

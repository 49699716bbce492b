#pragma once

#include "estate/estate.h"
#include "policy/evaluate.h"
#include "posture/relations/surroundings.h"

namespace redoubt::posture {

/// Related resources of an estate. What "not there" means is the estate's to say (semantics 2.4); types whose
/// state only another system knows are never complete.
class EstateRelated final : public policy::RelatedResources {
 public:
  explicit EstateRelated(const estate::Estate& estate) : estate_(estate), surroundings_(estate) {}
  policy::Found find(const estate::Resource& subject, const policy::Lookup& lookup) const override;

  const policy::RelationWorld* world() const override { return &surroundings_; }

 private:
  const estate::Estate& estate_;
  relations::Surroundings surroundings_;
};

}  // namespace redoubt::posture

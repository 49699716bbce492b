#pragma once

#include "policy/relation.h"
#include "posture/relations/surroundings.h"

namespace redoubt::posture::relations {

/// What a check looks at.
struct Scene {
  const estate::Resource& resource;
  const Surroundings& around;
  const doc::Value& parameters;
  arm::Origins& origins;
  Arena& arena;

  const estate::Estate& estate() const { return around.estate(); }
};

/// The verdict of a check that needs an estate, in the form of the table.
template <policy::Verdict (*Judge)(const Scene&)>
policy::Verdict with_scene(const policy::RelationSubject& subject);

/// Null where what the subject is related to is no estate.
const Surroundings* surroundings_of(const policy::RelationSubject& subject);
policy::Verdict nothing_to_look_in();

template <policy::Verdict (*Judge)(const Scene&)>
policy::Verdict with_scene(const policy::RelationSubject& subject) {
  const Surroundings* around = surroundings_of(subject);
  if (around == nullptr) return nothing_to_look_in();
  return Judge({subject.resource, *around, subject.parameters, subject.origins, subject.arena});
}

}  // namespace redoubt::posture::relations

#pragma once

#include <string_view>
#include <vector>

#include "arm/origins.h"
#include "core/arena.h"
#include "doc/value.h"
#include "policy/evaluate.h"

namespace redoubt::policy {

/// What a relation check judges, and with what.
struct RelationSubject {
  const estate::Resource& resource;
  const RelatedResources* related;  ///< may be null: nothing to look in
  const doc::Value& parameters;     ///< the definition's, an object of lower-case name and effective value
  arm::Origins& origins;
  Arena& arena;  ///< for values of the verdict
};

/// A check in code, of what no policyRule can say: how a resource stands to those around it.
///
/// A definition of mode `Redoubt.Relations` names one in `relation.check`, and says with which effect and
/// parameters; so text, severity and defaults stay content. The verdict's effect is filled in by the judge.
struct RelationCheck {
  std::string_view name;
  std::vector<std::string_view> types;  ///< what it is about; empty = any type
  Verdict (*judge)(const RelationSubject& subject);
};

}  // namespace redoubt::policy

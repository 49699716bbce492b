#pragma once

#include <cstdint>
#include <vector>

#include "arm/origins.h"
#include "core/thread_pool.h"
#include "estate/estate.h"
#include "posture/risk_knowledge.h"

namespace redoubt::posture {

/// How resources hang together, by number in the estate.
struct Dependents {
  std::vector<std::uint32_t> parent;  ///< the nearest resource that one lies in; ResourceRisk::kNone: none
  /// How many others lie in a resource or refer to it or to a part of it, some types not counted (risk.yaml);
  /// of a role assignment how many are in its scope.
  std::vector<std::uint64_t> count;
};

/// Looks at every text of every resource. Linear in them, shared over the pool.
Dependents find_dependents(const estate::Estate& estate, const arm::Origins& origins,
                           const RiskKnowledge& knowledge, ThreadPool& pool);

}  // namespace redoubt::posture

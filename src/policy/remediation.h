#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arm/origins.h"
#include "core/result.h"
#include "doc/sources.h"
#include "estate/resource.h"
#include "policy/evaluate.h"
#include "policy/policy.h"

namespace redoubt::policy {

/// What a deployIfNotExists policy would do about a resource.
struct RemediationPlan {
  struct Created {
    std::string type;
    std::string name;  ///< `parent/child`; open parts in braces
    bool operator==(const Created&) const = default;
  };
  std::vector<Created>
      creates;  ///< in the template's order, each once; what nested deployments hold included
  std::vector<std::string> role_definition_ids;  ///< what the assignment's identity needs, as written
  std::vector<Diagnostic> hints;                 ///< why `creates` lacks something
};

/// What working one out may cost: embedded templates come from whoever wrote the definition.
struct RemediationLimits {
  std::uint64_t max_steps = 500'000;
  std::size_t max_bytes = std::size_t{32} << 20;
  std::size_t max_resources = 100;
};

/// Expands the template that the policy embeds, with the parameters that it would get for the resource.
///
/// Parameters are evaluated as the rule is: field() and the functions mean the resource. What is open stays
/// open. Linked templates are not read. A policy that embeds nothing gives an empty plan.
/// Hints: POL0501 a part can't be worked out or read, POL0502 a limit was met.
/// Source: Azure Policy effects, deployIfNotExists: deployment, deploymentScope, roleDefinitionIds.
RemediationPlan remediation(const Policy& policy, const estate::Resource& resource,
                            const RequestContext& context, doc::Sources& sources, arm::Origins& origins,
                            const RemediationLimits& limits = {});

}  // namespace redoubt::policy

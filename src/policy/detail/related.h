#pragma once

#include "policy/detail/environment.h"

namespace redoubt::policy::detail {

struct RelatedOutcome {
  Truth truth = Truth::False;  ///< True: one candidate surely satisfies
  std::string type;            ///< what was looked for
  std::string text;
  std::vector<UnknownUse> unknown;
  Explanation explanation;
  std::optional<Fix> fix;
};

/// Whether a related resource satisfies the details of an if-not-exists effect. Source: effects
/// auditIfNotExists and deployIfNotExists; semantics 2.2 item 13, 2.3 item 5.
RelatedOutcome look_for_related(Scene& scene, const RelatedResources* related, bool explain);

/// A model deployment as rules of mode Microsoft.CognitiveServices.Data see it: its properties, with the
/// content of the filter policy it names as `raiPolicy`.
doc::Value model_deployment(Scene& scene, const RelatedResources* related);

}  // namespace redoubt::policy::detail

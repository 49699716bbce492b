#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "policy/definition.h"

namespace redoubt::policy {

/// What a definition needs to be judged.
enum class Need : std::uint8_t {
  ResourceAlone,     ///< the resource itself says all
  RelatedResources,  ///< an if-not-exists effect looks at other resources
  OtherSystem,       ///< results of guest configuration or of Defender assessments
  DataPlane,         ///< a mode of another plane: objects inside services, cluster contents
  NeverFires,        ///< policyType Static: Azure never evaluates it
  Attestation,       ///< manual: a person attests
  Action,            ///< denyAction, auditAction: judged when something is done, not by state
  DefenderObject,    ///< on objects of Microsoft.Security that no template or inventory holds
  Relation,          ///< a relation check: the resource and what is around it
};

struct NeedRow {
  Need need;
  std::string_view name;  ///< as the command prints it
  std::string_view summary;
};
std::span<const NeedRow> needs();
const NeedRow& row_of(Need need);

/// By policyType, mode, the effects its parameter allows, and details.type, in this order.
Need classify(const Definition& definition);

}  // namespace redoubt::policy

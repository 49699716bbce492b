#pragma once

#include <string>

#include "core/result.h"
#include "core/time.h"
#include "doc/value.h"
#include "policy/alias_catalogue.h"
#include "policy/type_table.h"

namespace redoubt::policy {

/// What `policy eval --cases` needs beside the case.
struct CaseOptions {
  const AliasCatalogue* aliases = nullptr;  ///< where a case has none of its own
  const TypeTable* types = nullptr;
  Instant now;  ///< utcNow() where the case does not say
};

/// Judges one case, `{policyRule | definition, parameters?, resource, related?, context?, aliases?}`, and
/// gives the answer's members as a JSON object (contracts.md, "policy eval").
Result<std::string> evaluate_case(const doc::Value& test_case, const CaseOptions& options);

}  // namespace redoubt::policy

#pragma once

#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "policy/definition.h"

namespace redoubt::policy::detail {

/// The members of an initiative, given its properties, whose policyDefinitions is a list.
/// Diagnostics: POL0208 a member of a wrong JSON type; an error where verdicts hang on it.
std::vector<Reference> read_references(const doc::Value& properties, const doc::Sources& sources,
                                       std::vector<Diagnostic>& diagnostics);

}  // namespace redoubt::policy::detail

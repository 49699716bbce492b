#pragma once

#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "policy/library.h"
#include "policy/policy.h"

namespace redoubt::policy {

/// Everything there is to say about a definition, with places.
///
/// Errors: what compile() refuses (POL0001..POL0007), POL0101 an undeclared parameter, POL0102 an expression
/// that can't be parsed. Warnings: POL0103 a default that is none of allowedValues, POL0104 roleDefinitionIds
/// missing, POL0301 an alias no list has. Hints: POL0105 a parameter that nothing uses.
std::vector<Diagnostic> lint(const Definition& definition, const CompileOptions& options,
                             const doc::Sources& sources);

/// The same of an initiative. Errors: POL0111 a reference id that stands twice, POL0112 a parameter the
/// definition does not have, POL0101 a parameter the initiative does not have. Warnings: POL0113 a definition
/// that is not at hand, POL0114 a group the initiative does not have, POL0115 another major version than
/// pinned.
std::vector<Diagnostic> lint(const Initiative& initiative, const Library& library,
                             const doc::Sources& sources);

}  // namespace redoubt::policy

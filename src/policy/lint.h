#pragma once

#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "policy/library.h"
#include "policy/policy.h"

namespace redoubt::policy {

/// Everything there is to say about a definition, with places.
///
/// Errors: what compile() refuses (POL0001..POL0007), all of it where the parts are wrong each by itself;
/// POL0101 an undeclared parameter, POL0102 an expression that can't be parsed (a warning in the template of
/// deployIfNotExists), POL0106 a parameter's declaration, POL0116 an allowed value that is no effect, POL0125
/// a member of a wrong JSON type.
/// Warnings: POL0103 a default that is none of allowedValues, POL0104 roleDefinitionIds missing, POL0108
/// types that exclude each other, POL0109 an alias of another type, POL0110 an unknown member (a hint where
/// no known one is like it), POL0117 details that lack what an effect needs, POL0118 parameters of the
/// template, POL0119 two wildcards, POL0120 an unknown type (a hint likewise), POL0124 more conditions than
/// are looked at one by one, POL0301 an alias no list has.
/// Hints: POL0105 a parameter that nothing uses, POL0107 [*] with a negative operator.
std::vector<Diagnostic> lint(const Definition& definition, const CompileOptions& options,
                             const doc::Sources& sources);

/// The same of an initiative. Errors: POL0101 a parameter the initiative does not have, POL0102, POL0111 a
/// reference id that stands twice, POL0112 a parameter the definition does not have, POL0121 a value that the
/// definition's parameter does not take (a warning for a default), POL0122 a parameter without value, POL0123
/// a reference without id. Warnings: POL0110, POL0113 a definition that is not at hand, POL0114 a group the
/// initiative does not have, POL0115 another major version than pinned. Hint: POL0105.
std::vector<Diagnostic> lint(const Initiative& initiative, const Library& library,
                             const doc::Sources& sources);

}  // namespace redoubt::policy

#pragma once

#include <optional>

#include "kql/token.h"
#include "kql/types.h"

namespace redoubt::kql {

// How types go together. Unknown goes with everything.

/// The type of a literal; Unknown for any other token.
Type literal_type(TokenKind kind);

/// The type that both become; nothing: there is none.
/// Source: Kusto.Language 12.4.1, TypeFacts.TryGetCommonType.
std::optional<Type> common_type(Type left, Type right);

/// The type of `left op right`; nothing: the operator is not defined for them. Operators are arithmetic,
/// comparisons, those of strings, `and`, `or`, and `in` (of one element).
/// Source: Kusto Query Language reference, "Numerical operators", "Datetime/timespan arithmetic",
/// "Logical operators", "String operators"; Kusto.Language 12.4.1, Operators.
std::optional<Type> operator_type(TokenKind op, Type left, Type right);

/// Whether `value between (from .. to)` is defined.
bool between_is_defined(Type value, Type from, Type to);

/// Whether steps of a type lead through values of another.
bool is_step_of(Type step, Type value);

}  // namespace redoubt::kql

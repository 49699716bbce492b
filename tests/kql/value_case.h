#pragma once

#include <string>

#include "doc/value.h"
#include "kql/value.h"

namespace redoubt::kql {

/// The value of a type that JSON stands for: null is the type's null, the rest as the engine writes it.
Value typed_value(Type type, const doc::Value& node);

/// The same type and value. Reals agree to 1e-9 of their size, also within dynamic values, whose members may
/// come in any order; an integer is no real.
bool agrees(const Value& value, const Value& expected);

/// Type and value, for people.
std::string shown(const Value& value);

}  // namespace redoubt::kql

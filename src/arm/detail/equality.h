#pragma once

#include <optional>
#include <span>

#include "arm/origins.h"
#include "doc/value.h"

namespace redoubt::arm::detail {

/// Whether two values are equal as equals() and contains() see it; nothing when it hangs on what is open.
///
/// Text is compared with case, names of members without; 1 equals 1.0; values of different types differ. Two
/// unknowns with one id are equal. What is open differs surely from a value that its type rules out, and a
/// text known in part from one that its known pieces rule out.
/// Source: semantics.md 4.3 "Case"; Microsoft Learn "Comparison functions for ARM templates", equals.
std::optional<bool> certainly_equal(const doc::Value& left, const doc::Value& right, const Origins& origins);

/// True: one of the items surely equals `wanted`. False: surely none.
std::optional<bool> certainly_holds(std::span<const doc::Value> items, const doc::Value& wanted,
                                    const Origins& origins);

/// True when the known pieces alone give the partial text a character, the partial array an element.
bool surely_not_empty(const doc::Value& partial, const Origins& origins);

}  // namespace redoubt::arm::detail

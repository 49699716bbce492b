#pragma once

#include <string_view>

namespace redoubt::arm {

/// -1, 0, 1: the order of two texts as .NET's invariant culture has it, which less(), greater() and the
/// ordering conditions of Azure Policy use.
///
/// Punctuation comes before digits, digits before letters, letters regardless of case; only texts that are
/// equal so far are told apart by case, small letters first (`a` < `A` < `b`). With `ignore_case` they are
/// equal. ASCII follows the root collation of Unicode (CLDR); other characters come after it by code point,
/// capitals beside small ones, which differs from .NET for accented letters.
/// Source: Microsoft Learn "Comparison functions for ARM templates" (greater('A', 'a') is true) and .NET
/// "Best practices for comparing strings", InvariantCulture.
int compare_invariant(std::string_view left, std::string_view right, bool ignore_case = false);

}  // namespace redoubt::arm

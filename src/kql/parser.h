#pragma once

#include <string_view>

#include "kql/syntax.h"

namespace redoubt::kql {

struct ParseLimits {
  std::size_t max_bytes = 16U << 20;  ///< longer texts are not read: KQL0001
  std::uint32_t max_depth = 500;      ///< of brackets in each other: KQL0002
  std::size_t max_problems = 1'000;   ///< those behind are left out
};

/// Reads a query, or a batch of statements. Whatever is wrong becomes a problem of the result, and the rest
/// is read on; the text must outlive it. Linear in the text's size, but for brackets that are looked ahead.
/// Source: Kusto Query Language reference; where it is silent, the verdicts of Kusto.Language 12.4.1.
Syntax parse(std::string_view text, const ParseLimits& limits = {});

/// Reads what stands in the parentheses of a function's declaration, `a: long, b: string = 'x'`: the root is
/// a List of FunctionParameter.
Syntax parse_parameters(std::string_view text, const ParseLimits& limits = {});

}  // namespace redoubt::kql

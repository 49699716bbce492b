#pragma once

#include <string>

#include "kql/syntax.h"

namespace redoubt::kql::detail {

/// The compact JSON that the inside of a `dynamic(...)` literal stands for: what no JSON has (datetime(...),
/// 1h) is its text.
/// Source: Kusto Query Language reference, "The dynamic data type".
std::string dynamic_json(const Syntax& syntax, const Node& inside);

}  // namespace redoubt::kql::detail

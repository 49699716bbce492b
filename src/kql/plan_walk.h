#pragma once

#include <functional>

#include "kql/analysis.h"

namespace redoubt::kql {

/// Calls `take` once for each table and operator that the results of a query are made of, also of those
/// inside expressions; what is used by others comes first.
void each_relation(const Analysis& analysis, const std::function<void(const Relation&)>& take);

/// Calls `take` for an expression and everything in it, each once.
void each_expression(const Expression& root, const std::function<void(const Expression&)>& take);

}  // namespace redoubt::kql

#pragma once

#include "kql/rewrite.h"

namespace redoubt::kql::detail {

// The rewrites one by one, in the order in which they are made.
void fold_constants(Analysis& analysis, const EvaluationContext* context);
void push_conditions(Analysis& analysis);
void prune_columns(Analysis& analysis);
void find_time_ranges(Analysis& analysis);

/// `a and b and c` as [a, b, c].
std::vector<const Expression*> conjuncts_of(const Expression* condition);

}  // namespace redoubt::kql::detail

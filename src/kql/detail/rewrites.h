#pragma once

#include "kql/rewrite.h"

namespace redoubt::kql::detail {

// The rewrites one by one, in the order in which they are made.
void fold_constants(Analysis& analysis, const EvaluationContext* context);
void push_conditions(Analysis& analysis);
void prune_columns(Analysis& analysis);
void find_time_ranges(Analysis& analysis);

}  // namespace redoubt::kql::detail

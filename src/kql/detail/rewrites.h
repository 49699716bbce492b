#pragma once

#include "kql/rewrite.h"

namespace redoubt::kql::detail {

/// Puts a hidden column of stored tables, kIngestionColumn, in place of the calls of ingestion_time() on
/// their rows: also behind operators that keep rows, and behind union. Other calls stay, and are null.
/// Source: Kusto Query Language reference, "ingestion_time()"; Kusto management, "IngestionTime policy".
void carry_ingestion_time(Analysis& analysis);

// The rewrites one by one, in the order in which they are made.
void fold_constants(Analysis& analysis, const EvaluationContext* context);
void push_conditions(Analysis& analysis);
void prune_columns(Analysis& analysis);
void find_time_ranges(Analysis& analysis);

/// Of functions that read columns which no argument of theirs is, such as pack_all(): what they give hangs on
/// where they stand.
bool reads_unnamed_columns(const Expression& value);

}  // namespace redoubt::kql::detail

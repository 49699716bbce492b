#pragma once

#include "kql/rewrite.h"

namespace redoubt::kql::detail {

/// Puts a hidden column of stored tables, kIngestionColumn, in place of the calls of ingestion_time() on
/// their rows: also behind operators that keep rows, and behind union. Other calls stay, and are null.
/// Source: Kusto Query Language reference, "ingestion_time()"; Kusto management, "IngestionTime policy".
void carry_ingestion_time(Analysis& analysis);

// The rewrites one by one, in the order in which they are made.

/// search as conditions on each of the tables in which it looks, as far as that can be said.
void spell_searches(Analysis& analysis);
void fold_constants(Analysis& analysis, const EvaluationContext* context);
/// Whether there are new constants, in conditions on tables of a union: their names, nulls for columns that
/// they do not have.
bool push_conditions(Analysis& analysis);
void prune_columns(Analysis& analysis);
void find_time_ranges(Analysis& analysis);
/// Tables of which no row is taken leave a union, and a long one becomes a union of short ones.
void arrange_unions(Analysis& analysis);

/// Whether a function gives the same for the same arguments, wherever in a query it is called.
bool hangs_on_arguments(const Function& function);

/// Of functions that read columns which no argument of theirs is, such as pack_all(): what they give hangs on
/// where they stand.
bool reads_unnamed_columns(const Expression& value);

}  // namespace redoubt::kql::detail

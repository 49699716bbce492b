#pragma once

#include <set>
#include <string>
#include <utility>

#include "kql/analysis.h"
#include "kql/evaluate.h"
#include "query/memory_tables.h"

namespace redoubt::query {

/// A name of the language: its kind, as kql::catalogue_kinds() has it, and the name itself.
using LanguageKey = std::pair<std::string, std::string>;

/// What running a query runs: functions, aggregates and plugins of its plan, old names as the present ones,
/// too, and what else stands in statements that the plan is made of. A `let` that nothing uses counts for
/// nothing.
std::set<LanguageKey> names_used(const kql::Analysis& analysis);

/// Those of them that the event engine is asked in SQL, when all that can be said in SQL is. Rewrites the
/// plan as running it does.
std::set<LanguageKey> names_in_sql(kql::Analysis& analysis, MemoryTables& tables,
                                   const kql::EvaluationContext& evaluation);

}  // namespace redoubt::query

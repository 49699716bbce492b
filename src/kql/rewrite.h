#pragma once

#include "core/time.h"
#include "kql/analysis.h"
#include "kql/evaluate.h"

namespace redoubt::kql {

/// What rewrite() does; each can be switched off, and the plan means the same with and without it.
struct RewriteOptions {
  bool search = true;  ///< search is said as conditions on each table in which it looks
  bool fold = true;    ///< values that only hang on constants are worked out
  bool push = true;    ///< conditions go towards the tables: through projections, joins and unions
  bool prune = true;   ///< columns that nothing needs are not read or made
  bool time = true;    ///< what conditions leave of a table's time is noted at the table
  bool unions = true;  ///< long unions are unions of short ones, without tables of which no row is taken
  /// The time that now() is. Without it, what hangs on it is not folded.
  const EvaluationContext* context = nullptr;
};

inline constexpr RewriteOptions kNoRewrites{
    .search = false, .fold = false, .push = false, .prune = false, .time = false, .unions = false};

/// Puts better plans in place of the results of a query. Functions are in place of their calls already, and
/// what is used more than once (let, materialize) is one table in the plan. A query with errors stays as it
/// is.
void rewrite(Analysis& analysis, const RewriteOptions& options = {});

/// A span of time, its ends included.
struct TimeSpan {
  Instant from;
  Instant to;
};

/// Limits every stored table that has a time (TimeGenerated, Timestamp) to the rows of a span, in addition to
/// what the query says, as `timespan` of the Log Analytics API does. To be called before rewrite().
void limit_time(Analysis& analysis, const TimeSpan& span);

}  // namespace redoubt::kql

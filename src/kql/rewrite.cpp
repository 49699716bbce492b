#include "kql/rewrite.h"

#include "kql/detail/rewrites.h"

namespace redoubt::kql {

void rewrite(Analysis& analysis, const RewriteOptions& options) {
  if (!analysis.ok()) return;
  detail::carry_ingestion_time(analysis);
  if (options.fold) detail::fold_constants(analysis, options.context);
  if (options.push) detail::push_conditions(analysis);
  if (options.prune) detail::prune_columns(analysis);
  if (options.time) detail::find_time_ranges(analysis);
}

}  // namespace redoubt::kql

#include "kql/rewrite.h"

#include "core/text.h"
#include "kql/detail/rewrites.h"

namespace redoubt::kql {

bool detail::reads_unnamed_columns(const Expression& value) {
  static constexpr std::string_view kNameless[] = {"pack_all", "bag_pack_columns", "column_ifexists",
                                                   "columnifexists", "iscolumnexists"};
  return value.kind == ExpressionKind::Call && value.function != nullptr &&
         is_one_of(value.function->name, kNameless);
}

void rewrite(Analysis& analysis, const RewriteOptions& options) {
  if (!analysis.ok()) return;
  detail::carry_ingestion_time(analysis);
  if (options.fold) detail::fold_constants(analysis, options.context);
  if (options.push) detail::push_conditions(analysis);
  if (options.prune) detail::prune_columns(analysis);
  if (options.time) detail::find_time_ranges(analysis);
}

}  // namespace redoubt::kql

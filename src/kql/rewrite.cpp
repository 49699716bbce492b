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

// What is constant by the rules of the language alone is less: isempty() is not.
bool detail::hangs_on_arguments(const Function& function) {
  const std::string_view name = function.name;
  return can_evaluate(function) && !gives_by_chance(name) && name != "assert";
}

void rewrite(Analysis& analysis, const RewriteOptions& options) {
  if (!analysis.ok()) return;
  detail::carry_ingestion_time(analysis);
  if (options.search) detail::spell_searches(analysis);
  if (options.fold) detail::fold_constants(analysis, options.context);
  const bool has_constants = options.push && detail::push_conditions(analysis);
  if (has_constants && options.fold) detail::fold_constants(analysis, options.context);
  if (options.prune) detail::prune_columns(analysis);
  if (options.time) detail::find_time_ranges(analysis);
  if (options.unions) detail::arrange_unions(analysis);
}

}  // namespace redoubt::kql

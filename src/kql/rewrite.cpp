#include "kql/rewrite.h"

#include <algorithm>

#include "kql/detail/rewrites.h"

namespace redoubt::kql {

void rewrite(Analysis& analysis, const RewriteOptions& options) {
  if (!analysis.ok()) return;
  if (options.fold) detail::fold_constants(analysis, options.context);
  if (options.push) detail::push_conditions(analysis);
  if (options.prune) detail::prune_columns(analysis);
  if (options.time) detail::find_time_ranges(analysis);
}

namespace detail {

std::vector<const Expression*> conjuncts_of(const Expression* condition) {
  std::vector<const Expression*> out;
  std::vector<const Expression*> stack{condition};
  while (!stack.empty()) {
    const Expression* const one = stack.back();
    stack.pop_back();
    const bool both = one->kind == ExpressionKind::Operator && one->op == TokenKind::AndKeyword;
    if (!both) {
      out.push_back(one);
      continue;
    }
    for (auto operand = one->operands.rbegin(); operand != one->operands.rend(); ++operand)
      stack.push_back(*operand);
  }
  return out;
}

}  // namespace detail

}  // namespace redoubt::kql

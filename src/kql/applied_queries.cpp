#include "kql/detail/applied_queries.h"

#include <algorithm>

#include "kql/plan_walk.h"

namespace redoubt::kql::detail {

std::optional<AppliedQuery> applied_query(const Relation& rows) {
  if (rows.op == NodeKind::MvApply && rows.inputs.size() > 2)
    return AppliedQuery{rows.inputs[1], rows.inputs[2]};
  if (rows.op == NodeKind::Partition && rows.inputs.size() > 1)
    return AppliedQuery{rows.inputs[1], rows.inputs[0]};
  return std::nullopt;
}

AppliedQueries::AppliedQueries(const Analysis& analysis) {
  std::vector<const Relation*> operators;
  each_relation(analysis, [&](const Relation& rows) {
    places_.emplace(&rows, places_.size());
    if (applied_query(rows)) operators.push_back(&rows);
  });
  for (const Relation* rows : operators)  // those inside others come first
    add(*rows, *applied_query(*rows));
}

/// What the rows are made of; only what comes behind `begin` can hang on it.
std::vector<const Relation*> AppliedQueries::parts_of(const Relation& rows, const Relation& begin) const {
  const std::size_t place = places_.at(&begin);
  std::vector<const Relation*> out;
  const auto take = [&](const Relation* one) {
    if (const auto found = places_.find(one); found != places_.end() && found->second >= place)
      out.push_back(one);
  };
  std::for_each(rows.inputs.begin(), rows.inputs.end(), take);
  each_expression(rows, [&](const Expression& value) {
    std::for_each(value.relations.begin(), value.relations.end(), take);
  });
  return out;
}

void AppliedQueries::add(const Relation& rows, const AppliedQuery& applied) {
  if (rows.op == NodeKind::MvApply) begins_.insert(applied.begin);
  boost::unordered_flat_map<const Relation*, bool> hangs{{applied.begin, true}};
  std::vector<std::pair<const Relation*, bool>> stack{{applied.query, false}};
  while (!stack.empty()) {
    const auto [one, opened] = stack.back();
    stack.pop_back();
    if (hangs.contains(one)) continue;
    const std::vector<const Relation*> parts = parts_of(*one, *applied.begin);
    if (!opened) {
      stack.emplace_back(one, true);
      for (const Relation* part : parts)
        stack.emplace_back(part, false);
      continue;
    }
    hangs[one] = std::any_of(parts.begin(), parts.end(), [&](const Relation* part) { return hangs[part]; });
    if (!hangs[one]) continue;
    owners_.emplace(one, &rows);
    uses_[applied.begin] +=
        static_cast<std::size_t>(std::count(one->inputs.begin(), one->inputs.end(), applied.begin));
  }
}

const Relation* AppliedQueries::owner(const Relation& rows) const {
  const auto found = owners_.find(&rows);
  return found == owners_.end() ? nullptr : found->second;
}

std::size_t AppliedQueries::uses_as_begin(const Relation& rows) const {
  const auto found = uses_.find(&rows);
  return found == uses_.end() ? 0 : found->second;
}

}  // namespace redoubt::kql::detail

#include "kql/detail/plan_map.h"

#include "kql/plan_walk.h"

namespace redoubt::kql::detail {

namespace {

/// Maps the parts of a list; whether one of them changed.
template <class T, class Map>
bool map_list(std::span<const T* const> list, std::vector<const T*>& out, const Map& map) {
  bool changed = false;
  out.reserve(list.size());
  for (const T* one : list) {
    out.push_back(map(one));
    changed = changed || out.back() != one;
  }
  return changed;
}

}  // namespace

void PlanMap::count_uses() {
  uses_.emplace();
  for (const Expression* result : analysis_.results)
    for (const Relation* rows : result->relations)
      ++(*uses_)[rows];
  each_node(
      analysis_,
      [&](const Relation& rows) {
        for (const Relation* input : rows.inputs)
          ++(*uses_)[input];
      },
      [&](const Expression& value) {
        for (const Relation* rows : value.relations)
          ++(*uses_)[rows];
      });
}

template <class Mapped>
const Expression* PlanMap::rebuilt(const Expression& value, const Mapped& mapped) {
  std::vector<const Expression*> operands;
  std::vector<const Relation*> relations;
  const bool other_operands = map_list(value.operands, operands, mapped);
  const bool other_relations = map_list(value.relations, relations, mapped);
  const Expression* const inner = mapped(value.value);
  if (!other_operands && !other_relations && inner == value.value) return &value;
  Expression* const out = copy(value);
  out->operands = keep(operands);
  out->relations = keep(relations);
  out->value = inner;
  return out;
}

void PlanMap::run() {
  each_node(
      analysis_,
      [&](const Relation& rows) {
        if (const Relation* const out = map(rebuilt(rows), rows); out != &rows) relations_[&rows] = out;
      },
      [&](const Expression& value) {
        const auto map_one = [&](const auto* one) { return mapped(one); };
        if (const Expression* const out = map(rebuilt(value, map_one)); out != &value)
          expressions_[&value] = out;
      });
  for (const Expression*& result : analysis_.results)
    result = mapped(result);
}

std::size_t PlanMap::uses(const Relation* before) {
  if (!uses_) count_uses();
  const auto found = uses_->find(before);
  return found == uses_->end() ? 0 : found->second;
}

const Relation* PlanMap::mapped(const Relation* rows) const {
  const auto found = relations_.find(rows);
  return found == relations_.end() ? rows : found->second;
}

const Expression* PlanMap::mapped(const Expression* value) const {
  const auto found = expressions_.find(value);
  return found == expressions_.end() ? value : found->second;
}

const Relation* PlanMap::rebuilt(const Relation& rows) {
  const auto map_one = [&](const auto* one) { return mapped(one); };
  std::vector<const Relation*> inputs;
  std::vector<const Expression*> arguments;
  const bool other_inputs = map_list(rows.inputs, inputs, map_one);
  const bool other_arguments = map_list(rows.arguments, arguments, map_one);
  bool other_values = false;
  std::vector<Assignment> assignments(rows.assignments.begin(), rows.assignments.end());
  for (Assignment& one : assignments) {
    const Expression* const value = mapped(one.value);
    other_values = other_values || value != one.value;
    one.value = value;
  }
  std::vector<SortKey> order(rows.order.begin(), rows.order.end());
  for (SortKey& key : order) {
    const Expression* const value = mapped(key.value);
    other_values = other_values || value != key.value;
    key.value = value;
  }
  if (!other_inputs && !other_arguments && !other_values) return &rows;
  Relation* const out = copy(rows);
  out->inputs = keep(inputs);
  out->arguments = keep(arguments);
  out->assignments = keep(assignments);
  out->order = keep(order);
  return out;
}

// From the leaves up, without calling itself: an expression may be a long chain.
const Expression* PlanMap::substituted(const Expression& root, const Substitute& substitute) {
  struct Step {
    const Expression* value;
    bool opened;
  };
  std::vector<Step> stack{{&root, false}};
  boost::unordered_flat_map<const Expression*, const Expression*> done;
  const auto map_one = [&](const auto* one) {
    if constexpr (std::is_same_v<decltype(one), const Expression*>)
      return one == nullptr ? nullptr : done[one];
    else
      return one;
  };
  while (!stack.empty()) {
    const Step step = stack.back();
    stack.pop_back();
    if (done.contains(step.value)) continue;
    if (step.opened) {
      done[step.value] = rebuilt(*step.value, map_one);
      continue;
    }
    if (const auto other = substitute(*step.value)) {
      if (*other == nullptr) return nullptr;
      done[step.value] = *other;
      continue;
    }
    stack.push_back({step.value, true});
    for (const Expression* operand : step.value->operands)
      if (operand != nullptr) stack.push_back({operand, false});
    if (step.value->value != nullptr) stack.push_back({step.value->value, false});
  }
  return done[&root];
}

}  // namespace redoubt::kql::detail

#include "kql/plan_walk.h"

#include <boost/unordered/unordered_flat_set.hpp>
#include <vector>

namespace redoubt::kql {

namespace {

/// A plan may be as deep as a query is long, so nothing here calls itself.
class Walk {
 public:
  Walk(const RelationVisitor& relation, const ExpressionVisitor& expression)
      : take_relation_(relation), take_expression_(expression) {}

  void run(const Analysis& analysis) {
    for (const Expression* result : analysis.results) {
      push(result);
      while (!stack_.empty()) {
        const Step step = stack_.back();
        stack_.pop_back();
        if (step.relation != nullptr)
          step.done ? take_relation_(*step.relation) : open(*step.relation);
        else if (!step.done)
          open(*step.expression);
        else if (take_expression_)
          take_expression_(*step.expression);
      }
    }
  }

 private:
  struct Step {
    const Relation* relation = nullptr;
    const Expression* expression = nullptr;
    bool done = false;
  };

  // A node may be on the stack as often as others name it; it is opened once.
  void push(const Expression* expression) {
    if (expression != nullptr) stack_.push_back({nullptr, expression, false});
  }
  void push(const Relation* relation) {
    if (relation != nullptr) stack_.push_back({relation, nullptr, false});
  }

  void open(const Relation& relation) {
    if (!opened_.insert(&relation).second) return;
    stack_.push_back({&relation, nullptr, true});
    for (const Assignment& one : relation.assignments)
      push(one.value);
    for (const Expression* one : relation.arguments)
      push(one);
    for (const SortKey& one : relation.order)
      push(one.value);
    for (auto input = relation.inputs.rbegin(); input != relation.inputs.rend(); ++input)
      push(*input);
  }

  void open(const Expression& expression) {
    if (!opened_.insert(&expression).second) return;
    stack_.push_back({nullptr, &expression, true});
    for (const Expression* operand : expression.operands)
      push(operand);
    for (const Relation* relation : expression.relations)
      push(relation);
    push(expression.value);
  }

  const RelationVisitor& take_relation_;
  const ExpressionVisitor& take_expression_;
  std::vector<Step> stack_;
  boost::unordered_flat_set<const void*> opened_;
};

}  // namespace

void each_node(const Analysis& analysis, const RelationVisitor& relation,
               const ExpressionVisitor& expression) {
  Walk(relation, expression).run(analysis);
}

void each_relation(const Analysis& analysis, const RelationVisitor& take) { each_node(analysis, take, {}); }

void ExpressionWalk::each(const Expression* root, const ExpressionVisitor& take) {
  const auto push = [&](const Expression* value) {
    if (value != nullptr && seen_.insert(value).second) stack_.push_back(value);
  };
  push(root);
  while (!stack_.empty()) {
    const Expression* const one = stack_.back();
    stack_.pop_back();
    take(*one);
    for (const Expression* operand : one->operands)
      push(operand);
    push(one->value);
  }
}

void each_expression(const Expression& root, const ExpressionVisitor& take) {
  ExpressionWalk().each(&root, take);
}

void each_expression(const Relation& rows, const ExpressionVisitor& take) {
  ExpressionWalk walk;
  for (const Expression* argument : rows.arguments)
    walk.each(argument, take);
  for (const Assignment& one : rows.assignments)
    walk.each(one.value, take);
  for (const SortKey& key : rows.order)
    walk.each(key.value, take);
}

const Expression& behind_names(const Expression& value) {
  const Expression* out = &value;
  while (out->value != nullptr && (out->kind == ExpressionKind::Variable ||
                                   (out->kind == ExpressionKind::Call && out->function == nullptr)))
    out = out->value;
  return *out;
}

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

}  // namespace redoubt::kql

#include "kql/plan_walk.h"

#include <unordered_set>
#include <vector>

namespace redoubt::kql {

namespace {

/// A plan may be as deep as a query is long, so nothing here calls itself.
class Walk {
 public:
  explicit Walk(const std::function<void(const Relation&)>& take) : take_(take) {}

  void run(const Analysis& analysis) {
    for (const Expression* result : analysis.results)
      push(result);
    while (!stack_.empty()) {
      const Step step = stack_.back();
      stack_.pop_back();
      if (step.done)
        take_(*step.relation);
      else if (step.relation != nullptr)
        open(*step.relation);
      else
        open(*step.expression);
    }
  }

 private:
  struct Step {
    const Relation* relation = nullptr;
    const Expression* expression = nullptr;
    bool done = false;
  };

  void push(const Expression* expression) {
    if (expression != nullptr && seen_.insert(expression).second)
      stack_.push_back({nullptr, expression, false});
  }
  void push(const Relation* relation) {
    if (relation != nullptr && seen_.insert(relation).second) stack_.push_back({relation, nullptr, false});
  }

  void open(const Relation& relation) {
    stack_.push_back({&relation, nullptr, true});
    for (const Relation* input : relation.inputs)
      push(input);
    for (const Assignment& one : relation.assignments)
      push(one.value);
    for (const Expression* one : relation.arguments)
      push(one);
    for (const SortKey& one : relation.order)
      push(one.value);
  }

  void open(const Expression& expression) {
    for (const Expression* operand : expression.operands)
      push(operand);
    for (const Relation* relation : expression.relations)
      push(relation);
    push(expression.value);
  }

  const std::function<void(const Relation&)>& take_;
  std::vector<Step> stack_;
  std::unordered_set<const void*> seen_;
};

}  // namespace

void each_relation(const Analysis& analysis, const std::function<void(const Relation&)>& take) {
  Walk(take).run(analysis);
}

void each_expression(const Expression& root, const std::function<void(const Expression&)>& take) {
  std::vector<const Expression*> stack{&root};
  std::unordered_set<const Expression*> seen{&root};
  while (!stack.empty()) {
    const Expression* const one = stack.back();
    stack.pop_back();
    take(*one);
    for (const Expression* operand : one->operands)
      if (operand != nullptr && seen.insert(operand).second) stack.push_back(operand);
    if (one->value != nullptr && seen.insert(one->value).second) stack.push_back(one->value);
  }
}

}  // namespace redoubt::kql

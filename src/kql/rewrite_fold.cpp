#include <unordered_map>

#include "kql/detail/made_literal.h"
#include "kql/detail/plan_map.h"
#include "kql/detail/rewrites.h"
#include "kql/pattern.h"

namespace redoubt::kql::detail {

namespace {

/// Larger results stay as they are written: a plan is for reading, too.
constexpr std::size_t kMaxText = 1'000;

bool hangs_on_now(const Function& function) { return function.name == "now" || function.name == "ago"; }

class Fold : public PlanMap {
 public:
  Fold(Analysis& analysis, const EvaluationContext* context)
      : PlanMap(analysis),
        now_known_(context != nullptr),
        context_(context == nullptr ? EvaluationContext{} : *context) {}

 protected:
  /// A condition that holds for all rows is none.
  const Relation* map(const Relation* rows, const Relation&) override {
    const bool all = rows->op == NodeKind::Filter && rows->arguments.size() == 1 &&
                     truth_of(rows->arguments.front()) == true;
    return all ? rows->inputs.front() : rows;
  }

  const Expression* map(const Expression* value) override {
    if (const Expression* const one = one_side(*value)) return one;
    std::optional<Value> known = value_of(*value);
    if (!known) return value;
    const Expression* const out = value->kind == ExpressionKind::Literal ? value : literal(*value, *known);
    if (out != value || value->kind == ExpressionKind::Literal) values_.emplace(out, std::move(*known));
    return out;
  }

 private:
  const Value* known(const Expression* value) const {
    while (value != nullptr && value->kind == ExpressionKind::Variable)
      value = value->value;
    const auto found = values_.find(value);
    return found == values_.end() ? nullptr : &found->second;
  }

  /// Nothing: it is not known yet, or is null.
  std::optional<bool> truth_of(const Expression* value) const {
    const Value* const one = known(value);
    return one != nullptr && one->is(Type::Bool) && !one->is_null() ? std::optional(one->as_bool())
                                                                    : std::nullopt;
  }

  /// Of `and` and `or`, the side that says it all; null: both count.
  const Expression* one_side(const Expression& value) const {
    const bool both = value.op == TokenKind::AndKeyword;
    if (value.kind != ExpressionKind::Operator || value.operands.size() != 2 ||
        (!both && value.op != TokenKind::OrKeyword))
      return nullptr;
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}})
      if (const std::optional<bool> truth = truth_of(value.operands[side]))
        return value.operands[*truth == both ? 1 - side : side];
    return nullptr;
  }

  std::optional<std::vector<Value>> operands_of(const Expression& value) const {
    std::vector<Value> out;
    for (const Expression* operand : value.operands) {
      const Value* const one = known(operand);
      if (one == nullptr) return std::nullopt;
      out.push_back(*one);
    }
    return out;
  }

  std::optional<Value> value_of(const Expression& value) {
    if (value.kind == ExpressionKind::Literal) {
      const bool is_term = value.type == Type::Bool && value.syntax != nullptr &&
                           (value.syntax->kind == NodeKind::String || value.syntax->kind == NodeKind::Star);
      return value.type == Type::Dynamic || is_term ? std::nullopt : literal_value(value);
    }
    if (value.kind != ExpressionKind::Call && value.kind != ExpressionKind::Operator) return std::nullopt;
    const std::optional<std::vector<Value>> operands = operands_of(value);
    if (!operands) return std::nullopt;
    if (value.kind == ExpressionKind::Operator) return applied(value, *operands);
    const Function* const function = value.function;
    if (function == nullptr || !hangs_on_arguments(*function)) return std::nullopt;
    if (hangs_on_now(*function) && !now_known_) return std::nullopt;
    Result<Value> out = evaluate(*function, *operands, context_);
    return out ? std::optional(std::move(*out)) : std::nullopt;
  }

  std::optional<Value> applied(const Expression& value, const std::vector<Value>& operands) const {
    if (!can_apply(value.op) || operands.empty()) return std::nullopt;
    const bool list = value.syntax != nullptr &&
                      (value.syntax->kind == NodeKind::In || value.syntax->kind == NodeKind::Between);
    if (list) return apply(value.op, operands.front(), std::span<const Value>(operands).subspan(1));
    if (operands.size() == 1) return apply(value.op, operands.front());
    // What has no value because it is wrong stays, and is told of when the query runs.
    if (value.op == TokenKind::MatchesRegexKeyword && !check_pattern(to_text(operands.back())))
      return std::nullopt;
    return operands.size() == 2 ? std::optional(apply(value.op, operands[0], operands[1], context_))
                                : std::nullopt;
  }

  /// The expression itself, where the value has no text of its own or another type.
  const Expression* literal(const Expression& value, const Value& known) {
    if (!known.is(value.type)) return &value;
    const std::optional<std::string> text = literal_text(known);
    return !text || text->size() > kMaxText ? &value : make_literal(arena(), known, value.syntax);
  }

  bool now_known_;
  EvaluationContext context_;
  std::unordered_map<const Expression*, Value> values_;
};

}  // namespace

void fold_constants(Analysis& analysis, const EvaluationContext* context) { Fold(analysis, context).run(); }

}  // namespace redoubt::kql::detail

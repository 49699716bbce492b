#include <fmt/format.h>

#include <algorithm>

#include "kql/detail/binder.h"
#include "kql/detail/dynamic_json.h"
#include "kql/detail/operators.h"
#include "kql/detail/string_text.h"
#include "kql/type_rules.h"
#include "kql/value.h"

namespace redoubt::kql::detail {

namespace {

bool may_have_members(const Expression* value) {
  return value->is_scalar() &&
         (value->type == Type::Dynamic || value->type == Type::Unknown || value->guessed);
}

/// What an operator gives where a type is guessed and does not fit.
std::optional<Type> type_with_guesses(TokenKind op, const Expression* left, const Expression* right) {
  if (!left->guessed && !right->guessed) return std::nullopt;
  return operator_type(op, left->guessed ? Type::Unknown : left->type,
                       right->guessed ? Type::Unknown : right->type);
}

}  // namespace

Binder::Bound Binder::bind(const Node& node, Want want) {
  switch (node.kind) {
    case NodeKind::Name:
    case NodeKind::BracketedName:
    case NodeKind::BracedName:
      return bind_name(node, want);
    case NodeKind::WildcardName:
      return bind_wildcard(node);
    case NodeKind::Literal:
    case NodeKind::String:
      return bind_literal(node);
    case NodeKind::Word:
      return make(ExpressionKind::Word, node);
    case NodeKind::Dynamic:
      return bind_dynamic(node);
    case NodeKind::TypeOf:
      return bind_type_of(node);
    case NodeKind::Star:
      return make(ExpressionKind::Star, node);
    case NodeKind::Path:
      return bind_path(node, want);
    case NodeKind::Call:
      return bind_call(node, want);
    case NodeKind::Parenthesized:
      return bind(node[0], want);
    case NodeKind::Unary:
      return bind_unary(node);
    case NodeKind::Multiplicative:
    case NodeKind::Additive:
      return bind_chain(node, false);
    case NodeKind::And:
    case NodeKind::Or:
      return bind_chain(node, true);
    case NodeKind::Binary:
      return bind_binary(node);
    case NodeKind::In:
      return bind_in_list(node);
    case NodeKind::Between:
      return bind_between(node);
    case NodeKind::NamedExpression:
    case NodeKind::NamesExpression:
      return bind(node[1], want);
    case NodeKind::Ordered:
      return bind(node[0], want);
    case NodeKind::Element:
      bind(node[0]);
      problem("KQL0214", "a value stands in front of the brackets", node, "value[0], or ['a name']");
      return error(node);
    default:
      return node.kind >= NodeKind::BadOperator ? bind_operator(node) : bind_source(node);
  }
}

Binder::Bound Binder::bind_in(const Node& node, const Relation* rows, Want want) {
  const Change<const Relation*> input(rows_, rows);
  const Change<bool> piped(piped_, rows != nullptr);
  const Change<Calls> calls(calls_, Calls::Scalars);
  return bind(node, want);
}

Binder::Bound Binder::bind_literal(const Node& node) {
  Expression* const out = make(ExpressionKind::Literal, node);
  out->constant = out->literal = true;
  out->type = literal_type(syntax_->tokens[node.token].kind);
  out->name = out->type == Type::String ? keep(string_text(*syntax_, node)) : bool_text(node);
  if (out->type != Type::String)
    if (const auto value = read_literal(syntax_->tokens[node.token].kind, text_of(node)); !value)
      problem("KQL0401", fmt::format("{}: it is null", value.error().message), node, {}, Severity::Warning);
  return out;
}

Binder::Bound Binder::bind_dynamic(const Node& node) {
  Expression* const out = make(ExpressionKind::Literal, node);
  out->constant = out->literal = true;
  out->type = Type::Dynamic;
  out->name = text_of(node);
  out->json = keep(dynamic_json(*syntax_, node[0]));
  if (node[0].kind == NodeKind::JsonArray) out->shape = DynamicShape::Array;
  if (node[0].kind == NodeKind::JsonObject) out->shape = DynamicShape::Bag;
  return out;
}

Binder::Bound Binder::bind_type_of(const Node& node) {
  Expression* const out = make(ExpressionKind::Word, node);
  std::vector<const Column*> columns;
  for (const Node* element : node.children) {
    if (element->kind == NodeKind::Type) {
      if (const std::optional<Type> type = declared_type(*element))
        out->type = *type;
      else
        problem("KQL0110", fmt::format("not a type: {}", text_of(*element)), *element,
                "bool, int, long, real, decimal, string, datetime, timespan, guid or dynamic");
    } else if (element->kind == NodeKind::Star) {
      const std::vector<const Column*> rows = columns_of(rows_);
      columns.insert(columns.end(), rows.begin(), rows.end());
    } else if (element->kind == NodeKind::NameAndType) {
      columns.push_back(column(name_of((*element)[0]), declared_type((*element)[1]).value_or(Type::Unknown)));
    }
  }
  out->columns = arena_.copy(std::span<const Column* const>(columns));
  out->constant = out->literal = true;
  return out;
}

Binder::Bound Binder::bind_path(const Node& node, Want want) {
  if (node.children.size() > limits_.max_chain) {
    too_much(fmt::format("a path of more than {} names", limits_.max_chain), node);
    return error(node);
  }
  Bound base = bind(node[0]);
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    const bool last = i + 1 == node.children.size();
    const Node& selector = node[i];
    const bool place = base->kind == ExpressionKind::Database || base->kind == ExpressionKind::Cluster;
    if (place)
      base = bind_place_call(base, selector);
    else if (selector.kind == NodeKind::Element)
      base = bind_element(base, selector);
    else if (selector.kind == NodeKind::Call)
      base = base->is_error() ? base : bind_call(selector, last ? want : Want::Any);
    else
      base = bind_member(base, selector);
  }
  return base;
}

Binder::Bound Binder::bind_member(Bound base, const Node& selector) {
  if (base->is_error()) return error(selector);
  const std::string_view name = name_of(selector);
  if (name.empty()) return error(selector);
  if (base->kind == ExpressionKind::Columns) {
    for (const Column* one : base->columns)
      if (one->name == name) return column_reference(one, selector);
    if (const Column* const inferred = find_or_infer(base->relation(), name))
      return column_reference(inferred, selector);
  } else if (may_have_members(base)) {
    Expression* const out = make(ExpressionKind::Member, selector);
    out->type = base->guessed ? Type::Unknown : base->type;
    out->name = name;
    out->constant = base->constant;
    out->operands = arena_.copy(std::span<const Bound>(&base, 1));
    return out;
  }
  std::string hint;
  if (base->kind == ExpressionKind::Columns) {
    if (const std::optional<std::string_view> meant = closest_name(name, base->columns))
      hint = fmt::format("did you mean {}?", *meant);
  } else if (base->is_scalar()) {
    hint = fmt::format("a value of type {} has no members", type_name(base->type));
  }
  problem("KQL0201", fmt::format("nothing has the name {} here", name), selector, std::move(hint));
  return error(selector);
}

Binder::Bound Binder::bind_element(Bound base, const Node& selector) {
  const Bound index = bind(selector[0]);
  if (base->is_error() || index->is_error()) return error(selector);
  if (!may_have_members(base)) {
    problem("KQL0214", fmt::format("a value of type {} has no elements", type_name(base->type)), selector,
            "substring() takes a part of a text, todynamic() reads JSON");
    return error(selector);
  }
  check_in(index, kIntegers | set_of(Type::String, Type::Dynamic), "a name or a number");
  Expression* const out = make(ExpressionKind::Member, selector);
  out->type = base->guessed ? Type::Unknown : base->type;
  out->constant = base->constant && index->constant;
  if (index->kind == ExpressionKind::Literal && contains(kIntegers | set_of(Type::String), index->type))
    out->name = index->name;
  const Bound operands[] = {base, index};
  out->operands = arena_.copy(std::span<const Bound>(operands));
  return out;
}

namespace {

/// Of two types that `<` and its like do not compare.
std::string hint_of_order(Type left, Type right) {
  if ((left == Type::DateTime) != (right == Type::DateTime))
    return "a time is written as datetime(2026-01-31)";
  if ((left == Type::Timespan) != (right == Type::Timespan))
    return "a timespan is written as 1h or time(01:30:00)";
  return left == Type::String ? "strcmp() compares the order of texts" : "";
}

}  // namespace

Binder::Bound Binder::combine(TokenKind op, Bound left, Bound right, const Node& node) {
  if (left->is_error() || right->is_error()) {
    return is_arithmetic(op) ? error(node) : operation(node, Type::Bool, {left, right});
  }
  const auto type_in = [](Bound value) { return value->is_scalar() ? value->type : Type::Unknown; };
  const bool star = left->kind == ExpressionKind::Star;
  const bool tabular = !star && (!left->is_scalar() || !right->is_scalar());
  std::optional<Type> type =
      tabular ? std::nullopt : operator_type(op, star ? Type::Dynamic : type_in(left), type_in(right));
  if (!type && !tabular) type = type_with_guesses(op, left, right);
  if (!type) {
    const auto name = [](Bound value) {
      return value->is_scalar() ? type_name(value->type) : std::string_view("table");
    };
    problem("KQL0206",
            fmt::format("{} is not defined for {} and {}", fixed_text(op), name(left), name(right)), node,
            is_relation(op) ? hint_of_order(type_in(left), type_in(right)) : std::string());
    return error(node);
  }
  Expression* const out = make(ExpressionKind::Operator, node);
  out->op = op;
  out->type = *type;
  out->constant = left->constant && right->constant;
  const Bound operands[] = {left, right};
  out->operands = arena_.copy(std::span<const Bound>(operands));
  return out;
}

/// The operator in front of an operand is the token in front of it.
Binder::Bound Binder::bind_chain(const Node& node, bool logical) {
  if (logical) {
    std::vector<Bound> operands;
    for (const Node* operand : node.children)
      operands.push_back(bind(*operand));
    return combine_all(operands, node);
  }
  if (node.children.size() > limits_.max_chain) {
    too_much(fmt::format("more than {} operands", limits_.max_chain), node);
    return error(node);
  }
  Bound out = bind(node[0]);
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    const Bound right = bind(node[i]);
    out = combine(syntax_->tokens[node[i].begin - 1].kind, out, right, node);
  }
  return out;
}

/// `a and b and c and d` as (a and b) and (c and d): so deep only as the logarithm of their number.
Binder::Bound Binder::combine_all(std::span<const Bound> operands, const Node& node) {
  if (operands.size() == 1) return operands.front();
  const std::size_t half = operands.size() / 2;
  const TokenKind op = node.kind == NodeKind::And ? TokenKind::AndKeyword : TokenKind::OrKeyword;
  const Bound left = combine_all(operands.first(half), node);
  return combine(op, left, combine_all(operands.subspan(half), node), node);
}

Binder::Bound Binder::bind_binary(const Node& node) {
  const Bound left = bind(node[0]);
  const Bound right = bind(node[1]);
  const TokenKind op = syntax_->tokens[node.token].kind;
  if (op == TokenKind::MatchesRegexKeyword) check_literal_pattern(right);
  return combine(op, left, right, node);
}

Binder::Bound Binder::bind_unary(const Node& node) {
  const Bound operand = bind(node[0]);
  if (operand->is_error()) return operand;
  if (!check_in(operand, kSummables | set_of(Type::Dynamic), "a number, datetime or timespan"))
    return error(node);
  return operation(node, operand->type == Type::Int ? Type::Long : operand->type, {operand});
}

Binder::Bound Binder::bind_in_list(const Node& node) {
  const TokenKind op = syntax_->tokens[node.token].kind;
  const Bound left = bind(node[0]);
  std::vector<Bound> operands{left};
  for (const Node* item : node[1].children) {
    const Bound value = bind_in_list_item(*item, node[1].children.size() == 1);
    operands.push_back(value);
    if (value->is_table() && node[1].children.size() > 1)
      problem("KQL0216", "one table, or values, can be looked in", *item);
  }
  if (!left->is_error() && left->kind != ExpressionKind::Star && !left->guessed) {
    if (!left->is_scalar() || !operator_type(op, left->type, Type::Unknown))
      problem("KQL0206", fmt::format("{} is not defined for {}", fixed_text(op), type_name(left->type)),
              node[0]);
  }
  return operation(node, Type::Bool, operands);
}

/// A query in a list has rows of its own; a function that nobody knows, alone in it, is such.
Binder::Bound Binder::bind_in_list_item(const Node& item, bool alone) {
  const bool query = item.kind == NodeKind::Pipe || item.kind >= NodeKind::BadOperator;
  if (query) return bind_in(item, nullptr, Want::Table);
  return bind(item, alone && item.kind == NodeKind::Call ? Want::Table : Want::Any);
}

Binder::Bound Binder::bind_between(const Node& node) {
  const Bound value = bind(node[0]);
  const Bound from = bind(node[1]);
  const Bound to = bind(node[2]);
  for (const Bound part : {value, from, to})
    if (part->is_error() || part->guessed) return operation(node, Type::Bool, {value, from, to});
  if (!between_is_defined(value->type, from->type, to->type))
    problem("KQL0206",
            fmt::format("between is not defined for {}, {} and {}", type_name(value->type),
                        type_name(from->type), type_name(to->type)),
            node);
  return operation(node, Type::Bool, {value, from, to});
}

/// Of search and find: a text alone is looked for in all columns.
Binder::Bound Binder::bind_predicate(const Node& node) {
  if (node.kind == NodeKind::Star) return scalar(ExpressionKind::Literal, node, Type::Bool, true);
  if (node.kind == NodeKind::Parenthesized) return bind_predicate(node[0]);
  if (node.kind == NodeKind::And || node.kind == NodeKind::Or) {
    std::vector<Bound> operands;
    for (const Node* operand : node.children)
      operands.push_back(bind_predicate(*operand));
    return combine_all(operands, node);
  }
  const Bound out = bind(node);
  if (!out->constant || out->type != Type::String) return out;
  Expression* const test = arena_.make<Expression>(*out);
  test->type = Type::Bool;
  test->literal = false;
  return test;
}

}  // namespace redoubt::kql::detail

#include <fmt/format.h>

#include <algorithm>

#include "arm/detail/arguments.h"
#include "arm/detail/lambdas.h"
#include "core/text.h"

namespace redoubt::arm {

using doc::Member;
using doc::UnknownType;
using doc::Value;

namespace {

tl::unexpected<Error> wrong(std::string message) {
  return fail(Error::Kind::InvalidInput, "ARM0202", std::move(message));
}

}  // namespace

UnknownType common_type(const Value* left, const Value* right) {
  if (left == nullptr || right == nullptr || detail::type_of(*left) != detail::type_of(*right))
    return UnknownType::Any;
  return detail::type_of(*left);
}

Result<Value> Lambdas::evaluate(const Expression& call) {
  if (call.form == Form::LambdaVariables) return variable(call);
  if (call.form == Form::Lambda)
    return wrong("lambda() stands only as an argument of map(), filter() and the like");
  const Value input = RD_TRY(evaluator_.evaluate(*call.arguments[0], environment_));
  const bool over_object = call.form == Form::MapValues;
  if (input.is_unknown()) {
    if ((call.form == Form::Map || call.form == Form::Filter) && !evaluator_.origins().pieces(input).empty())
      return over_pieces(call, input);
    if (call.form == Form::Map || call.form == Form::Filter || call.form == Form::Sort)
      return open_result(call, input, UnknownType::Array);
    return open_result(call, input, call.form == Form::Reduce ? UnknownType::Any : UnknownType::Object);
  }
  if (over_object ? !input.is_object() : !input.is_array())
    return wrong(fmt::format("{}() takes an {} first, not {}", call.name, over_object ? "object" : "array",
                             name_of(input.kind())));
  switch (call.form) {
    case Form::Map:
      return map(call, input.items());
    case Form::Filter:
      return filter(call, input.items());
    case Form::Reduce:
      return reduce(call, input.items());
    case Form::Sort:
      return sort(call, input.items());
    case Form::GroupBy:
      return group_by(call, input.items());
    case Form::ToObject:
      return to_object(call, input.items());
    default:
      return map_values(call, input);
  }
}

Result<Value> Lambdas::over_pieces(const Expression& call, const Value& input) {
  const Expression* body = RD_TRY(lambda(call, 1, 1, 2));
  const Value open = open_result(call, input, UnknownType::Array);
  if (input.secret()) return open;
  // A second variable is the index, which is known of no element behind an open piece.
  const bool indexed = body->arguments.size() == 3;
  bool counted = true;
  std::vector<Value> out;
  for (const Value& piece : evaluator_.origins().pieces(input)) {
    counted = counted && piece.is_array();
    if (!piece.is_array() || (indexed && !counted)) {
      out.push_back(open_result(call, piece, UnknownType::Array));
      continue;
    }
    const Value part =
        RD_TRY(call.form == Form::Map ? map(call, piece.items()) : filter(call, piece.items()));
    out.push_back(part);
  }
  return evaluator_.origins().partial_array(out, evaluator_.origins().at(open.unknown_id()).text);
}

Value Lambdas::open_result(const Expression& call, const Value& input, UnknownType type) {
  const Value parts[] = {input, Value::string(call.source)};
  return evaluator_.origins().derived(type, call.name, parts);
}

Result<Value> Lambdas::variable(const Expression& call) {
  const Value name = RD_TRY(evaluator_.evaluate(*call.arguments[0], environment_));
  if (!name.is_string()) return wrong("lambdaVariables() takes the name of a variable");
  const auto& stack = evaluator_.lambda_variables_;
  for (auto at = stack.rbegin(); at != stack.rend(); ++at)
    if (equal_any_case(at->name, name.as_string())) return at->value;
  return wrong(fmt::format("no lambda around here has the variable {}", name.as_string()));
}

Result<const Expression*> Lambdas::lambda(const Expression& call, std::size_t index, std::size_t least,
                                          std::size_t most) {
  const Expression* argument = call.arguments[index];
  if (argument->kind != Expression::Kind::Call || argument->form != Form::Lambda)
    return wrong(fmt::format("argument {} of {}() must be a lambda()", index + 1, call.name));
  const std::size_t variables = argument->arguments.size() - 1;
  if (variables < least || variables > most)
    return wrong(fmt::format("the lambda of {}() takes {} to {} variables, not {}", call.name, least, most,
                             variables));
  for (std::size_t i = 0; i < variables; ++i)
    if (argument->arguments[i]->kind != Expression::Kind::Literal ||
        !argument->arguments[i]->literal.is_string())
      return wrong("the variables of a lambda must be text");
  return argument;
}

Result<Value> Lambdas::apply(const Expression& lambda, std::span<const Value> arguments) {
  const std::size_t variables = lambda.arguments.size() - 1;
  auto& stack = evaluator_.lambda_variables_;
  const std::size_t depth = stack.size();
  for (std::size_t i = 0; i < variables; ++i)
    stack.push_back({lambda.arguments[i]->literal.as_string(), arguments[i]});
  Result<Value> result = evaluator_.evaluate(*lambda.arguments[variables], environment_);
  stack.resize(depth);
  return result;
}

Result<Value> Lambdas::map(const Expression& call, std::span<const Value> items) {
  const Expression* body = RD_TRY(lambda(call, 1, 1, 2));
  std::vector<Value> out;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value arguments[] = {items[i], Value::integer(static_cast<std::int64_t>(i))};
    const Value value = RD_TRY(apply(*body, arguments));
    out.push_back(value);
  }
  return doc::make_array(evaluator_.arena(), out);
}

Result<Value> Lambdas::filter(const Expression& call, std::span<const Value> items) {
  const Expression* body = RD_TRY(lambda(call, 1, 1, 2));
  std::vector<Value> out;
  std::vector<Value> pieces;  // where it hangs on something open whether an element stays
  std::optional<Value> open;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value arguments[] = {items[i], Value::integer(static_cast<std::int64_t>(i))};
    const Value keep = RD_TRY(apply(*body, arguments));
    if (!keep.is_unknown() && !keep.is_bool()) return wrong("the lambda of filter() must give a bool");
    if (keep.is_bool() && keep.as_bool()) out.push_back(items[i]);
    if (!keep.is_unknown()) continue;
    pieces.push_back(doc::make_array(evaluator_.arena(), out));
    out.clear();
    const Value perhaps[] = {keep, items[i]};
    pieces.push_back(evaluator_.origins().derived(UnknownType::Array, call.name, perhaps));
    if (!open) open = open_result(call, keep, UnknownType::Array);
  }
  const Value rest = doc::make_array(evaluator_.arena(), out);
  if (!open) return rest;
  pieces.push_back(rest);
  return evaluator_.origins().partial_array(pieces, evaluator_.origins().at(open->unknown_id()).text);
}

Result<Value> Lambdas::reduce(const Expression& call, std::span<const Value> items) {
  const Expression* body = RD_TRY(lambda(call, 2, 2, 3));
  Value current = RD_TRY(evaluator_.evaluate(*call.arguments[1], environment_));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value arguments[] = {current, items[i], Value::integer(static_cast<std::int64_t>(i))};
    current = RD_TRY(apply(*body, arguments));
  }
  return current;
}

Result<Value> Lambdas::sort(const Expression& call, std::span<const Value> items) {
  const Expression* body = RD_TRY(lambda(call, 1, 2, 2));
  std::vector<Value> out;
  // Insertion by halving: stable, few calls of the lambda, and safe whatever order the lambda pretends.
  for (const Value& item : items) {
    std::size_t low = 0;
    std::size_t high = out.size();
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      const Value arguments[] = {item, out[middle]};
      const Value before = RD_TRY(apply(*body, arguments));
      if (before.is_unknown()) return open_result(call, before, UnknownType::Array);
      if (!before.is_bool()) return wrong("the lambda of sort() must give a bool");
      const Value reversed[] = {out[middle], item};
      bool first = before.as_bool();
      if (first) {
        // `<=` says yes both ways for equals; those keep their order.
        const Value after = RD_TRY(apply(*body, reversed));
        if (after.is_bool() && after.as_bool()) first = false;
      }
      if (first)
        high = middle;
      else
        low = middle + 1;
    }
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(low), item);
  }
  return doc::make_array(evaluator_.arena(), out);
}

Result<Value> Lambdas::group_by(const Expression& call, std::span<const Value> items) {
  const Expression* body = RD_TRY(lambda(call, 1, 1, 2));
  const Expression* value_of = nullptr;
  if (call.arguments.size() == 3) value_of = RD_TRY(lambda(call, 2, 1, 2));
  std::vector<std::pair<std::string_view, std::vector<Value>>> groups;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value arguments[] = {items[i], Value::integer(static_cast<std::int64_t>(i))};
    const Value key = RD_TRY(apply(*body, arguments));
    if (key.is_unknown()) return open_result(call, key, UnknownType::Object);
    if (!key.is_string()) return wrong("the lambda of groupBy() must give a text");
    if (key.secret()) return open_result(call, key, UnknownType::Object);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& entry) {
      return equal_any_case(entry.first, key.as_string());
    });
    if (group == groups.end()) group = groups.insert(groups.end(), {key.as_string(), {}});
    Value value = items[i];
    if (value_of != nullptr) value = RD_TRY(apply(*value_of, arguments));
    group->second.push_back(value);
  }
  std::vector<Member> members;
  members.reserve(groups.size());
  for (const auto& [key, values] : groups)
    members.push_back({key, doc::make_array(evaluator_.arena(), values)});
  return doc::make_object(evaluator_.arena(), members);
}

Result<Value> Lambdas::to_object(const Expression& call, std::span<const Value> items) {
  const Expression* key_of = RD_TRY(lambda(call, 1, 1, 2));
  const Expression* value_of = nullptr;
  if (call.arguments.size() == 3) value_of = RD_TRY(lambda(call, 2, 1, 2));
  std::vector<Member> members;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value arguments[] = {items[i], Value::integer(static_cast<std::int64_t>(i))};
    const Value key = RD_TRY(apply(*key_of, arguments));
    if (key.is_unknown()) return open_result(call, key, UnknownType::Object);
    if (!key.is_string()) return wrong("the key lambda of toObject() must give a text");
    if (key.secret()) return open_result(call, key, UnknownType::Object);
    Value value = items[i];
    if (value_of != nullptr) value = RD_TRY(apply(*value_of, arguments));
    const auto same = std::find_if(members.begin(), members.end(), [&](const Member& member) {
      return equal_any_case(member.name, key.as_string());
    });
    if (same != members.end())
      same->value = value;
    else
      members.push_back({key.as_string(), value});
  }
  return doc::make_object(evaluator_.arena(), members);
}

Result<Value> Lambdas::map_values(const Expression& call, const Value& object) {
  const Expression* body = RD_TRY(lambda(call, 1, 1, 1));
  std::vector<Member> members;
  for (const Member& member : object.members()) {
    const Value value = RD_TRY(apply(*body, std::span<const Value>(&member.value, 1)));
    members.push_back({member.name, value});
  }
  return doc::make_object(evaluator_.arena(), members);
}

}  // namespace redoubt::arm

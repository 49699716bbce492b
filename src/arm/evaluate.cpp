#include "arm/evaluate.h"

#include <fmt/format.h>

#include "arm/detail/lambdas.h"
#include "arm/detail/partial.h"
#include "core/text.h"

namespace redoubt::arm {

using doc::UnknownType;
using doc::Value;

Result<Value> Environment::reference(Evaluator& evaluator, const Expression& call,
                                     std::span<const Value> arguments, std::span<const Value>,
                                     std::size_t& consumed) {
  consumed = 0;
  return this->call(evaluator, call, arguments);
}

namespace {

/// Parts that one argument may have: far beyond any template, which may be 4 MB.
constexpr std::uint64_t kMaxNodes = 2'000'000;

tl::unexpected<Error> missing(std::string message, std::string hint = {}) {
  return fail(Error::Kind::InvalidInput, "ARM0201", std::move(message), {}, std::move(hint));
}

Result<Value> access_member(const Value& base, std::string_view name, bool safe) {
  if (const Value* found = base.find_any_case(name)) return base.secret() ? found->as_secret() : *found;
  if (safe) return Value::null();
  std::vector<std::string_view> names;
  for (const doc::Member& member : base.members())
    names.push_back(member.name);
  const auto near = closest(name, names);
  return missing(fmt::format("the object has no property {}", name),
                 near ? fmt::format("did you mean {}?", *near) : std::string());
}

Result<Value> access_item(const Value& base, std::int64_t index, bool safe) {
  if (index >= 0 && static_cast<std::uint64_t>(index) < base.size()) {
    const Value& item = base.items()[static_cast<std::size_t>(index)];
    return base.secret() ? item.as_secret() : item;
  }
  if (safe) return Value::null();
  return missing(fmt::format("index {} is outside the array of {} elements", index, base.size()));
}

bool may_be_nothing(const Value& value) {
  return value.is_null() || (value.is_unknown() && !value.not_null());
}

std::string accessor(const Value& key) {
  return key.is_string() ? fmt::format(".{}", key.as_string()) : fmt::format("[{}]", key.as_int());
}

}  // namespace

Result<Value> access(Origins& origins, const Value& base, const Value& key, bool safe) {
  // A secret name must reach neither an origin nor a message.
  if (key.is_unknown() || (key.secret() && base.is_unknown())) {
    const Value pair[] = {base, key};
    return origins.derived(UnknownType::Any, "index", pair);
  }
  if (!key.is_string() && !key.is_int())
    return missing(fmt::format("a property name or index can't be of type {}", name_of(key.kind())));
  if (base.is_unknown()) {
    if (key.is_int())
      if (const std::optional<Value> known = detail::element_partial(origins, base, key.as_int()))
        return *known;
    return origins.part(base, accessor(key));
  }
  if (key.secret() && base.find_any_case(key.is_string() ? key.as_string() : std::string_view()) == nullptr)
    return safe ? Result<Value>(Value::null()) : missing("the object has no property of that (secret) name");
  if (base.is_object() && key.is_string()) return access_member(base, key.as_string(), safe);
  if (base.is_array() && key.is_int()) return access_item(base, key.as_int(), safe);
  if (base.is_null() && safe) return Value::null();
  return missing(fmt::format("a value of type {} has no {}", name_of(base.kind()), accessor(key)));
}

Result<void> Evaluator::spend(std::uint64_t steps) {
  if (steps <= budget_.steps && arena_.bytes() <= budget_.bytes) {
    budget_.steps -= steps;
    return {};
  }
  return fail(Error::Kind::Limit, "ARM0203", "evaluation takes too much work or memory", {},
              "is a loop, range or text built far too large?");
}

Result<void> Evaluator::spend_parts(const Value& value) {
  const doc::Contents contents = doc::inspect(value, kMaxNodes);
  if (contents.nodes > kMaxNodes)
    return fail(Error::Kind::Limit, "ARM0203", fmt::format("a value of more than {} parts", kMaxNodes));
  return spend(contents.nodes / 16);
}

Result<void> Evaluator::check_depth() const {
  if (budget_.depth > 0) return {};
  return fail(Error::Kind::Limit, "ARM0203",
              "parameters, variables or functions refer to one another too deeply");
}

Result<Value> Evaluator::evaluate(const Expression& expression, Environment& environment) {
  RD_TRY(spend(1));
  switch (expression.kind) {
    case Expression::Kind::Literal:
      return expression.literal;
    case Expression::Kind::Call:
      return evaluate_call(expression, environment);
    case Expression::Kind::Access:
      return evaluate_access(expression, environment);
  }
  return Value::null();
}

Result<Value> Evaluator::evaluate_call(const Expression& call, Environment& environment) {
  if (call.function != nullptr) return evaluate_function(call, environment);
  switch (call.form) {
    case Form::If:
      return evaluate_if(call, environment);
    case Form::And:
    case Form::Or:
      return evaluate_connective(call, environment);
    case Form::Coalesce:
      return evaluate_coalesce(call, environment);
    case Form::Lambda:
    case Form::LambdaVariables:
    case Form::Map:
    case Form::Filter:
    case Form::Reduce:
    case Form::Sort:
    case Form::GroupBy:
    case Form::ToObject:
    case Form::MapValues:
      return Lambdas(*this, environment).evaluate(call);
    default:
      break;
  }
  const std::vector<Value> arguments = RD_TRY(evaluate_arguments(call, environment));
  return environment.call(*this, call, arguments);
}

Result<std::vector<Value>> Evaluator::evaluate_arguments(const Expression& call, Environment& environment) {
  std::vector<Value> arguments;
  arguments.reserve(call.arguments.size());
  for (const Expression* argument : call.arguments) {
    const Value value = RD_TRY(evaluate(*argument, environment));
    arguments.push_back(value);
  }
  return arguments;
}

Result<Value> Evaluator::evaluate_function(const Expression& call, Environment& environment) {
  const Function& function = *call.function;
  const std::vector<Value> arguments = RD_TRY(evaluate_arguments(call, environment));
  bool open = false;
  bool secret = false;
  for (const Value& argument : arguments) {
    const doc::Contents contents = doc::inspect(argument, kMaxNodes);
    if (contents.nodes > kMaxNodes)
      return fail(Error::Kind::Limit, "ARM0203", fmt::format("a value of more than {} parts", kMaxNodes));
    open = open || (function.open == OpenArguments::Deep ? contents.unknown : argument.is_unknown());
    secret = secret || (function.keeps_secret && contents.secret);
    RD_TRY(spend((contents.nodes + argument.size()) / 16));
  }
  if (open && function.open != OpenArguments::Handled)
    return origins_.derived(function.result, function.name, arguments, function.keeps_secret);
  Call context{call.name, arena_, origins_};
  Value result = RD_TRY(function.body(context, arguments));
  // A container keeps the marks of its own members; text and numbers made of a secret are secret.
  if (secret && !result.is_container() && !result.is_null()) result = result.as_secret();
  return result;
}

Result<Value> Evaluator::evaluate_access(const Expression& access_chain, Environment& environment) {
  std::vector<const Expression*> chain;
  const Expression* base = &access_chain;
  for (; base->kind == Expression::Kind::Access; base = base->arguments[0])
    chain.push_back(base);

  std::size_t next = chain.size();
  Value value;
  if (base->kind == Expression::Kind::Call && base->form == Form::Reference) {
    std::vector<Value> keys;
    for (std::size_t i = chain.size(); i-- > 0;) {
      const Value key = RD_TRY(evaluate(*chain[i]->arguments[1], environment));
      keys.push_back(key);
    }
    const std::vector<Value> arguments = RD_TRY(evaluate_arguments(*base, environment));
    std::size_t consumed = 0;
    value = RD_TRY(environment.reference(*this, *base, arguments, keys, consumed));
    next -= consumed;
  } else {
    value = RD_TRY(evaluate(*base, environment));
  }
  // A safe step that finds nothing ends the whole chain, as `a.?b.c` does in Bicep.
  for (bool ended = false; next-- > 0 && !ended;) {
    const Expression& step = *chain[next];
    const Value key = RD_TRY(evaluate(*step.arguments[1], environment));
    const bool missing_member = base->kind == Expression::Kind::Call && value.is_object() &&
                                key.is_string() && value.find_any_case(key.as_string()) == nullptr;
    if (const std::optional<Value> known = missing_member ? environment.absent(*base) : std::nullopt) {
      value = *known;
      continue;
    }
    value = RD_TRY(access(origins_, value, key, step.safe));
    ended = step.safe && value.is_null();
  }
  return value;
}

Result<Value> Evaluator::evaluate_if(const Expression& call, Environment& environment) {
  const Value condition = RD_TRY(evaluate(*call.arguments[0], environment));
  if (condition.is_bool()) return evaluate(*call.arguments[condition.as_bool() ? 1 : 2], environment);
  if (!condition.is_unknown())
    return fail(Error::Kind::InvalidInput, "ARM0202",
                fmt::format("the condition of if() is of type {}, not bool", name_of(condition.kind())));
  Result<Value> yes = evaluate(*call.arguments[1], environment);
  const Result<Value> no = evaluate(*call.arguments[2], environment);
  if (!yes && !no) return yes;
  if (yes && no && equal(*yes, *no)) return *yes;
  // A branch that fails can only be the one that is not taken.
  const Value branches[] = {condition, yes ? *yes : Value::string("error"),
                            no ? *no : Value::string("error")};
  const bool may_be_null = may_be_nothing(branches[1]) || may_be_nothing(branches[2]);
  return origins_.derived(common_type(yes ? &*yes : nullptr, no ? &*no : nullptr), "if", branches, true,
                          may_be_null);
}

Result<Value> Evaluator::evaluate_connective(const Expression& call, Environment& environment) {
  const bool deciding = call.form == Form::Or;
  std::vector<Value> open;
  for (const Expression* argument : call.arguments) {
    Result<Value> value = evaluate(*argument, environment);
    if (!value) {
      if (open.empty()) return value;
      break;  // after an open member an error leaves the whole open
    }
    if (value->is_unknown()) {
      open.push_back(*value);
    } else if (!value->is_bool()) {
      return fail(Error::Kind::InvalidInput, "ARM0202",
                  fmt::format("{}() takes values of type bool, not {}", call.name, name_of(value->kind())));
    } else if (value->as_bool() == deciding) {
      return Value::boolean(deciding);
    }
  }
  if (open.empty()) return Value::boolean(!deciding);
  return origins_.derived(UnknownType::Bool, deciding ? "or" : "and", open, false);
}

Result<Value> Evaluator::evaluate_coalesce(const Expression& call, Environment& environment) {
  std::vector<Value> open;
  for (const Expression* argument : call.arguments) {
    const Value value = RD_TRY(evaluate(*argument, environment));
    if (value.is_null()) continue;
    const bool certain = !value.is_unknown() || value.not_null();
    if (certain && open.empty()) return value;
    open.push_back(value);
    if (certain) break;
  }
  if (open.empty()) return Value::null();
  if (open.size() == 1) return open.front();
  // Of several that may be null the last decides whether the whole can be.
  return origins_.derived(common_type(&open.front(), &open.back()), "coalesce", open, true,
                          may_be_nothing(open.back()));
}

}  // namespace redoubt::arm

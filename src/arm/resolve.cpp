#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "arm/detail/deployment.h"
#include "core/text.h"

namespace redoubt::arm {

using doc::Member;
using doc::UnknownType;
using doc::Value;

namespace {

/// A property loop is an array of {name, count, input}; anything else named `copy` is data.
bool is_property_loop(std::string_view name, const Value& value) {
  if (name != "copy" || !value.is_array() || value.size() == 0) return false;
  for (const Value& item : value.items())
    if (item.find_any_case("name") == nullptr || item.find_any_case("input") == nullptr) return false;
  return true;
}

/// Mistakes that no part of the template can be judged after: a spent budget, and fail() by the author's
/// will.
bool ends_run(const Error& error) { return error.kind == Error::Kind::Limit || error.code == "ARM0304"; }

/// Puts where it stands and where its value came from on a computed value.
Value placed(const Value& result, doc::Place place) {
  const doc::Place origin = result.value_place();
  const Value out = result.at(place);
  return origin ? out.from(origin) : out;
}

}  // namespace

Value as_count(const Value& value) {
  if (!value.is_string()) return value;
  const std::string_view text = value.as_string();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? Value::integer(number) : value;
}

Result<Value> Deployment::resolve(const Value& node, Surroundings& surroundings) {
  RD_TRY(run_.evaluator.spend(1));
  if (node.is_string()) return resolve_text(node, surroundings);
  if (node.is_object()) return resolve_object(node, surroundings);
  if (!node.is_array()) return node;
  std::vector<Value> items;
  items.reserve(node.size());
  for (const Value& item : node.items()) {
    const Value value = RD_TRY(resolve(item, surroundings));
    items.push_back(value);
  }
  return doc::make_array(run_.arena, items).at(node.place());
}

Result<Value> Deployment::resolve_text(const Value& node, Surroundings& surroundings) {
  const std::string_view text = node.as_string();
  if (!is_expression(text)) {
    const std::string_view plain = unescape(text);
    return plain.size() == text.size() ? node : Value::string(plain).at(node.place());
  }
  Result<const Expression*> expression = run_.expressions.get(text);
  Result<Value> result = expression ? run_.evaluator.evaluate(**expression, surroundings)
                                    : Result<Value>(tl::unexpected(expression.error()));
  if (!result) {
    Error error = std::move(result).error();
    if (error.where.line == 0) error.where = run_.sources.where(node.place());
    if (!surroundings.tolerant() || ends_run(error)) return tl::unexpected(std::move(error));
    ++run_.not_evaluated;
    // Resource Manager takes no template with a circle, wherever it is.
    run_.failed = run_.failed || error.code == "ARM0208";
    const std::string origin = fmt::format("not evaluated: {} {}", error.code, error.message);
    run_.report(std::move(error), node.place());
    return run_.origins.unknown(UnknownType::Any, origin).at(node.place());
  }
  return placed(*result, node.place());
}

Result<Value> Deployment::resolve_object(const Value& node, Surroundings& surroundings) {
  std::vector<Member> members;
  members.reserve(node.size());
  for (const Member& member : node.members()) {
    if (is_property_loop(member.name, member.value)) {
      RD_TRY(resolve_loops(member.value, surroundings, members));
      continue;
    }
    std::string_view name = unescape(member.name);
    if (is_expression(member.name)) {
      const Value key =
          RD_TRY(resolve_text(Value::string(member.name).at(member.value.place()), surroundings));
      name = key.secret() ? std::string_view("{secret}") : run_.arena.copy(text_form(key, run_.origins));
    }
    const Value value = RD_TRY(resolve(member.value, surroundings));
    members.push_back({name, value});
  }
  return doc::make_object(run_.arena, members).at(node.place());
}

Result<void> Deployment::resolve_loops(const Value& loops, Surroundings& surroundings,
                                       std::vector<Member>& out) {
  for (const Value& loop : loops.items()) {
    const Value name = RD_TRY(resolve(*loop.find_any_case("name"), surroundings));
    if (!name.is_string())
      return fail(Error::Kind::InvalidInput, "ARM0202", "the name of a property loop must be text",
                  run_.sources.where(loop.place()));
    const Value* count = loop.find_any_case("count");
    const Value one = Value::integer(1);
    const Value items = RD_TRY(resolve_loop(count == nullptr ? one : *count, *loop.find_any_case("input"),
                                            name.as_string(), false, surroundings));
    out.push_back({name.secret() ? std::string_view("{secret}") : name.as_string(), items.at(loop.place())});
  }
  return {};
}

Result<Value> Deployment::resolve_loop(const Value& count_node, const Value& input, std::string_view name,
                                       bool of_resource, Surroundings& surroundings) {
  const Value given = RD_TRY(resolve(count_node, surroundings));
  const Value count = as_count(given);
  if (count.is_unknown())
    return run_.origins.derived(UnknownType::Array, "copy", std::span<const Value>(&count, 1));
  if (!count.is_int() || count.as_int() < 0 || count.as_int() > kMaxCopies)
    return fail(Error::Kind::InvalidInput, "ARM0207",
                fmt::format("the count of the loop {} must be a number from 0 to {}", name, kMaxCopies),
                run_.sources.where(count_node.place()));
  std::vector<Loop> loops(surroundings.loops().begin(), surroundings.loops().end());
  loops.push_back({name, Value::integer(0), of_resource});
  std::vector<Value> items;
  for (std::int64_t i = 0; i < count.as_int(); ++i) {
    loops.back().index = Value::integer(i);
    Surroundings inside(surroundings.deployment(), loops);
    if (surroundings.tolerant()) inside.tolerate();
    const Value item = RD_TRY(resolve(input, inside));
    items.push_back(item);
  }
  return doc::make_array(run_.arena, items);
}

Result<Value> Surroundings::copy_index(std::span<const Value> arguments) {
  std::string_view name;
  std::int64_t offset = 0;
  for (const Value& argument : arguments) {
    if (argument.is_string()) {
      name = argument.as_string();
    } else if (argument.is_int()) {
      offset = argument.as_int();
    } else {
      return fail(Error::Kind::InvalidInput, "ARM0202", "copyIndex() takes the name of a loop and a number");
    }
  }
  for (auto loop = loops_.rbegin(); loop != loops_.rend(); ++loop) {
    if (name.empty() ? !loop->of_resource : !equal_any_case(loop->name, name)) continue;
    if (loop->index.is_unknown()) return loop->index;
    return Value::integer(loop->index.as_int() + offset);
  }
  if (std::any_of(arguments.begin(), arguments.end(), [](const Value& one) { return one.secret(); }))
    name = "(secret)";
  return fail(Error::Kind::InvalidInput, "ARM0202",
              name.empty() ? std::string("copyIndex() without a name stands outside a resource loop")
                           : fmt::format("no loop around here has the name {}", name));
}

Result<Value> Surroundings::parameters(std::span<const Value> arguments) {
  if (!arguments[0].is_string())
    return fail(Error::Kind::InvalidInput, "ARM0202", "parameters() takes the name of a parameter");
  if (arguments[0].secret())
    return fail(Error::Kind::InvalidInput, "ARM0202", "the name of a parameter can't be secret");
  if (arguments_ == nullptr) return deployment_.names().parameter(arguments[0].as_string());
  if (const Value* found = arguments_->find_any_case(arguments[0].as_string())) return *found;
  return fail(Error::Kind::InvalidInput, "ARM0201",
              fmt::format("the function has no parameter {}", arguments[0].as_string()));
}

Result<Value> Surroundings::call(Evaluator& evaluator, const Expression& call,
                                 std::span<const Value> arguments) {
  switch (call.form) {
    case Form::Parameters:
      return parameters(arguments);
    case Form::Variables:
      if (arguments_ != nullptr || !arguments[0].is_string() || arguments[0].secret())
        return fail(Error::Kind::InvalidInput, "ARM0202",
                    arguments_ != nullptr ? "variables() can't be used in a user function"
                                          : "variables() takes the name of a variable");
      return deployment_.names().variable(arguments[0].as_string());
    case Form::CopyIndex:
      return copy_index(arguments);
    case Form::User:
      return deployment_.names().user_function(call, arguments);
    case Form::Reference:
    case Form::References:
    case Form::ResourceInfo:
    case Form::List: {
      std::size_t consumed = 0;
      return reference_function(deployment_, call, arguments, {}, consumed);
    }
    case Form::Field:
    case Form::Current:
    case Form::Policy:
    case Form::RequestContext:
      return fail(Error::Kind::InvalidInput, "ARM0102",
                  fmt::format("{}() needs a resource: it can be used in policy rules only", call.name));
    default:
      static_cast<void>(evaluator);
      return scope_function(deployment_.names(), call, arguments);
  }
}

Result<Value> Surroundings::reference(Evaluator&, const Expression& call, std::span<const Value> arguments,
                                      std::span<const Value> keys, std::size_t& consumed) {
  return reference_function(deployment_, call, arguments, keys, consumed);
}

}  // namespace redoubt::arm

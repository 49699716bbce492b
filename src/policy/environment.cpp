#include "policy/detail/environment.h"

#include <fmt/format.h>

#include "core/text.h"
#include "policy/detail/compiler.h"

namespace redoubt::policy::detail {

using doc::Member;
using doc::UnknownType;
using doc::Value;

namespace {

Result<Value> parameter(const CompiledRule& rule, const Value& name) {
  if (!name.is_string())
    return fail(Error::Kind::InvalidInput, "POL0004", "parameters() takes the name of a parameter");
  for (const Member& member : rule.parameters)
    if (equal_any_case(member.name, name.as_string())) return member.value;
  return fail(Error::Kind::InvalidInput, "POL0004",
              fmt::format("the definition has no parameter {}", name.as_string()));
}

/// What a value count is called when its author gave no name. Source: policy rule, "Value count".
constexpr std::string_view kDefaultCount = "default";

/// Answers parameters() alone.
class ParametersOnly final : public arm::Environment {
 public:
  explicit ParametersOnly(const CompiledRule& rule) : rule_(rule) {}

  Result<Value> call(arm::Evaluator&, const arm::Expression& call,
                     std::span<const Value> arguments) override {
    if (call.form == arm::Form::Parameters) return parameter(rule_, arguments[0]);
    return fail(Error::Kind::Unsupported, "POL0004", "hangs on the resource");
  }

 private:
  const CompiledRule& rule_;
};

bool needs_resource(const arm::Expression& expression) {
  if (expression.kind == arm::Expression::Kind::Call && expression.function == nullptr) {
    switch (expression.form) {
      case arm::Form::If:
      case arm::Form::And:
      case arm::Form::Or:
      case arm::Form::Coalesce:
      case arm::Form::Parameters:
        break;
      default:
        return true;
    }
  }
  for (const arm::Expression* argument : expression.arguments)
    if (needs_resource(*argument)) return true;
  return false;
}

/// What field('...') and current('...') give of a path's slots.
class SlotCollector {
 public:
  explicit SlotCollector(Scene& scene) : scene_(scene) {}

  Value collect(const Field& field) {
    const AliasPattern* pattern = nullptr;
    bool many = field.star;
    for (const Step& step : path_of(scene_, field, pattern))
      many = many || step.star;
    std::vector<Value> values;
    if (const std::optional<Value> open = gather(field, values)) return *open;
    if (many) return doc::make_array(scene_.arena, values);
    return values.empty() ? Value::string("") : values.front();
  }

  /// The values of the slots; where an array in their way is open, the array that is known in part.
  std::optional<Value> gather(const Field& field, std::vector<Value>& values) {
    std::vector<Value> pieces;  // of an array that is open in part
    std::optional<Value> open;
    const auto end_run = [&] {
      pieces.push_back(doc::make_array(scene_.arena, values));
      values.clear();
    };
    visit_slots(scene_, field, [&](const Slot& slot) {
      if (slot.kind == Slot::Kind::Present) values.push_back(slot.value);
      if (slot.kind != Slot::Kind::OpenArray) return true;
      if (!open) open = slot.value;
      end_run();
      pieces.push_back(scene_.origins.part(slot.value, "[*]", UnknownType::Array));
      return true;
    });
    if (!open) return std::nullopt;
    end_run();
    return scene_.origins.partial_array(pieces, scene_.origins.at(open->unknown_id()).text + "[*]");
  }

 private:
  Scene& scene_;
};

class SceneEnvironment final : public arm::Environment {
 public:
  explicit SceneEnvironment(Scene& scene) : scene_(scene) {}

  Result<Value> call(arm::Evaluator&, const arm::Expression& call,
                     std::span<const Value> arguments) override {
    switch (call.form) {
      case arm::Form::Parameters:
        return parameter(scene_.rule, arguments[0]);
      case arm::Form::Field:
        return field(call, arguments[0]);
      case arm::Form::Current:
        return current(call, arguments);
      case arm::Form::UtcNow:
        return utc_now(arguments);
      case arm::Form::Subscription:
        return around(scene_.context.subscription, "subscription()");
      case arm::Form::ResourceGroup:
        return around(scene_.context.resource_group, "resourceGroup()");
      case arm::Form::RequestContext:
        return around(scene_.context.request, "requestContext()");
      case arm::Form::Policy:
        return around(scene_.context.policy, "policy()");
      default:
        return fail(Error::Kind::InvalidInput, "POL0004",
                    fmt::format("{}() can't be used in policy rules", call.name));
    }
  }

  /// Groups and subscriptions without the property (`tags['x']`, `managedBy`) give the empty text: the
  /// built-in rules that inherit tags rest on it.
  std::optional<Value> absent(const arm::Expression& call) override {
    if (call.form == arm::Form::ResourceGroup || call.form == arm::Form::Subscription)
      return Value::string("");
    if (call.form == arm::Form::RequestContext)
      return scene_.origins.unknown(UnknownType::Any, "requestContext()");
    return std::nullopt;
  }

 private:
  Result<Value> around(const Value& value, std::string_view name) {
    if (!value.is_null()) return value;
    return scene_.origins.unknown(UnknownType::Object, name, false, true);
  }

  Result<Value> utc_now(std::span<const Value> arguments) {
    if (scene_.context.time_asked != nullptr) *scene_.context.time_asked = true;
    std::string_view format = "yyyy-MM-ddTHH:mm:ss.fffffffZ";
    if (!arguments.empty() && arguments[0].is_string()) format = arguments[0].as_string();
    const std::string text = RD_TRY(format_time(ZonedTime{scene_.context.now, 0}, format));
    return doc::make_string(scene_.arena, text);
  }

  /// field() means the resource that is judged, also inside an existence condition.
  Result<Value> field(const arm::Expression& call, const Value& name) {
    if (name.is_unknown())
      return scene_.origins.derived(UnknownType::Any, "field", std::span<const Value>(&name, 1));
    if (!name.is_string())
      return fail(Error::Kind::InvalidInput, "POL0004", "field() takes the name of a field");
    const Field of = RD_TRY(named_field(call, name));
    if (scene_.looked_at == &scene_.subject) return value(scene_, of);
    Scene own{scene_.rule,    scene_.subject, &scene_.subject, &scene_.subject.body,
              scene_.context, scene_.arena,   scene_.origins};
    return value(own, of);
  }

  static Value value(Scene& scene, const Field& field) {
    if (const std::optional<Value> plain = plain_field(scene, field)) {
      if (!plain->is_null()) return *plain;
      return field.kind == Field::Kind::Tags ? Value::object({}) : Value::string("");
    }
    return SlotCollector(scene).collect(field);
  }

  Result<Field> named_field(const arm::Expression& call, const Value& name) {
    const auto named = scene_.rule.named_fields.find(&call);
    if (named != scene_.rule.named_fields.end()) return named->second;
    Field of;
    of.kind = Field::Kind::Computed;
    of.computed.constant = name;
    return resolve_field(scene_, of);
  }

  Result<Value> current(const arm::Expression& call, std::span<const Value> arguments) {
    if (scene_.bindings.empty())
      return fail(Error::Kind::InvalidInput, "POL0004", "current() stands outside of a count");
    if (arguments.empty()) return scene_.bindings.back().value;
    if (!arguments[0].is_string())
      return fail(Error::Kind::InvalidInput, "POL0004", "current() takes the name of a count");
    const std::string_view name = arguments[0].as_string();
    for (auto at = scene_.bindings.rbegin(); at != scene_.bindings.rend(); ++at)
      if (at->path.empty() && equal_any_case(at->name.empty() ? kDefaultCount : at->name, name))
        return at->value;
    if (name.find('/') == std::string_view::npos) return no_count(name);
    const Field of = RD_TRY(named_field(call, arguments[0]));
    return current_of_alias(of, name);
  }

  static tl::unexpected<Error> no_count(std::string_view name) {
    return fail(Error::Kind::InvalidInput, "POL0004", fmt::format("no count around here looks at {}", name));
  }

  Result<Value> current_of_alias(const Field& field, std::string_view name) {
    const AliasPattern* pattern = nullptr;
    const std::span<const Step> path = path_of(scene_, field, pattern);
    bool counted = false;
    for (const Binding& binding : scene_.bindings) {
      if (binding.path.empty() || binding.path.size() > path.size()) continue;
      bool same = true;
      for (std::size_t i = 0; i < binding.path.size(); ++i)
        same = same && binding.path[i].star == path[i].star &&
               equal_any_case(binding.path[i].name, path[i].name);
      counted = counted || same;
    }
    if (!counted) return no_count(name);
    std::vector<Value> values;
    bool many = false;
    if (const std::optional<Value> open = SlotCollector(scene_).gather(field, values)) return *open;
    std::size_t stars = 0;
    for (const Step& step : path)
      stars += step.star ? 1 : 0;
    for (const Binding& binding : scene_.bindings)
      many = many || binding.elements.size() >= stars;
    if (!many) return doc::make_array(scene_.arena, values);
    return values.empty() ? Value::string("") : values.front();
  }

  Scene& scene_;
};

Result<Value> container_of(Scene& scene, const Operand& operand) {
  std::vector<Value> values;
  std::vector<Member> members;
  for (std::size_t i = 0; i < operand.items.size(); ++i) {
    const Value value = RD_TRY(value_of(scene, operand.items[i]));
    values.push_back(value);
    if (operand.kind == Operand::Kind::Object) members.push_back({operand.names[i], value});
  }
  const Value out = operand.kind == Operand::Kind::Array ? doc::make_array(scene.arena, values)
                                                         : doc::make_object(scene.arena, members);
  return out.at(operand.constant.place());
}

}  // namespace

std::optional<Value> fold_constant(CompiledRule& rule, const arm::Expression& expression) {
  if (needs_resource(expression)) return std::nullopt;
  arm::Budget budget{.steps = 1'000'000};
  arm::Evaluator evaluator(rule.arena, *rule.origins, budget);
  ParametersOnly environment(rule);
  Result<Value> value = evaluator.evaluate(expression, environment);
  if (!value) return std::nullopt;  // fails again, and is reported, when a resource needs it
  return *value;
}

Result<Value> value_of(Scene& scene, const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::Constant:
      return operand.constant;
    case Operand::Kind::Array:
    case Operand::Kind::Object:
      return container_of(scene, operand);
    case Operand::Kind::Expression:
      break;
  }
  arm::Evaluator evaluator(scene.arena, scene.origins, scene.budget);
  SceneEnvironment environment(scene);
  return evaluator.evaluate(*operand.expression, environment);
}

}  // namespace redoubt::policy::detail

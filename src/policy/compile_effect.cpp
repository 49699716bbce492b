#include <fmt/format.h>

#include <array>

#include "core/text.h"
#include "policy/detail/compiler.h"
#include "policy/detail/environment.h"
#include "policy/vocabulary.h"

namespace redoubt::policy::detail {

using doc::Place;
using doc::Value;

namespace {

bool is_subject_id(const Operand& operand) {
  if (operand.kind != Operand::Kind::Expression || !operand.constant.is_string()) return false;
  return equal_any_case(replace_all(operand.constant.as_string(), " ", ""), "[field('id')]");
}

/// A count that asks for one at least.
bool asks_for_one(const Condition& count) {
  const Value& number = count.right.constant;
  if (!count.right.constant_throughout() || !number.is_int()) return false;
  if (count.op == Operator::Greater) return number.as_int() >= 0;
  return (count.op == Operator::GreaterOrEquals || count.op == Operator::Equals) && number.as_int() >= 1;
}

/// Whether the condition holds only of a resource in which some text is the subject's id. `counted`: the
/// array whose members are looked at; an array of theirs may be empty, of which everything holds.
bool needs_id(const Condition& condition, std::string_view counted) {
  const auto needs = [&](const Condition* member) { return needs_id(*member, counted); };
  switch (condition.kind) {
    case Condition::Kind::AllOf:
      return std::any_of(condition.members.begin(), condition.members.end(), needs);
    case Condition::Kind::AnyOf:
      return !condition.members.empty() &&
             std::all_of(condition.members.begin(), condition.members.end(), needs);
    case Condition::Kind::Field: {
      if (condition.op != Operator::Equals || !is_subject_id(condition.right)) return false;
      const bool member = !counted.empty() && starts_with_any_case(condition.field.text, counted);
      return condition.field.text.substr(member ? counted.size() : 0).find("[*]") == std::string_view::npos;
    }
    case Condition::Kind::CountField:
      return asks_for_one(condition) && condition.members.size() == 1 && counted.empty() &&
             needs_id(*condition.members[0], condition.field.text);
    default:
      return false;
  }
}

struct EffectRow {
  std::string_view name;
  Effect effect;
  std::string_view status;  ///< for the coverage page, as the next
  std::string_view summary;
};
/// Source: Azure Policy definitions, effect basics.
constexpr std::array kEffects = {
    EffectRow{"audit", Effect::Audit, "judged", "reports a resource for which the rule holds"},
    EffectRow{"deny", Effect::Deny, "judged", "the same; severity high when nothing else says it"},
    EffectRow{"append", Effect::Append, "judged",
              "shows what it would add; one that would change a value of the request counts as a denial"},
    EffectRow{"modify", Effect::Modify, "judged",
              "add, addOrReplace and remove with their conditions; shows old and new values"},
    EffectRow{"auditIfNotExists", Effect::AuditIfNotExists, "judged",
              "looks for a related resource among what was given"},
    EffectRow{"deployIfNotExists", Effect::DeployIfNotExists, "judged",
              "as auditIfNotExists; preflight shows what its template would create"},
    EffectRow{"denyAction", Effect::DenyAction, "judged",
              "for an action that is given, else for any of actionNames"},
    EffectRow{"manual", Effect::Manual, "unknown",
              "needs an attestation; `policy eval` reports the resources for which the rule holds"},
    EffectRow{"disabled", Effect::Disabled, "notApplicable", "never looks at a resource"},
    EffectRow{"addToNetworkGroup", Effect::AddToNetworkGroup, "unknown",
              "in its data-plane mode, where the rule holds"},
    EffectRow{"mutate", Effect::Mutate, "unknown", "in its data-plane mode, where the rule holds"},
    EffectRow{"enforceRegoPolicy", Effect::EnforceRegoPolicy, "unknown",
              "in its data-plane mode, where the rule holds"},
    EffectRow{"enforceOPAConstraint", Effect::EnforceOpaConstraint, "unknown",
              "in its data-plane mode, where the rule holds"},
    EffectRow{"enforceSetting", Effect::EnforceSetting, "unknown",
              "in its data-plane mode, where the rule holds"},
    EffectRow{"auditAction", Effect::AuditAction, "judged", "as audit; the actions are not looked at"},
};

struct OperationRow {
  std::string_view name;
  Operation::Kind kind;
};
constexpr OperationRow kOperations[] = {{"add", Operation::Kind::Add},
                                        {"addOrReplace", Operation::Kind::AddOrReplace},
                                        {"remove", Operation::Kind::Remove}};

/// What a rule whose effect is not known yet may be, told by its details.
std::vector<Effect> possible_effects(const Value* details) {
  if (details == nullptr || !details->is_container()) return {Effect::Audit};
  if (details->is_array()) return {Effect::Append};
  if (details->find_any_case("operations") != nullptr) return {Effect::Modify};
  if (details->find_any_case("actionNames") != nullptr) return {Effect::DenyAction};
  if (details->find_any_case("type") != nullptr) return {Effect::AuditIfNotExists};
  return {Effect::Audit};
}

std::string near_effect(std::string_view name) {
  std::vector<std::string_view> names;
  for (const EffectRow& row : kEffects)
    names.push_back(row.name);
  const std::optional<std::string_view> near = closest(name, names);
  return near ? fmt::format("did you mean {}?", *near) : std::string();
}

}  // namespace

bool is_extension_type(const TypeTable* types, std::string_view type) {
  const std::optional<TypeEntry> entry = types == nullptr ? std::nullopt : types->find(type);
  return entry && (entry->scopes & kExtensionScope) != 0;
}

std::optional<Effect> find_effect(std::string_view name) {
  for (const EffectRow& row : kEffects)
    if (equal_any_case(row.name, name)) return row.effect;
  return std::nullopt;
}

std::string_view name_of(Effect effect) { return kEffects[static_cast<std::size_t>(effect)].name; }

/// The effect as it is written, or as an assignment overrides it.
Result<Operand> Compiler::effect_operand(const Value& node) {
  if (options_.effect.empty()) return operand(node);
  Operand out;
  out.constant = doc::make_string(rule_.arena, options_.effect);
  return out;
}

/// Where the value of an effect that is a parameter was given; nothing for others.
Place Compiler::place_of_parameter(const Value& effect) {
  if (!options_.effect.empty() || !arm::is_expression(effect.as_string())) return {};
  const Result<const arm::Expression*> expression =
      arm::parse_expression(rule_.arena, effect.as_string(), arm::Language::Policy);
  const std::optional<Value> value = expression ? fold_constant(rule_, **expression) : std::nullopt;
  return value ? value->value_place() : Place();
}

Result<void> Compiler::then(const Value& node) {
  at_ = node.place();
  if (!node.is_object()) return wrong("POL0005", "then must be an object");
  const Value* effect = node.find_any_case("effect");
  if (effect == nullptr) return wrong("POL0005", "then has no effect");
  if (!effect->is_string()) return wrong("POL0005", "an effect must be text");
  rule_.effect = RD_TRY(effect_operand(*effect));
  const Value* details_node = node.find_any_case("details");
  std::vector<Effect> effects = possible_effects(details_node);
  const bool known = rule_.effect.constant_throughout() && !rule_.effect.constant.is_unknown();
  if (known) {
    if (!rule_.effect.constant.is_string()) return wrong("POL0005", "an effect must be text");
    const std::optional<Effect> named = find_effect(rule_.effect.constant.as_string());
    if (!named) {
      if (const Place given = place_of_parameter(*effect)) at_ = given;
      return wrong("POL0005", fmt::format("unknown effect: {}", rule_.effect.constant.as_string()),
                   near_effect(rule_.effect.constant.as_string()));
    }
    rule_.known_effect = named;
    if (*named == Effect::Disabled) return {};
    effects.assign(1, *named);
  }
  return details(details_node, effects);
}

Result<void> Compiler::details(const Value* node, std::span<const Effect> effects) {
  for (const Effect effect : effects) {
    switch (effect) {
      case Effect::AuditIfNotExists:
      case Effect::DeployIfNotExists:
        if (node == nullptr || !node->is_object())
          return wrong("POL0005", fmt::format("{} needs details", name_of(effect)));
        RD_TRY(related_details(*node));
        break;
      case Effect::Modify:
        if (node == nullptr || !node->is_object()) return wrong("POL0005", "modify needs details");
        RD_TRY(modify_details(*node));
        break;
      case Effect::Append:
        if (node == nullptr || !node->is_array())
          return wrong("POL0005", "the details of append must be a list");
        RD_TRY(append_details(*node));
        break;
      case Effect::DenyAction:
        if (node == nullptr || !node->is_object()) return wrong("POL0005", "denyAction needs details");
        RD_TRY(action_details(*node));
        break;
      default:
        break;
    }
  }
  return {};
}

/// An operand that is written as text, an expression included; null is as if it were not there.
Result<Operand> Compiler::text_operand(const Value& node, std::string_view what) {
  at_ = node.place();
  if (!node.is_string() && !node.is_null())
    return wrong("POL0005", fmt::format("{} must be text, not {}", what, doc::name_of(node.kind())));
  return operand(node);
}

Result<void> Compiler::related_details(const Value& node) {
  const auto as_written = [&](std::string_view name) {
    const Value* part = node.find_any_case(name);
    return part == nullptr ? Value::null() : *part;
  };
  rule_.related.deployment = {as_written("deployment"), as_written("deploymentScope"),
                              as_written("roleDefinitionIds")};
  const Value* type = node.find_any_case("type");
  if (type == nullptr || !type->is_string()) return wrong("POL0005", "details has no type");
  rule_.related.type = RD_TRY(operand(*type));
  const Value& known_type = rule_.related.type.constant;
  if (rule_.related.type.constant_throughout() && known_type.is_string())
    rule_.related.extends_others = is_extension_type(options_.types, known_type.as_string());
  if (const Value* name = node.find_any_case("name"))
    rule_.related.name = RD_TRY(text_operand(*name, "details.name"));
  if (const Value* group = node.find_any_case("resourceGroupName"))
    rule_.related.resource_group = RD_TRY(text_operand(*group, "details.resourceGroupName"));
  if (const Value* scope = node.find_any_case("existenceScope"))
    rule_.related.existence_scope = RD_TRY(text_operand(*scope, "details.existenceScope"));
  const Value* existence = node.find_any_case("existenceCondition");
  if (existence == nullptr) return {};
  // Its conditions look at other resources: they say nothing about what the rule applies to.
  const bool roles[] = {rule_.has_type, rule_.has_name, rule_.has_kind, rule_.has_other, rule_.has_location};
  Result<const Condition*> compiled = condition(*existence, 0);
  if (!compiled) return tl::unexpected(compiled.error());
  rule_.related.existence = *compiled;
  rule_.related.names_subject = needs_id(**compiled, {});
  rule_.has_type = roles[0];
  rule_.has_name = roles[1];
  rule_.has_kind = roles[2];
  rule_.has_other = roles[3];
  rule_.has_location = roles[4];
  return {};
}

Result<void> Compiler::modify_details(const Value& node) {
  const Value* operations = node.find_any_case("operations");
  if (operations == nullptr || !operations->is_array())
    return wrong("POL0005", "the details of modify have no operations");
  if (const Value* conflict = node.find_any_case("conflictEffect")) {
    const Operand effect = RD_TRY(operand(*conflict));
    rule_.conflict_denies = !effect.constant_throughout() || !effect.constant.is_string() ||
                            equal_any_case(effect.constant.as_string(), "deny");
  }
  for (const Value& item : operations->items()) {
    Operation out;
    out.place = item.place();
    const std::optional<std::string_view> name = item.text_of("operation");
    const OperationRow* row = nullptr;
    for (const OperationRow& candidate : kOperations)
      if (name && equal_any_case(candidate.name, *name)) row = &candidate;
    if (row == nullptr) return wrong("POL0005", "an operation is one of add, addOrReplace, remove");
    out.kind = row->kind;
    const Value* field_node = item.find_any_case("field");
    const Value* value = item.find_any_case("value");
    if (field_node == nullptr) return wrong("POL0005", "an operation has no field");
    if (value == nullptr && out.kind != Operation::Kind::Remove)
      return wrong("POL0005", "an operation has no value");
    out.field = RD_TRY(field(*field_node));
    if (value != nullptr) out.value = RD_TRY(operand(*value));
    if (const Value* condition_node = item.find_any_case("condition");
        condition_node != nullptr && !condition_node->is_null()) {
      at_ = condition_node->place();
      if (!condition_node->is_string() && !condition_node->is_bool())
        return wrong("POL0005", "the condition of an operation must be an expression");
      out.has_condition = true;
      out.condition = RD_TRY(operand(*condition_node));
    }
    rule_.modifies_identity = rule_.modifies_identity || equal_any_case(out.field.text, "identity.type");
    rule_.operations.push_back(out);
  }
  return {};
}

Result<void> Compiler::append_details(const Value& node) {
  for (const Value& item : node.items()) {
    Operation out;
    out.place = item.place();
    out.kind = Operation::Kind::Append;
    const Value* field_node = item.find_any_case("field");
    const Value* value = item.find_any_case("value");
    if (field_node == nullptr || value == nullptr)
      return wrong("POL0005", "append takes pairs of field and value");
    out.field = RD_TRY(field(*field_node));
    out.value = RD_TRY(operand(*value));
    rule_.operations.push_back(out);
  }
  return {};
}

Result<void> Compiler::action_details(const Value& node) {
  const Value* names = node.find_any_case("actionNames");
  if (names == nullptr || !names->is_array())
    return wrong("POL0005", "the details of denyAction have no actionNames");
  for (const Value& name : names->items()) {
    const Operand one = RD_TRY(text_operand(name, "an element of actionNames"));
    rule_.action_names.push_back(one);
  }
  return {};
}

}  // namespace redoubt::policy::detail

namespace redoubt::policy {

std::vector<Word> effect_words() {
  std::vector<Word> words;
  words.reserve(detail::kEffects.size());
  for (const detail::EffectRow& row : detail::kEffects)
    words.push_back({row.name, row.status, row.summary});
  return words;
}

}  // namespace redoubt::policy

#include <fmt/format.h>

#include "core/text.h"
#include "policy/detail/compiler.h"
#include "policy/relation.h"

// Definitions of mode Redoubt.Relations: `relation: {check, effect}` stands in the place of policyRule.

namespace redoubt::policy::detail {

using doc::Value;

namespace {

/// What such a definition may do: nothing in Azure evaluates it, so nothing is denied or changed.
bool fits(Effect effect) {
  return effect == Effect::Audit || effect == Effect::AuditIfNotExists || effect == Effect::Disabled;
}

}  // namespace

Result<void> Compiler::relation(const Definition& definition) {
  const Value* node = definition.properties.find_any_case("relation");
  at_ = node == nullptr ? definition.place : node->place();
  if (node == nullptr || !node->is_object())
    return wrong("POL0009",
                 node == nullptr ? "the definition has no relation" : "relation must be an object");
  const Value* name = node->find_any_case("check");
  if (name == nullptr || !name->is_string()) return wrong("POL0009", "relation must name a check");
  rule_.relation = options_.find_relation == nullptr ? nullptr : options_.find_relation(name->as_string());
  if (rule_.relation == nullptr)
    return wrong("POL0009", fmt::format("no relation check has the name {}", name->as_string()),
                 "docs/policy-authoring.md lists them");
  for (const std::string_view type : rule_.relation->types)
    rule_.types.push_back(lower(type));
  rule_.relation_parameters = doc::make_object(rule_.arena, rule_.parameters);
  const Value* effect = node->find_any_case("effect");
  if (effect == nullptr || !effect->is_string())
    return wrong("POL0005", "relation must say its effect as text");
  rule_.effect = RD_TRY(effect_operand(*effect));
  if (!rule_.effect.constant_throughout() || rule_.effect.constant.is_unknown()) return {};
  if (rule_.effect.constant.is_string()) rule_.known_effect = find_effect(rule_.effect.constant.as_string());
  if (!rule_.known_effect || !fits(*rule_.known_effect))
    return wrong("POL0005", "the effect of a relation check is Audit, AuditIfNotExists or Disabled");
  return {};
}

}  // namespace redoubt::policy::detail

#include "policy/classify.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "core/text.h"

namespace redoubt::policy {

using doc::Value;

namespace {

constexpr std::array kNeeds = {
    NeedRow{Need::ResourceAlone, "resource alone", "the resource itself decides"},
    NeedRow{Need::RelatedResources, "related resources", "an if-not-exists effect looks at other resources"},
    NeedRow{Need::OtherSystem, "another system's results",
            "guest configuration or Defender results: always unknown here"},
    NeedRow{Need::DataPlane, "data-plane mode",
            "objects inside services: unknown, model deployments excepted"},
    NeedRow{Need::NeverFires, "never fires", "policyType Static: never evaluated"},
    NeedRow{Need::Attestation, "attestation", "manual: a person attests"},
    NeedRow{Need::Action, "action", "denyAction or auditAction: judged when something is done"},
    NeedRow{Need::DefenderObject, "Defender object",
            "on objects of Microsoft.Security that no template holds"},
    NeedRow{Need::Relation, "relation check", "a resource and what is around it; Redoubt's own"},
};

/// Related types whose state only another system knows.
constexpr std::string_view kOtherSystems[] = {
    "microsoft.guestconfiguration/guestconfigurationassignments",
    "microsoft.security/assessments",
    "microsoft.security/complianceresults",
};

/// The effects a rule may have: its own, or those its parameter allows.
std::set<std::string> effects_of(const Definition& definition) {
  std::set<std::string> effects;
  const Value* rule = definition.properties.find_any_case("policyRule");
  const Value* then = rule == nullptr ? nullptr : rule->find_any_case("then");
  const std::optional<std::string_view> effect = then == nullptr ? std::nullopt : then->text_of("effect");
  if (!effect) return effects;
  effects.insert(lower(*effect));
  const std::size_t open = effect->find("parameters('");
  if (open == std::string_view::npos) return effects;
  const std::string_view rest = effect->substr(open + 12);
  const Value* parameters = definition.properties.find_any_case("parameters");
  const Value* parameter =
      parameters == nullptr ? nullptr : parameters->find_any_case(rest.substr(0, rest.find('\'')));
  if (parameter == nullptr) return effects;
  if (const auto default_value = parameter->text_of("defaultValue")) effects.insert(lower(*default_value));
  const Value* allowed = parameter->find_any_case("allowedValues");
  if (allowed != nullptr && allowed->is_array())
    for (const Value& value : allowed->items())
      if (value.is_string()) effects.insert(lower(value.as_string()));
  return effects;
}

std::string details_type(const Definition& definition) {
  const Value* node = &definition.properties;
  for (const std::string_view name : {"policyRule", "then", "details"}) {
    node = node->find_any_case(name);
    if (node == nullptr) return {};
  }
  return lower(node->text_of("type").value_or(""));
}

/// True when a type condition names an object of Defender for Cloud.
bool looks_at_defender(const Value& condition) {
  if (condition.is_array())
    return std::any_of(condition.items().begin(), condition.items().end(), looks_at_defender);
  if (!condition.is_object()) return false;
  if (equal_any_case(condition.text_of("field").value_or(""), "type") &&
      starts_with_any_case(condition.text_of("equals").value_or(""), "Microsoft.Security/"))
    return true;
  return std::any_of(condition.members().begin(), condition.members().end(),
                     [](const doc::Member& member) { return looks_at_defender(member.value); });
}

}  // namespace

std::span<const NeedRow> needs() { return kNeeds; }

const NeedRow& row_of(Need need) { return kNeeds[static_cast<std::size_t>(need)]; }

Need classify(const Definition& definition) {
  if (equal_any_case(definition.policy_type, "Static")) return Need::NeverFires;
  if (is_relation(definition)) return Need::Relation;
  if (ends_with_any_case(definition.mode, ".Data")) return Need::DataPlane;
  const std::set<std::string> effects = effects_of(definition);
  if (effects.count("manual") != 0) return Need::Attestation;
  if (effects.count("denyaction") != 0 || effects.count("auditaction") != 0) return Need::Action;
  if (effects.count("auditifnotexists") != 0 || effects.count("deployifnotexists") != 0) {
    const std::string type = details_type(definition);
    const bool elsewhere =
        std::find(std::begin(kOtherSystems), std::end(kOtherSystems), type) != std::end(kOtherSystems);
    return elsewhere ? Need::OtherSystem : Need::RelatedResources;
  }
  const Value* rule = definition.properties.find_any_case("policyRule");
  const Value* condition = rule == nullptr ? nullptr : rule->find_any_case("if");
  return condition != nullptr && looks_at_defender(*condition) ? Need::DefenderObject : Need::ResourceAlone;
}

}  // namespace redoubt::policy

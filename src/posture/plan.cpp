#include "posture/plan.h"

#include <fmt/format.h>

#include "arm/expand.h"
#include "core/text.h"
#include "doc/json.h"

namespace redoubt::posture {

using doc::Member;
using doc::Value;

Result<Value> read_policy_parameters(const Value& root, Arena& arena) {
  const Value* inner = root.find_any_case("parameters");
  const Value& values = inner != nullptr && inner->is_object() ? *inner : root;
  if (!values.is_object())
    return fail(Error::Kind::InvalidInput, "POS0002",
                "policy parameters must be an object of name and value");
  std::vector<Member> members;
  for (const Member& member : values.members()) {
    const Value* value = member.value.find_any_case("value");
    const bool wrapped = value != nullptr && member.value.size() == 1;
    if (!member.name.starts_with("$") && member.name != "contentVersion")
      members.push_back({member.name, wrapped ? *value : member.value});
  }
  return doc::make_object(arena, members);
}

void Plan::add(const policy::Definition& definition, const Value& given) {
  add(definition, given, std::nullopt, false);
}

void Plan::add(const policy::Definition& definition, const Value& parameters,
               std::optional<InitiativeUse> use, bool version_mismatch) {
  // Only what the definition declares counts: defaults are part of what it is judged with.
  std::vector<Member> effective;
  const Value* declared = definition.properties.find_any_case("parameters");
  if (declared != nullptr && declared->is_object()) {
    for (const Member& member : declared->members()) {
      const Value* value = parameters.find_any_case(member.name);
      if (value == nullptr) value = member.value.find_any_case("defaultValue");
      if (value != nullptr) effective.push_back({member.name, *value});
    }
  }
  const std::string key = doc::canonical_json(doc::make_object(arena_, effective));
  PlannedPolicy*& planned = by_key_[lower(definition.name) + "\n" + key];
  if (planned == nullptr) {
    policies_.emplace_back();
    planned = &policies_.back();
    planned->definition = &definition;
    planned->parameters = parameters;
    planned->parameters_key = key;
  }
  if (use) planned->initiatives.push_back(std::move(*use));
  planned->version_mismatch = planned->version_mismatch || version_mismatch;
}

Value Plan::initiative_parameters(const policy::Initiative& initiative, const Value& given) {
  std::vector<Member> members;
  const Value* declared = initiative.properties.find_any_case("parameters");
  if (declared == nullptr || !declared->is_object()) return Value::object({});
  for (const Member& member : declared->members()) {
    const Value* value = given.find_any_case(member.name);
    if (value == nullptr) value = member.value.find_any_case("defaultValue");
    const Value unset = origins_.unknown(
        doc::UnknownType::Any, fmt::format("policy parameter {} not set", member.name), false, true);
    members.push_back({member.name, value == nullptr ? unset : *value});
  }
  return doc::make_object(arena_, members);
}

Result<Value> Plan::reference_parameters(const policy::Reference& reference,
                                         const Value& initiative_parameters) {
  std::vector<Member> members;
  if (!reference.parameters.is_object()) return Value::object({});
  for (const Member& member : reference.parameters.members()) {
    const Value* node = member.value.find_any_case("value");
    if (node == nullptr) continue;
    const Value value = RD_TRY(arm::evaluate_value(*node, &initiative_parameters, nullptr, true, origins_,
                                                   arena_, arm::ExpandOptions{}));
    members.push_back({member.name, value});
  }
  return doc::make_object(arena_, members);
}

void Plan::add(const policy::Initiative& initiative, const Value& given, const DefinitionFinder& find,
               std::vector<Diagnostic>& diagnostics) {
  const Value parameters = initiative_parameters(initiative, given);
  for (const policy::Reference& reference : initiative.references) {
    const policy::Definition* definition = find(reference);
    if (definition == nullptr) {
      diagnostics.push_back({Severity::Warning,
                             "POS0001",
                             fmt::format("the initiative {} refers to a definition that is not at hand: {}",
                                         initiative.name, reference.definition_name),
                             {},
                             "give the file that holds it with --policy"});
      continue;
    }
    const Result<Value> values = reference_parameters(reference, parameters);
    if (!values) {
      Diagnostic diagnostic = to_diagnostic(values.error());
      diagnostic.message =
          fmt::format("parameters of the reference {}: {}", reference.reference_id, diagnostic.message);
      diagnostics.push_back(std::move(diagnostic));
      continue;
    }
    add(*definition, *values, InitiativeUse{initiative.name, reference.reference_id},
        policy::pins_another_major(reference, *definition));
  }
}

void Plan::compile(const policy::CompileOptions& options) {
  for (PlannedPolicy& planned : policies_) {
    Result<policy::Policy> compiled = policy::compile(*planned.definition, planned.parameters, options);
    if (compiled)
      planned.compiled = std::move(*compiled);
    else
      planned.error = std::move(compiled).error();
  }
}

}  // namespace redoubt::posture

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "policy/detail/lint_checks.h"

namespace redoubt::policy::detail {

using doc::Member;
using doc::Value;

namespace {

// Sources: the JSON schemas of Azure Policy definitions and initiatives, and the page of each effect. What a
// list prints beside the properties (id, name, systemData ...) is with the properties.
constexpr std::string_view kDefinition[] = {
    "displayName", "description", "policyType", "mode",      "metadata",
    "parameters",  "policyRule",  "version",    "versions",  "externalEvaluationEnforcementSettings",
    "id",          "name",        "type",       "systemData"};
constexpr std::string_view kParameter[] = {"type", "metadata", "defaultValue", "allowedValues", "schema"};
constexpr std::string_view kThen[] = {"effect", "details"};
constexpr std::string_view kDetails[] = {"type",
                                         "name",
                                         "kind",
                                         "resourceGroupName",
                                         "existenceScope",
                                         "existenceCondition",
                                         "evaluationDelay",
                                         "deploymentScope",
                                         "deployment",
                                         "roleDefinitionIds",
                                         "operations",
                                         "conflictEffect",
                                         "actionNames",
                                         "cascadeBehaviors",
                                         "defaultState"};
constexpr std::string_view kOperation[] = {"operation", "field", "value", "condition"};
constexpr std::string_view kInitiative[] = {"displayName",
                                            "description",
                                            "policyType",
                                            "metadata",
                                            "parameters",
                                            "policyDefinitions",
                                            "policyDefinitionGroups",
                                            "version",
                                            "versions",
                                            "id",
                                            "name",
                                            "type",
                                            "systemData"};
constexpr std::string_view kReference[] = {
    "policyDefinitionId",      "policyDefinitionReferenceId", "parameters", "groupNames", "definitionVersion",
    "latestDefinitionVersion", "effectiveDefinitionVersion"};
constexpr std::string_view kGroup[] = {"name", "category", "displayName", "description",
                                       "additionalMetadataId"};

/// A member close to a known one is a mistake; another one may be newer than this list, or somebody's note.
void check(const Value* node, std::span<const std::string_view> known, LintReport& report) {
  if (node == nullptr || !node->is_object()) return;
  for (const Member& member : node->members()) {
    if (std::any_of(known.begin(), known.end(),
                    [&](std::string_view name) { return equal_any_case(name, member.name); }))
      continue;
    const std::string near = suggestion(member.name, known);
    report.add(near.empty() ? Severity::Hint : Severity::Warning, "POL0110",
               fmt::format("Azure Policy does not know this member: {}", member.name), member.value.place(),
               near);
  }
}

void check_each(const Value* list, std::span<const std::string_view> known, LintReport& report) {
  if (list == nullptr) return;
  if (list->is_array())
    for (const Value& item : list->items())
      check(&item, known, report);
  if (list->is_object())
    for (const Member& member : list->members())
      check(&member.value, known, report);
}

}  // namespace

void check_members(const LintSubject& subject) {
  LintReport& report = subject.report;
  check(&subject.definition.properties, kDefinition, report);
  check_each(subject.parameters, kParameter, report);
  check(subject.then, kThen, report);
  if (subject.data_plane || subject.details == nullptr) return;
  check(subject.details, kDetails, report);
  check_each(subject.details->find_any_case("operations"), kOperation, report);
}

void check_members(const Initiative& initiative, LintReport& report) {
  check(&initiative.properties, kInitiative, report);
  check_each(object_at(&initiative.properties, "parameters"), kParameter, report);
  check_each(initiative.properties.find_any_case("policyDefinitions"), kReference, report);
  check_each(initiative.properties.find_any_case("policyDefinitionGroups"), kGroup, report);
}

}  // namespace redoubt::policy::detail

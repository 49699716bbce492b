#include "policy/detail/lint_checks.h"
#include "policy/detail/shape.h"

// Members of a wrong JSON type that compile() does not look at. Azure Policy refuses the definition.

namespace redoubt::policy::detail {

using doc::Member;
using doc::Value;

namespace {

// Sources: the JSON schema of Azure Policy definitions, and the page of each effect.
constexpr ShapeRow kDefinition[] = {{"displayName", "text", is_text},
                                    {"description", "text", is_text},
                                    {"policyType", "text", is_text},
                                    {"version", "text", is_text},
                                    {"metadata", "an object", is_object}};
constexpr ShapeRow kMetadata[] = {{"category", "text", is_text},
                                  {"version", "text", is_text},
                                  {"severity", "text", is_text},
                                  {"deprecated", "a bool", is_flag, Severity::Warning}};
constexpr ShapeRow kParameter[] = {{"metadata", "an object", is_object}};
constexpr ShapeRow kThen[] = {{"details", "an object or a list", is_list_or_object}};
constexpr ShapeRow kDetails[] = {
    {"evaluationDelay", "text", is_text},     {"deploymentScope", "text", is_text},
    {"conflictEffect", "text", is_text},      {"defaultState", "text", is_text},
    {"roleDefinitionIds", "a list", is_list}, {"cascadeBehaviors", "an object", is_object},
    {"deployment", "an object", is_object}};
constexpr ShapeRow kDeployment[] = {{"location", "text", is_text}, {"properties", "an object", is_object}};
constexpr ShapeRow kDeploymentProperties[] = {
    {"mode", "text", is_text}, {"template", "an object", is_object}, {"parameters", "an object", is_object}};

}  // namespace

void check_types(const LintSubject& subject) {
  const auto check = [&](const Value* node, std::span<const ShapeRow> rows) {
    if (node == nullptr) return;
    check_shape(*node, rows, [&](Severity severity, std::string message, doc::Place place) {
      subject.report.add(severity, "POL0125", std::move(message), place);
    });
  };
  const Value& properties = subject.definition.properties;
  check(&properties, kDefinition);
  check(object_at(&properties, "metadata"), kMetadata);
  if (subject.parameters != nullptr)
    for (const Member& member : subject.parameters->members())
      check(&member.value, kParameter);
  if (subject.data_plane) return;
  check(subject.then, kThen);
  check(subject.details, kDetails);
  const Value* roles =
      subject.details == nullptr ? nullptr : subject.details->find_any_case("roleDefinitionIds");
  if (roles != nullptr && roles->is_array())
    for (const Value& role : roles->items())
      if (!role.is_string())
        subject.report.add(Severity::Error, "POL0125", "roleDefinitionIds must be a list of text",
                           role.place());
  const Value* deployment = object_at(subject.details, "deployment");
  check(deployment, kDeployment);
  check(object_at(deployment, "properties"), kDeploymentProperties);
}

}  // namespace redoubt::policy::detail

#include <fmt/format.h>

#include "arm/expression.h"
#include "core/text.h"
#include "policy/detail/lint_checks.h"

namespace redoubt::policy::detail {

using doc::Member;
using doc::Value;

namespace {

void names_in(const arm::Expression& expression, doc::Place place, std::map<std::string, doc::Place>& names) {
  for (const arm::Expression* argument : expression.arguments)
    names_in(*argument, place, names);
  if (expression.form != arm::Form::Parameters || expression.arguments.empty()) return;
  const arm::Expression& name = *expression.arguments[0];
  if (name.kind == arm::Expression::Kind::Literal && name.literal.is_string())
    names.emplace(lower(name.literal.as_string()), place);
}

/// Kept for assignments that still give it.
bool is_deprecated(const Value& declaration) {
  const Value* metadata = object_at(&declaration, "metadata");
  const Value* deprecated = metadata == nullptr ? nullptr : metadata->find_any_case("deprecated");
  return deprecated != nullptr && deprecated->is_bool() && deprecated->as_bool();
}

}  // namespace

void ParameterUses::visit(const Value& node, const Value* except) {
  walk(node, arm::Language::Policy, except);
}

void ParameterUses::visit_template(const Value& node) { walk(node, arm::Language::Arm, nullptr); }

void ParameterUses::walk(const Value& node, arm::Language language, const Value* except) {
  if (&node == except) return;
  if (node.is_string()) return text(node, language);
  if (node.is_array())
    for (const Value& item : node.items())
      walk(item, language, except);
  if (node.is_object())
    for (const Member& member : node.members())
      walk(member.value, language, except);
}

void ParameterUses::text(const Value& node, arm::Language language) {
  if (!arm::is_expression(node.as_string())) return;
  Arena arena;
  const Result<const arm::Expression*> expression = arm::parse_expression(arena, node.as_string(), language);
  if (!expression) {
    // compile() has said it already where it reads the expression.
    // What a template says shows only when it is deployed.
    const Severity severity = language == arm::Language::Policy ? Severity::Error : Severity::Warning;
    if (!report_.has("POL0004", node.place()))
      report_.add(severity, "POL0102", expression.error().message, node.place(), expression.error().hint);
    return;
  }
  if (language == arm::Language::Policy) names_in(**expression, node.place(), names_);
}

void ParameterUses::compare(const Value* declared) const {
  const bool any = declared != nullptr && declared->is_object();
  std::vector<std::string_view> known;
  if (any)
    for (const Member& member : declared->members())
      known.push_back(member.name);
  for (const auto& [name, place] : names_)
    if (!any || declared->find_any_case(name) == nullptr)
      report_.add(Severity::Error, "POL0101", fmt::format("this parameter is not declared: {}", name), place,
                  suggestion(name, known));
  if (!any) return;
  for (const Member& member : declared->members())
    if (names_.count(lower(member.name)) == 0 && !is_deprecated(member.value))
      report_.add(Severity::Hint, "POL0105", fmt::format("nothing uses the parameter {}", member.name),
                  member.value.place());
}

void check_uses(const LintSubject& subject) {
  if (subject.rule == nullptr) return;
  const Value* deployment = object_at(subject.details, "deployment");
  const Value* properties = object_at(deployment, "properties");
  const Value* body = properties == nullptr ? nullptr : properties->find_any_case("template");
  ParameterUses uses(subject.report);
  uses.visit(*subject.rule, body);
  if (body != nullptr) uses.visit_template(*body);
  uses.compare(subject.parameters);
}

}  // namespace redoubt::policy::detail

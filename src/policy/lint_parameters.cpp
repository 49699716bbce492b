#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "policy/detail/lint_checks.h"

namespace redoubt::policy::detail {

using doc::Member;
using doc::Value;

namespace {

/// Source: Azure Policy definition structure, parameters, "Parameter properties".
constexpr std::string_view kTypes[] = {"String",  "Array", "Object",  "Boolean",
                                       "Integer", "Float", "DateTime"};

bool is_one_of(const Value& value, const Value& list) {
  return std::any_of(list.items().begin(), list.items().end(),
                     [&](const Value& one) { return doc::equal(one, value); });
}

/// Each element of a list counts by itself. An empty list of allowed values allows all.
bool allowed(const Value& value, const Value& list) {
  if (list.size() == 0 || is_one_of(value, list)) return true;
  return value.is_array() && std::all_of(value.items().begin(), value.items().end(),
                                         [&](const Value& item) { return is_one_of(item, list); });
}

void check_type(std::string_view name, const Value& declaration, LintReport& report) {
  const Value* type = declaration.find_any_case("type");
  const std::string_view text = type != nullptr && type->is_string() ? type->as_string() : std::string_view();
  if (std::any_of(std::begin(kTypes), std::end(kTypes),
                  [&](std::string_view known) { return equal_any_case(known, text); }))
    return;
  // compile() says it of a type that is no text.
  if (type != nullptr && !type->is_string() && !type->is_null()) return;
  report.add(Severity::Error, "POL0106",
             text.empty() ? fmt::format("the parameter {} has no type", name)
                          : fmt::format("the parameter {} has an unknown type: {}", name, text),
             (type == nullptr ? declaration : *type).place(), suggestion(text, kTypes));
}

void check_values(std::string_view name, const Value& declaration, const LintSubject& subject) {
  const Value* list = declaration.find_any_case("allowedValues");
  if (list == nullptr || !list->is_array()) return;  // compile() says it of another type
  const bool is_list = equal_any_case(declaration.text_of("type").value_or(""), "array");
  const Member type[] = {{"type", Value::string(declaration.text_of("type").value_or(""))}};
  for (const Value& value : list->items())
    if (!is_list && !takes(Value::object(type), value, subject.options))
      subject.report.add(Severity::Warning, "POL0106",
                         fmt::format("an allowed value of {} is not of its type", name), value.place());
  const Value* value = declaration.find_any_case("defaultValue");
  if (value != nullptr && !value->is_null() && !allowed(*value, *list))
    subject.report.add(Severity::Warning, "POL0103",
                       fmt::format("the default of {} is none of its allowedValues", name), value->place());
}

}  // namespace

Result<void> takes(const Value& declaration, const Value& value, const CompileOptions& options) {
  const Value* allowed_values = declaration.find_any_case("allowedValues");
  std::vector<Member> kept;
  for (const Member& member : declaration.members())
    if (&member.value != allowed_values || allowed_values->size() != 0) kept.push_back(member);
  const Member names[] = {{"x", Value::object(kept)}};
  const Member condition[] = {{"field", Value::string("type")}, {"exists", Value::boolean(true)}};
  const Member effect[] = {{"effect", Value::string("audit")}};
  const Member rule[] = {{"if", Value::object(condition)}, {"then", Value::object(effect)}};
  const Member properties[] = {{"parameters", Value::object(names)}, {"policyRule", Value::object(rule)}};
  Definition definition;
  definition.properties = Value::object(properties);
  const Member given[] = {{"x", value}};
  const Result<Policy> compiled = compile(definition, Value::object(given), options);
  if (!compiled) return tl::unexpected(compiled.error());
  return {};
}

void check_parameters(const LintSubject& subject) {
  if (subject.parameters == nullptr) return;
  for (const Member& member : subject.parameters->members()) {
    if (!member.value.is_object()) continue;  // compile() says it
    check_type(member.name, member.value, subject.report);
    check_values(member.name, member.value, subject);
  }
}

}  // namespace redoubt::policy::detail

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "policy/detail/compiled_rule.h"
#include "policy/detail/lint_checks.h"
#include "policy/vocabulary.h"

namespace redoubt::policy::detail {

using doc::Member;
using doc::Value;

namespace {

/// What details must have for an effect. Source: Azure Policy definitions, the page of each effect.
struct NeededMember {
  Effect effect;
  std::string_view member;
  bool compiled;  ///< compile() asks for it, too, where the effect is written out
};
constexpr NeededMember kNeeded[] = {
    {Effect::AuditIfNotExists, "type", true},         {Effect::DeployIfNotExists, "type", true},
    {Effect::DeployIfNotExists, "deployment", false}, {Effect::Modify, "operations", true},
    {Effect::DenyAction, "actionNames", true},
};

/// The declaration of the parameter that the effect is, when it is `[parameters('x')]`.
const Value* effect_parameter(const LintSubject& subject, std::string_view effect) {
  static constexpr std::string_view kOpen = "[parameters('";
  if (!starts_with_any_case(effect, kOpen) || !effect.ends_with("')]")) return nullptr;
  const std::string_view name = effect.substr(kOpen.size(), effect.size() - kOpen.size() - 3);
  return object_at(subject.parameters, name);
}

/// The texts that may become the effect: the written one, or the parameter's default and allowed values.
std::vector<Value> candidates(const LintSubject& subject, const Value& effect) {
  const Value* parameter = effect_parameter(subject, effect.as_string());
  if (parameter == nullptr) return {};
  std::vector<Value> texts;
  if (const Value* value = parameter->find_any_case("defaultValue")) texts.push_back(*value);
  const Value* allowed = parameter->find_any_case("allowedValues");
  if (allowed != nullptr && allowed->is_array())
    texts.insert(texts.end(), allowed->items().begin(), allowed->items().end());
  std::erase_if(texts, [](const Value& text) { return !text.is_string(); });
  return texts;
}

void check_needed(const LintSubject& subject, Effect effect, bool written_out) {
  for (const NeededMember& needed : kNeeded) {
    if (needed.effect != effect || (needed.compiled && written_out)) continue;
    if (subject.details != nullptr && subject.details->find_any_case(needed.member) != nullptr) continue;
    subject.report.add(
        Severity::Warning, "POL0117",
        fmt::format("details has no {}, which the effect {} needs", needed.member, name_of(effect)),
        (subject.details == nullptr ? *subject.then : *subject.details).place(),
        "add it, or take the effect out of the allowed values");
  }
}

/// modify and deployIfNotExists act with rights that roleDefinitionIds names.
void check_roles(const LintSubject& subject) {
  if (subject.details == nullptr) return;
  const bool acts = subject.details->find_any_case("deployment") != nullptr ||
                    subject.details->find_any_case("operations") != nullptr;
  if (acts && subject.details->find_any_case("roleDefinitionIds") == nullptr)
    subject.report.add(Severity::Warning, "POL0104",
                       "details has no roleDefinitionIds: remediation will have no rights",
                       subject.details->place(), "name the roles its identity needs");
}

void check_passed(const Value* passed, const Value* declared, LintReport& report) {
  if (passed == nullptr) return;
  std::vector<std::string_view> names;
  if (declared != nullptr)
    for (const Member& member : declared->members())
      names.push_back(member.name);
  for (const Member& member : passed->members())
    if (declared == nullptr || declared->find_any_case(member.name) == nullptr)
      report.add(Severity::Warning, "POL0118",
                 fmt::format("the template of the deployment has no parameter {}", member.name),
                 member.value.place(), suggestion(member.name, names));
}

}  // namespace

void check_effects(const LintSubject& subject) {
  const Value* effect = subject.then == nullptr ? nullptr : subject.then->find_any_case("effect");
  if (effect == nullptr || !effect->is_string()) return;
  if (!subject.data_plane) check_roles(subject);
  if (const std::optional<Effect> written = find_effect(effect->as_string()))
    return check_needed(subject, *written, true);
  std::vector<Effect> possible;
  for (const Value& text : candidates(subject, *effect)) {
    const std::optional<Effect> named = find_effect(text.as_string());
    if (named) {
      if (std::find(possible.begin(), possible.end(), *named) == possible.end()) possible.push_back(*named);
      continue;
    }
    const std::vector<Word> words = effect_words();
    std::vector<std::string_view> names;
    names.reserve(words.size());
    for (const Word& word : words)
      names.push_back(word.name);
    subject.report.add(Severity::Error, "POL0116", fmt::format("unknown effect: {}", text.as_string()),
                       text.place(), suggestion(text.as_string(), names));
  }
  for (const Effect one : possible)
    check_needed(subject, one, false);
}

void check_deployment(const LintSubject& subject) {
  const Value* properties = object_at(object_at(subject.details, "deployment"), "properties");
  const Value* body = object_at(properties, "template");
  if (body == nullptr) return;
  const Value* passed = object_at(properties, "parameters");
  const Value* declared = object_at(body, "parameters");
  check_passed(passed, declared, subject.report);
  if (declared == nullptr) return;
  for (const Member& member : declared->members()) {
    const bool optional = member.value.find_any_case("defaultValue") != nullptr ||
                          member.value.find_any_case("nullable") != nullptr;
    if (optional || (passed != nullptr && passed->find_any_case(member.name) != nullptr)) continue;
    subject.report.add(Severity::Warning, "POL0118",
                       fmt::format("the deployment gives its template no value for {}", member.name),
                       member.value.place(), "pass it in deployment.properties.parameters");
  }
}

}  // namespace redoubt::policy::detail

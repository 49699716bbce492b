#include <fmt/format.h>

#include <set>

#include "core/text.h"
#include "policy/detail/lint_checks.h"
#include "policy/lint.h"

namespace redoubt::policy {

using doc::Member;
using doc::Value;

namespace detail {

namespace {

/// Checks the references of one initiative one by one.
class ReferenceChecks {
 public:
  ReferenceChecks(const Initiative& initiative, const Library& library, LintReport& report)
      : initiative_(initiative), library_(library), report_(report) {
    options_.origins = &origins_;
    declared_ = object_at(&initiative.properties, "parameters");
    const Value* groups = initiative.properties.find_any_case("policyDefinitionGroups");
    if (groups == nullptr || !groups->is_array()) return;
    for (const Value& group : groups->items())
      groups_.insert(lower(group.text_of("name").value_or("")));
  }

  void run() {
    for (const Reference& reference : initiative_.references) {
      identity(reference);
      const Definition* definition = library_.find_definition(reference);
      if (definition == nullptr) {
        if (!reference.definition_id.empty())
          report_.add(Severity::Warning, "POL0113",
                      fmt::format("the definition is not at hand: {}", reference.definition_name),
                      reference.place, "give the file that holds it, too");
      } else if (pins_another_major(reference, *definition)) {
        // The pinned version may well have other parameters than the one at hand.
        report_.add(Severity::Warning, "POL0115",
                    fmt::format("{} is pinned to {}, at hand is {}", reference.definition_name,
                                reference.definition_version, definition->version),
                    reference.place);
      } else {
        parameters(reference, object_at(&definition->properties, "parameters"));
      }
    }
  }

 private:
  void identity(const Reference& reference) {
    if (reference.definition_id.empty())
      report_.add(Severity::Error, "POL0123", "the reference has no policyDefinitionId", reference.place,
                  "give the id of the definition");
    if (!reference.reference_id.empty() && !ids_.insert(lower(reference.reference_id)).second)
      report_.add(Severity::Error, "POL0111",
                  fmt::format("the reference id stands twice: {}", reference.reference_id), reference.place);
    for (const std::string& group : reference.groups)
      if (groups_.count(lower(group)) == 0)
        report_.add(Severity::Warning, "POL0114", fmt::format("the initiative has no group {}", group),
                    reference.place);
  }

  void parameters(const Reference& reference, const Value* wanted) {
    std::vector<std::string_view> names;
    if (wanted != nullptr)
      for (const Member& member : wanted->members()) {
        names.push_back(member.name);
        if (member.value.find_any_case("defaultValue") == nullptr &&
            reference.parameters.find_any_case(member.name) == nullptr)
          report_.add(
              Severity::Error, "POL0122",
              fmt::format("the definition {} needs a value for {}", reference.definition_name, member.name),
              reference.place, "give one in parameters, or pass on a parameter of the initiative");
      }
    if (!reference.parameters.is_object()) return;
    for (const Member& member : reference.parameters.members()) {
      const Value* declaration = object_at(wanted, member.name);
      if (declaration != nullptr)
        value(member, *declaration);
      else
        report_.add(
            Severity::Error, "POL0112",
            fmt::format("the definition {} has no parameter {}", reference.definition_name, member.name),
            member.value.place(), suggestion(member.name, names));
    }
  }

  /// The value that a reference gives, or the default of the initiative's parameter that it passes on.
  void value(const Member& given, const Value& declaration) {
    const Value* value = given.value.find_any_case("value");
    if (value == nullptr) return;
    const Value* passed = passed_on(*value);
    if (passed != nullptr) value = passed->find_any_case("defaultValue");
    if (value == nullptr || (passed == nullptr && has_expression(*value))) return;
    const Result<void> fits = takes(declaration, *value, options_);
    if (fits) return;
    const bool is_default = passed != nullptr;
    report_.add(is_default ? Severity::Warning : Severity::Error, "POL0121",
                fmt::format("the definition's parameter {} does not take this {}", given.name,
                            is_default ? "default" : "value"),
                value->place(), "see type and allowedValues in the definition");
  }

  /// The declaration of the initiative's parameter when the value is `[parameters('x')]`.
  const Value* passed_on(const Value& value) const {
    static constexpr std::string_view kOpen = "[parameters('";
    if (!value.is_string()) return nullptr;
    const std::string_view text = value.as_string();
    if (!starts_with_any_case(text, kOpen) || !text.ends_with("')]")) return nullptr;
    return object_at(declared_, text.substr(kOpen.size(), text.size() - kOpen.size() - 3));
  }

  static bool has_expression(const Value& value) {
    if (value.is_string()) return value.as_string().starts_with('[');
    for (std::size_t i = 0; i < (value.is_container() ? value.size() : 0); ++i)
      if (has_expression(value.is_array() ? value.items()[i] : value.members()[i].value)) return true;
    return false;
  }

  const Initiative& initiative_;
  const Library& library_;
  LintReport& report_;
  arm::Origins origins_;
  CompileOptions options_;
  const Value* declared_ = nullptr;
  std::set<std::string> groups_;  // lower case
  std::set<std::string> ids_;     // lower case
};

}  // namespace

}  // namespace detail

std::vector<Diagnostic> lint(const Initiative& initiative, const Library& library,
                             const doc::Sources& sources) {
  detail::LintReport report(sources, initiative.place);
  detail::ReferenceChecks(initiative, library, report).run();
  detail::ParameterUses uses(report);
  for (const Reference& reference : initiative.references)
    uses.visit(reference.parameters);
  const Value* declared = detail::object_at(&initiative.properties, "parameters");
  for (const Reference& reference : initiative.references) {
    const Definition* definition = reference.relation ? library.find_definition(reference) : nullptr;
    const Value* own =
        definition == nullptr ? nullptr : detail::object_at(&definition->properties, "parameters");
    if (own == nullptr || declared == nullptr) continue;
    for (const Member& member : own->members())
      if (declared->find_any_case(member.name) != nullptr) uses.note(member.name, reference.place);
  }
  uses.compare(declared);
  detail::check_members(initiative, report);
  return report.take();
}

}  // namespace redoubt::policy

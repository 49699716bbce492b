#include "policy/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "arm/expression.h"
#include "core/text.h"

namespace redoubt::policy {

using doc::Member;
using doc::Value;

namespace {

using Add =
    std::function<void(Severity, std::string_view code, std::string message, doc::Place, std::string hint)>;

/// The first text equal to `wanted` below `node`.
doc::Place place_of_text(const Value& node, std::string_view wanted) {
  if (node.is_string())
    return node.as_string().find(wanted) != std::string_view::npos ? node.place() : doc::Place{};
  for (std::size_t i = 0; i < (node.is_container() ? node.size() : 0); ++i)
    if (const doc::Place found =
            place_of_text(node.is_array() ? node.items()[i] : node.members()[i].value, wanted))
      return found;
  return {};
}

/// Parameters that expressions of a tree ask for by name; texts that can't be parsed are reported.
class ParameterUses {
 public:
  ParameterUses(const Add& add, bool report_syntax) : add_(add), report_syntax_(report_syntax) {}

  void visit(const Value& node) {
    if (node.is_string()) return text(node);
    if (node.is_array())
      for (const Value& item : node.items())
        visit(item);
    if (node.is_object())
      for (const Member& member : node.members())
        visit(member.value);
  }

  /// By lower-case name, where each is first used.
  const std::map<std::string, doc::Place>& names() const { return names_; }

 private:
  void text(const Value& node) {
    if (!arm::is_expression(node.as_string())) return;
    Arena arena;
    const Result<const arm::Expression*> expression =
        arm::parse_expression(arena, node.as_string(), arm::Language::Policy);
    if (expression) return calls(**expression, node.place());
    if (report_syntax_)
      add_(Severity::Error, "POL0102", expression.error().message, node.place(), expression.error().hint);
  }

  void calls(const arm::Expression& expression, doc::Place place) {
    for (const arm::Expression* argument : expression.arguments)
      calls(*argument, place);
    if (expression.form != arm::Form::Parameters) return;
    const arm::Expression& name = *expression.arguments[0];
    if (name.kind == arm::Expression::Kind::Literal && name.literal.is_string())
      names_.emplace(lower(name.literal.as_string()), place);
  }

  const Add& add_;
  bool report_syntax_;
  std::map<std::string, doc::Place> names_;
};

std::string suggestion(std::string_view word, const Value* declared) {
  std::vector<std::string_view> names;
  if (declared != nullptr && declared->is_object())
    for (const Member& member : declared->members())
      names.push_back(member.name);
  const auto near = closest(word, names);
  return near ? fmt::format("did you mean {}?", *near) : std::string();
}

void check_uses(const std::map<std::string, doc::Place>& uses, const Value* declared, const Add& add) {
  for (const auto& [name, place] : uses)
    if (declared == nullptr || declared->find_any_case(name) == nullptr)
      add(Severity::Error, "POL0101", fmt::format("this parameter is not declared: {}", name), place,
          suggestion(name, declared));
  if (declared == nullptr || !declared->is_object()) return;
  for (const Member& member : declared->members())
    if (uses.count(lower(member.name)) == 0)
      add(Severity::Hint, "POL0105", fmt::format("nothing uses the parameter {}", member.name),
          member.value.place(), {});
}

void check_defaults(const Value* declared, const Add& add) {
  if (declared == nullptr || !declared->is_object()) return;
  for (const Member& member : declared->members()) {
    const Value* value = member.value.find_any_case("defaultValue");
    const Value* allowed = member.value.find_any_case("allowedValues");
    if (value == nullptr || allowed == nullptr || !allowed->is_array() || value->is_container()) continue;
    const bool listed = std::any_of(allowed->items().begin(), allowed->items().end(),
                                    [&](const Value& one) { return doc::equal(one, *value); });
    if (!listed)
      add(Severity::Warning, "POL0103",
          fmt::format("the default of {} is none of its allowedValues", member.name), value->place(), {});
  }
}

/// deployIfNotExists and modify act with rights that roleDefinitionIds names.
void check_roles(const Value& then, const Add& add) {
  const Value* details = then.find_any_case("details");
  if (details == nullptr || !details->is_object()) return;
  const bool acts =
      details->find_any_case("deployment") != nullptr || details->find_any_case("operations") != nullptr;
  if (acts && details->find_any_case("roleDefinitionIds") == nullptr)
    add(Severity::Warning, "POL0104", "details has no roleDefinitionIds: remediation will have no rights",
        details->place(), "name the roles its identity needs");
}

Add adder(std::vector<Diagnostic>& out, const doc::Sources& sources, doc::Place fallback) {
  return [&out, &sources, fallback](Severity severity, std::string_view code, std::string message,
                                    doc::Place place, std::string hint) {
    out.push_back({severity, std::string(code), std::move(message), sources.where(place ? place : fallback),
                   std::move(hint)});
  };
}

}  // namespace

std::vector<Diagnostic> lint(const Definition& definition, const CompileOptions& options,
                             const doc::Sources& sources) {
  std::vector<Diagnostic> out;
  const Add add = adder(out, sources, definition.place);
  CompileOptions with_sources = options;
  with_sources.sources = &sources;
  const Result<Policy> policy = compile(definition, Value::object({}), with_sources);
  if (!policy) {
    Diagnostic diagnostic = to_diagnostic(policy.error());
    if (diagnostic.where.line == 0) diagnostic.where = sources.where(definition.place);
    out.push_back(std::move(diagnostic));
  }
  const Value* rule = definition.properties.find_any_case("policyRule");
  if (rule == nullptr || !rule->is_object()) return out;
  if (policy)
    for (const std::string& alias : policy->guessed_aliases())
      add(Severity::Warning, "POL0301", fmt::format("no list has this alias: {}", alias),
          place_of_text(*rule, alias), [&] {
            const std::vector<std::string> near = options.aliases->closest_names(alias, 1);
            return near.empty() ? std::string("give newer aliases with --aliases")
                                : fmt::format("did you mean {}?", near[0]);
          }());
  const Value* declared = definition.properties.find_any_case("parameters");
  ParameterUses uses(add, policy.has_value());
  if (const Value* condition = rule->find_any_case("if")) uses.visit(*condition);
  // The template inside has a language and parameters of its own; around it the policy's expressions stand.
  ParameterUses loose(add, false);
  if (const Value* then = rule->find_any_case("then")) {
    loose.visit(*then);
    check_roles(*then, add);
  }
  std::map<std::string, doc::Place> all = uses.names();
  all.insert(loose.names().begin(), loose.names().end());
  std::map<std::string, doc::Place> certain = uses.names();
  check_uses(
      certain, declared,
      [&](Severity severity, std::string_view code, std::string message, doc::Place place, std::string hint) {
        if (severity == Severity::Error) add(severity, code, std::move(message), place, std::move(hint));
      });
  check_uses(
      all, declared,
      [&](Severity severity, std::string_view code, std::string message, doc::Place place, std::string hint) {
        if (severity == Severity::Hint) add(severity, code, std::move(message), place, std::move(hint));
      });
  check_defaults(declared, add);
  return out;
}

std::vector<Diagnostic> lint(const Initiative& initiative, const Library& library,
                             const doc::Sources& sources) {
  std::vector<Diagnostic> out;
  const Add add = adder(out, sources, initiative.place);
  const Value* declared = initiative.properties.find_any_case("parameters");
  const Value* groups = initiative.properties.find_any_case("policyDefinitionGroups");
  ParameterUses uses(add, true);
  std::set<std::string> ids;
  for (const Reference& reference : initiative.references) {
    uses.visit(reference.parameters);
    if (!reference.reference_id.empty() && !ids.insert(lower(reference.reference_id)).second)
      add(Severity::Error, "POL0111",
          fmt::format("the reference id stands twice: {}", reference.reference_id), reference.place, {});
    for (const std::string& group : reference.groups) {
      const bool known = groups != nullptr && groups->is_array() &&
                         std::any_of(groups->items().begin(), groups->items().end(), [&](const Value& one) {
                           return equal_any_case(one.text_of("name").value_or(""), group);
                         });
      if (!known)
        add(Severity::Warning, "POL0114", fmt::format("the initiative has no group {}", group),
            reference.place, {});
    }
    const Definition* definition = library.find_definition(reference);
    if (definition == nullptr) {
      add(Severity::Warning, "POL0113",
          fmt::format("the definition is not at hand: {}", reference.definition_name), reference.place,
          "give the file that holds it, too");
      continue;
    }
    // The pinned version may well have other parameters than the one at hand.
    if (pins_another_major(reference, *definition)) {
      add(Severity::Warning, "POL0115",
          fmt::format("{} is pinned to {}, at hand is {}", reference.definition_name,
                      reference.definition_version, definition->version),
          reference.place, {});
      continue;
    }
    const Value* parameters = definition->properties.find_any_case("parameters");
    if (reference.parameters.is_object())
      for (const Member& member : reference.parameters.members())
        if (parameters == nullptr || parameters->find_any_case(member.name) == nullptr)
          add(Severity::Error, "POL0112",
              fmt::format("the definition {} has no parameter {}", reference.definition_name, member.name),
              member.value.place(), suggestion(member.name, parameters));
  }
  check_uses(uses.names(), declared, add);
  return out;
}

}  // namespace redoubt::policy

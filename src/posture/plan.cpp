#include "posture/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "arm/expand.h"
#include "core/text.h"
#include "doc/json.h"
#include "posture/relations/checks.h"

namespace redoubt::posture {

using doc::Member;
using doc::Value;

namespace {

AssignedPolicy unusable(const policy::Assignment& assignment, std::string_view reference,
                        std::string_view definition, std::string why) {
  AssignedPolicy pair;
  pair.assignment = &assignment;
  pair.reference_id = reference;
  pair.definition = definition;
  pair.problem = std::move(why);
  return pair;
}

/// One line an assignment: a set may lack hundreds.
void tell_missing(const policy::Assignment& assignment, const std::vector<std::string_view>& missing,
                  std::vector<Diagnostic>& diagnostics) {
  static constexpr std::size_t kShown = 3;
  if (missing.empty()) return;
  const std::size_t shown = std::min(kShown, missing.size());
  std::string names = join(std::span(missing).first(shown), ", ");
  if (missing.size() > shown) names += fmt::format(" and {} more", missing.size() - shown);
  const std::string what = missing.size() == 1
                               ? std::string("its definition is not at hand")
                               : fmt::format("{} of its definitions are not at hand", missing.size());
  diagnostics.push_back({Severity::Warning,
                         "POS0001",
                         fmt::format("the assignment {}: {}: {}", assignment.name, what, names),
                         {},
                         "give the files that hold them with --policy"});
}

}  // namespace

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
  add(definition, given, std::string_view());
}

PlannedPolicy& Plan::add(const policy::Definition& definition, const Value& parameters,
                         std::string_view effect) {
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
  PlannedPolicy*& planned = by_key_[fmt::format("{}\n{}\n{}", lower(definition.name), lower(effect), key)];
  if (planned == nullptr) {
    policies_.emplace_back();
    planned = &policies_.back();
    planned->number = static_cast<std::uint32_t>(policies_.size() - 1);
    planned->definition = &definition;
    planned->parameters = parameters;
    planned->parameters_key = key;
    planned->effect = effect;
  }
  return *planned;
}

Value Plan::initiative_parameters(const policy::Initiative& initiative, const Value& given) {
  std::vector<Member> members;
  const auto members_of = [](const Value* node) {
    return node != nullptr && node->is_object() ? node->members() : std::span<const Member>();
  };
  for (const Member& member : members_of(initiative.properties.find_any_case("parameters"))) {
    const Value* value = given.find_any_case(member.name);
    if (value == nullptr) value = member.value.find_any_case("defaultValue");
    const Value unset = origins_.unknown(
        doc::UnknownType::Any, fmt::format("policy parameter {} not set", member.name), false, true);
    members.push_back({member.name, value == nullptr ? unset : *value});
  }
  // Of relation checks alone: what is not given is as their definitions have it.
  for (const Member& member : members_of(policy::relation_parameters(initiative)))
    if (const Value* value = given.find_any_case(member.name)) members.push_back({member.name, *value});
  return doc::make_object(arena_, members);
}

/// What the initiative's parameters give a relation check. An effect that such a check can't have (Deny) says
/// that the check is at work, which it is by default.
Value Plan::shared_parameters(const policy::Definition& definition, const Value& initiative_parameters) {
  std::vector<Member> members;
  const Value* declared = definition.properties.find_any_case("parameters");
  if (declared == nullptr || !declared->is_object()) return Value::object({});
  for (const Member& member : declared->members()) {
    const Value* value = initiative_parameters.find_any_case(member.name);
    if (value == nullptr) continue;
    const bool refused = equal_any_case(member.name, "effect") && value->is_string() &&
                         !equal_any_case(value->as_string(), "Disabled");
    if (!refused) members.push_back({member.name, *value});
  }
  return doc::make_object(arena_, members);
}

Result<Value> Plan::reference_parameters(const policy::Reference& reference,
                                         const policy::Definition& definition,
                                         const Value& initiative_parameters) {
  if (reference.relation) return shared_parameters(definition, initiative_parameters);
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
    const Result<Value> values = reference_parameters(reference, *definition, parameters);
    if (!values) {
      Diagnostic diagnostic = to_diagnostic(values.error());
      diagnostic.message =
          fmt::format("parameters of the reference {}: {}", reference.reference_id, diagnostic.message);
      diagnostics.push_back(std::move(diagnostic));
      continue;
    }
    PlannedPolicy& planned = add(*definition, *values, std::string_view());
    planned.initiatives.push_back({initiative.name, reference.reference_id});
    planned.version_mismatch = planned.version_mismatch || policy::pins_another_major(reference, *definition);
  }
}

namespace {

/// Notes what kind of values its policies are given.
void note_pin(const policy::Reference& reference, const policy::Definition& definition,
              AssignedPolicy& pair) {
  pair.version_mismatch = policy::pins_another_major(reference, definition);
  const auto note = [&](PlannedPolicy& planned) {
    planned.assigned = true;
    planned.version_mismatch = planned.version_mismatch || pair.version_mismatch;
  };
  note(*pair.policy);
  for (const auto& [one, planned] : pair.overridden)
    note(*planned);
}

}  // namespace

/// The pair of one reference, with the overrides that reach it.
AssignedPolicy Plan::assigned(const policy::Assignment& assignment, const policy::Definition& definition,
                              const Value& parameters, std::string reference_id) {
  AssignedPolicy out;
  out.assignment = &assignment;
  out.reference_id = std::move(reference_id);
  out.definition = definition.name;
  std::string_view effect;
  for (const policy::Override& one : assignment.overrides) {
    if (one.kind != policy::Override::Kind::PolicyEffect) continue;
    bool by_resource = false;
    bool reaches = true;
    for (const policy::Selector& selector : one.selectors) {
      if (selector.kind == policy::Selector::Kind::PolicyDefinitionReferenceId)
        reaches =
            reaches && policy::matches({selector}, {.reference_id = out.reference_id}) == policy::Match::Yes;
      else
        by_resource = true;
    }
    if (!reaches) continue;
    if (!by_resource) {
      effect = one.value;
      break;
    }
    out.overridden.emplace_back(&one, &add(definition, parameters, one.value));
  }
  out.policy = &add(definition, parameters, effect);
  return out;
}

std::vector<AssignedPolicy> Plan::add(const policy::Assignment& assignment, const policy::Library& library,
                                      std::vector<Diagnostic>& diagnostics) {
  std::vector<AssignedPolicy> out;
  std::vector<std::string_view> missing;
  const auto not_at_hand = [&](std::string_view reference, std::string_view definition) {
    out.push_back(unusable(assignment, reference, definition,
                           fmt::format("its definition is not at hand: {}", definition)));
    if (std::find(missing.begin(), missing.end(), definition) == missing.end()) missing.push_back(definition);
  };
  const policy::Initiative* initiative = library.initiative_named(assignment.definition_name());
  if (!assignment.of_initiative()) {
    if (const policy::Definition* definition = library.find_definition(assignment.definition_name())) {
      out.push_back(assigned(assignment, *definition, assignment.parameters, {}));
      note_pin({.definition_version = assignment.definition_version}, *definition, out.back());
    } else {
      not_at_hand({}, assignment.definition_name());
    }
  } else if (initiative == nullptr) {
    not_at_hand({}, assignment.definition_name());
  } else {
    const Value parameters = initiative_parameters(*initiative, assignment.parameters);
    for (const policy::Reference& reference : initiative->references) {
      if (const policy::Definition* definition = library.find_definition(reference))
        out.push_back(of_reference(assignment, *initiative, reference, *definition, parameters, diagnostics));
      else
        not_at_hand(reference.reference_id, reference.definition_name);
    }
  }
  tell_missing(assignment, missing, diagnostics);
  return out;
}

AssignedPolicy Plan::of_reference(const policy::Assignment& assignment, const policy::Initiative& initiative,
                                  const policy::Reference& reference, const policy::Definition& definition,
                                  const Value& parameters, std::vector<Diagnostic>& diagnostics) {
  const Result<Value> values = reference_parameters(reference, definition, parameters);
  if (!values) {
    std::string text =
        fmt::format("parameters of the reference {}: {}", reference.reference_id, values.error().message);
    diagnostics.push_back({Severity::Warning,
                           "POS0004",
                           fmt::format("the assignment {}: {}", assignment.name, text),
                           {},
                           values.error().hint});
    return unusable(assignment, reference.reference_id, definition.name, std::move(text));
  }
  AssignedPolicy pair = assigned(assignment, definition, *values, reference.reference_id);
  note_pin(reference, definition, pair);
  pair.policy->initiatives.push_back({initiative.name, reference.reference_id});
  return pair;
}

void Plan::compile(const policy::CompileOptions& options) {
  for (PlannedPolicy& planned : policies_) {
    policy::CompileOptions own = options;
    own.effect = planned.effect;
    own.find_relation = find_relation;
    using policy::CompileOptions;
    if (planned.assigned)
      own.allowed_values = planned.version_mismatch ? CompileOptions::AllowedValues::Any
                                                    : CompileOptions::AllowedValues::AnyCase;
    Result<policy::Policy> compiled = policy::compile(*planned.definition, planned.parameters, own);
    if (compiled) {
      planned.objects = DataPlaneObjects(*compiled);
      planned.compiled = std::move(*compiled);
    } else {
      planned.error = std::move(compiled).error();
    }
  }
}

std::vector<Diagnostic> Plan::guessed_aliases(const policy::AliasCatalogue& aliases,
                                              const doc::Sources& sources) const {
  std::map<std::string, const policy::Definition*> guessed;
  for (const PlannedPolicy& planned : policies_)
    if (planned.compiled)
      for (const std::string& alias : planned.compiled->guessed_aliases())
        guessed.emplace(alias, planned.definition);
  std::vector<Diagnostic> out;
  for (const auto& [alias, definition] : guessed) {
    const std::vector<std::string> near = aliases.closest_names(alias, 1);
    out.push_back({Severity::Warning, "POL0301",
                   fmt::format("no list has this alias, its path is guessed: {}", alias),
                   sources.where(definition->place),
                   near.empty() ? "give `az provider list --expand resourceTypes/aliases` with --aliases"
                                : fmt::format("did you mean {}?", near[0])});
  }
  return out;
}

}  // namespace redoubt::posture

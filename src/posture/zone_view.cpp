#include "posture/zone_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "core/text.h"
#include "doc/json.h"

namespace redoubt::posture {

using doc::JsonWriter;
using doc::Value;

namespace {

void write_counts(JsonWriter& json, const EffectCounts& counts) {
  json.begin_object();
  for (const auto& [effect, number] : counts)
    json.key(effect).integer(static_cast<std::int64_t>(number));
  json.end_object();
}

void write_assignment(JsonWriter& json, const policy::Assignment& assignment, const AssignedPlan& plan) {
  json.begin_object().key("name").text(assignment.name).key("displayName").text(assignment.display_name);
  json.key("id").text(assignment.id).key("definition").text(assignment.definition_name());
  json.key("at").text(estate::management_group_name(assignment.scope).empty()
                          ? std::string_view(assignment.scope)
                          : estate::management_group_name(assignment.scope));
  json.key("enforcementMode").text(assignment.enforced ? "Default" : "DoNotEnforce");
  json.key("references").integer(static_cast<std::int64_t>(plan.pairs_of(assignment).size()));
  json.end_object();
}

void write_exemption(JsonWriter& json, const policy::Exemption& exemption) {
  json.begin_object().key("name").text(exemption.name).key("id").text(exemption.id);
  json.key("at").text(exemption.scope).key("assignmentId").text(exemption.assignment_id);
  json.key("category").text(exemption.category).key("referenceIds").begin_array();
  for (const std::string& reference : exemption.reference_ids)
    json.text(reference);
  json.end_array();
  if (exemption.expires_on) json.key("expiresOn").text(to_text(*exemption.expires_on));
  json.end_object();
}

void write_view(JsonWriter& json, const ZoneView& view, const AssignedPlan& plan) {
  json.key("scope").text(view.scope->name).key("id").text(view.scope->id);
  json.key("displayName").text(view.scope->display_name).key("parents").begin_array();
  for (const std::string& parent : view.parents)
    json.text(parent);
  json.end_array().key("assignments").begin_array();
  for (const policy::Assignment* assignment : view.assignments)
    write_assignment(json, *assignment, plan);
  json.end_array().key("exemptions").begin_array();
  for (const policy::Exemption* exemption : view.exemptions)
    write_exemption(json, *exemption);
  json.end_array().key("counts").begin_object();
  json.key("pairs").integer(static_cast<std::int64_t>(view.pairs));
  json.key("definitions").integer(static_cast<std::int64_t>(view.definitions));
  json.key("byEffect").begin_object().key("Default");
  write_counts(json, view.enforced);
  json.key("DoNotEnforce");
  write_counts(json, view.not_enforced);
  json.end_object().end_object();
}

std::string effects_text(const EffectCounts& counts) {
  std::string out;
  for (const auto& [effect, number] : counts)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", number, effect);
  return out.empty() ? "none" : out;
}

std::string shown_scope(std::string_view scope) {
  const std::string_view group = estate::management_group_name(scope);
  return std::string(group.empty() ? scope : group);
}

std::string shown(const Value* value) {
  if (value == nullptr) return "nothing";
  return value->is_unknown() || doc::contains_unknown(*value) ? std::string("a value that is not set")
                                                              : doc::to_json(*value);
}

/// The name of the parameter that the rule's effect is, or empty.
std::string effect_parameter(const policy::Definition& definition) {
  const Value* rule = definition.properties.find_any_case("policyRule");
  const Value* then = rule == nullptr ? nullptr : rule->find_any_case("then");
  const Value* effect = then == nullptr ? nullptr : then->find_any_case("effect");
  if (effect == nullptr || !effect->is_string()) return {};
  const std::string_view text = effect->as_string();
  constexpr std::string_view kOpen = "[parameters('";
  if (!starts_with_any_case(text, kOpen) || !text.ends_with("')]")) return {};
  return std::string(text.substr(kOpen.size(), text.size() - kOpen.size() - 3));
}

const Value* declared(const Value& properties, std::string_view parameter) {
  const Value* parameters = properties.find_any_case("parameters");
  const Value* one = parameters == nullptr ? nullptr : parameters->find_any_case(parameter);
  return one == nullptr ? nullptr : one->find_any_case("defaultValue");
}

/// The reference of an initiative, as it is written.
const policy::Reference* reference_of(const Zone& zone, const AssignedPolicy& pair) {
  const policy::Initiative* initiative = zone.library().initiative_named(pair.assignment->definition_name());
  if (initiative == nullptr) return nullptr;
  for (const policy::Reference& reference : initiative->references)
    if (equal_any_case(reference.reference_id, pair.reference_id)) return &reference;
  return nullptr;
}

WhyInForce explained(const Zone& zone, const AssignedPolicy& pair) {
  WhyInForce out;
  out.pair = &pair;
  out.effect = effect_of(pair);
  const policy::Assignment& assignment = *pair.assignment;
  out.steps.push_back(fmt::format("the assignment {} at {}, enforcementMode {}", assignment.name,
                                  shown_scope(assignment.scope),
                                  assignment.enforced ? "Default" : "DoNotEnforce"));
  if (pair.policy == nullptr) {
    out.steps.push_back(pair.problem);
    return out;
  }
  const policy::Definition& definition = *pair.policy->definition;
  const std::string parameter = effect_parameter(definition);
  if (assignment.of_initiative()) {
    out.steps.push_back(
        fmt::format("the initiative {}, reference {}", assignment.definition_name(), pair.reference_id));
    for (const doc::Member& member : assignment.parameters.members())
      out.steps.push_back(fmt::format("the assignment sets {} = {}", member.name, shown(&member.value)));
    const policy::Reference* reference = reference_of(zone, pair);
    const Value* passed =
        reference == nullptr || parameter.empty() ? nullptr : reference->parameters.find_any_case(parameter);
    if (passed != nullptr)
      out.steps.push_back(
          fmt::format("the reference passes {} = {}", parameter, shown(passed->find_any_case("value"))));
  } else if (const Value* set =
                 parameter.empty() ? nullptr : assignment.parameters.find_any_case(parameter)) {
    out.steps.push_back(fmt::format("the assignment sets {} = {}", parameter, shown(set)));
  }
  if (parameter.empty())
    out.steps.emplace_back("the definition writes its effect itself");
  else if (pair.policy->parameters.find_any_case(parameter) == nullptr)
    out.steps.push_back(fmt::format("the definition's default of {} is {}", parameter,
                                    shown(declared(definition.properties, parameter))));
  if (!pair.policy->effect.empty())
    out.steps.push_back(fmt::format("an override of the assignment makes it {}", pair.policy->effect));
  for (const auto& [one, planned] : pair.overridden)
    out.steps.push_back(
        fmt::format("an override makes it {} for resources that its selectors fit", one->value));
  return out;
}

}  // namespace

std::string effect_of(const AssignedPolicy& pair) {
  if (pair.policy == nullptr) return "missing";
  if (!pair.policy->compiled) return "error";
  const std::string_view effect = pair.policy->compiled->known_effect();
  return effect.empty() ? "unknown" : lower(effect);
}

ZoneView view_at(const Zone& zone, const AssignedPlan& plan, const estate::ScopeNode& scope) {
  ZoneView out;
  out.scope = &scope;
  std::vector<std::string> chain = zone.tree().chain(scope.id);
  for (std::size_t i = 1; i < chain.size(); ++i)
    if (const estate::ScopeNode* parent = zone.tree().find(chain[i])) out.parents.push_back(parent->name);
  const policy::InForce& in_force = plan.index().at(scope.id);
  const PairsInForce& here = plan.at(in_force);
  out.assignments = in_force.assignments;
  for (const policy::Assignment* assignment : in_force.assignments)
    for (const policy::Exemption* exemption : in_force.exemptions_of(*assignment))
      out.exemptions.push_back(exemption);
  std::set<std::string> definitions;
  for (const AssignedPolicy* pair : here.pairs) {
    ++(pair->assignment->enforced ? out.enforced : out.not_enforced)[effect_of(*pair)];
    definitions.insert(lower(pair->definition));
  }
  out.pairs = here.pairs.size();
  out.definitions = definitions.size();
  return out;
}

std::vector<WhyInForce> why(const Zone& zone, const AssignedPlan& plan, const estate::ScopeNode& scope,
                            std::string_view definition) {
  const std::string_view name = definition.substr(definition.rfind('/') + 1);
  std::vector<WhyInForce> out;
  for (const AssignedPolicy* pair : plan.at(plan.index().at(scope.id)).pairs) {
    const bool asked =
        equal_any_case(pair->definition, name) || equal_any_case(pair->reference_id, definition) ||
        (pair->policy != nullptr && equal_ignore_case(pair->policy->definition->display_name, definition));
    if (asked) out.push_back(explained(zone, *pair));
  }
  return out;
}

std::vector<std::string_view> names_of_definitions(const AssignedPlan& plan) {
  std::set<std::string_view> out;
  for (const auto& [assignment, pairs] : plan.pairs()) {
    for (const AssignedPolicy& pair : pairs) {
      out.insert(pair.definition);
      out.insert(pair.reference_id);
      if (pair.policy != nullptr) out.insert(pair.policy->definition->display_name);
    }
  }
  out.erase(std::string_view());
  return {out.begin(), out.end()};
}

std::string zone_json(const ZoneView& view, const AssignedPlan& plan) {
  JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.zone/1");
  write_view(json, view, plan);
  json.end_object();
  return json.take() + "\n";
}

std::string zones_json(const std::vector<ZoneView>& views, const AssignedPlan& plan) {
  JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.zone/1").key("scopes").begin_array();
  for (const ZoneView& view : views) {
    json.begin_object();
    write_view(json, view, plan);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

std::string why_json(const estate::ScopeNode& scope, const std::vector<WhyInForce>& ways) {
  JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.zone/1").key("scope").text(scope.name);
  json.key("why").begin_array();
  for (const WhyInForce& one : ways) {
    json.begin_object().key("definition").text(one.pair->definition);
    json.key("assignment")
        .text(one.pair->assignment->name)
        .key("assignmentId")
        .text(one.pair->assignment->id);
    json.key("referenceId").text(one.pair->reference_id).key("effect").text(one.effect);
    json.key("steps").begin_array();
    for (const std::string& step : one.steps)
      json.text(step);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

std::string zone_table(const ZoneView& view, const AssignedPlan& plan, const report::TableStyle& style) {
  report::Table table;
  table.columns = {{"assignment"}, {"of"}, {"at"}, {"mode"}, {"pairs", true}};
  report::Group group;
  for (const policy::Assignment* assignment : view.assignments)
    group.rows.push_back({{{assignment->name},
                           {std::string(assignment->definition_name())},
                           {shown_scope(assignment->scope)},
                           {assignment->enforced ? "Default" : "DoNotEnforce"},
                           {std::to_string(plan.pairs_of(*assignment).size())}},
                          {}});
  table.groups.push_back(std::move(group));
  // Names are there to be copied.
  report::make_room(table, 1, "of ", style);
  std::string path = view.scope->name;
  for (const std::string& parent : view.parents)
    path += " < " + parent;
  std::string out = path + "\n\n" + report::to_text(table, style);
  for (const policy::Exemption* exemption : view.exemptions)
    out += fmt::format("\nexemption {} ({}) at {} of {}{}", exemption->name, exemption->category,
                       shown_scope(exemption->scope), exemption->assignment_id,
                       exemption->expires_on ? " until " + to_text(*exemption->expires_on) : std::string());
  out += fmt::format("\n{}, {} of assignment and definition, {}\nenforced:     {}\nDoNotEnforce: {}\n",
                     counted(view.assignments.size(), "assignment"), counted(view.pairs, "pair"),
                     counted(view.definitions, "definition"), effects_text(view.enforced),
                     effects_text(view.not_enforced));
  return out;
}

namespace {

/// Adds a column at the end where anything stands in it and the table still fits.
void add_column(report::Table& table, std::string_view title, const std::vector<std::string>& texts,
                const report::TableStyle& style) {
  if (std::all_of(texts.begin(), texts.end(), [](const std::string& text) { return text.empty(); })) return;
  report::Table wider = table;
  wider.columns.push_back({std::string(title)});
  for (std::size_t i = 0; i < texts.size(); ++i)
    wider.groups[0].rows[i].cells.push_back({texts[i]});
  if (report::fits(wider, style)) table = std::move(wider);
}

}  // namespace

std::string zones_table(const std::vector<ZoneView>& views, const Owners& owners,
                        const report::TableStyle& style) {
  report::Table table;
  table.columns = {{"scope"}, {"here", true}, {"in force", true}, {"pairs", true}, {"deny", true}};
  // Parents first, each with what is below it.
  std::vector<const ZoneView*> order;
  std::vector<const ZoneView*> open;
  std::unordered_map<std::string, std::vector<const ZoneView*>> below;  // by the parent's name, last first
  for (auto view = views.rbegin(); view != views.rend(); ++view) {
    std::vector<const ZoneView*>& siblings =
        view->parents.empty() ? open : below[lower(view->parents.front())];
    siblings.push_back(&*view);
  }
  std::set<const ZoneView*> seen;
  while (!open.empty()) {
    const ZoneView* view = open.back();
    open.pop_back();
    if (!seen.insert(view).second) continue;
    order.push_back(view);
    const auto children = below.find(lower(view->scope->name));
    if (children != below.end()) open.insert(open.end(), children->second.begin(), children->second.end());
  }
  report::Group group;
  std::vector<std::string> names;
  std::vector<std::string> owned;
  for (const ZoneView* view : order) {
    const auto here = std::count_if(
        view->assignments.begin(), view->assignments.end(), [&](const policy::Assignment* assignment) {
          return estate::canonical_scope(assignment->scope) == estate::canonical_scope(view->scope->id);
        });
    const auto denies = view->enforced.find("deny");
    group.rows.push_back({{{std::string(2 * view->parents.size(), ' ') + view->scope->name},
                           {std::to_string(here)},
                           {std::to_string(view->assignments.size())},
                           {std::to_string(view->pairs)},
                           {std::to_string(denies == view->enforced.end() ? 0 : denies->second)}},
                          {}});
    const std::string& name = view->scope->display_name;
    names.push_back(equal_ignore_case(name, view->scope->name) ? std::string() : name);
    const Ownership* of = owners.of(view->scope->id);
    owned.push_back(of == nullptr ? std::string() : of->owner);
  }
  table.groups.push_back(std::move(group));
  add_column(table, "name", names, style);
  add_column(table, "owner", owned, style);
  return report::to_text(table, style);
}

std::string why_table(const estate::ScopeNode& scope, const std::vector<WhyInForce>& ways,
                      const report::TableStyle& style) {
  if (ways.empty()) return fmt::format("nothing at {} assigns it\n", scope.name);
  report::Table table;
  table.columns = {{""}, {""}};
  report::Group group;
  for (const WhyInForce& one : ways) {
    const bool named = one.pair->policy != nullptr && !one.pair->policy->definition->display_name.empty();
    report::Row row{
        {{one.effect}, {named ? one.pair->policy->definition->display_name : one.pair->definition}}, {}};
    for (const std::string& step : one.steps)
      row.notes.push_back({step, report::Tone::Plain});
    group.rows.push_back(std::move(row));
  }
  table.groups.push_back(std::move(group));
  return report::to_text(table, style);
}

}  // namespace redoubt::posture

#include "policy/assignment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "doc/json.h"
#include "policy/detail/compiled_rule.h"
#include "policy/operators.h"

namespace redoubt::policy {

using doc::Value;

namespace {

struct SelectorKind {
  std::string_view name;
  Selector::Kind kind;
};
constexpr std::array kSelectorKinds = {
    SelectorKind{"resourceLocation", Selector::Kind::ResourceLocation},
    SelectorKind{"resourceType", Selector::Kind::ResourceType},
    SelectorKind{"resourceWithoutLocation", Selector::Kind::ResourceWithoutLocation},
    SelectorKind{"policyDefinitionReferenceId", Selector::Kind::PolicyDefinitionReferenceId}};

/// Source: "Azure Policy assignment structure", limits of overrides and resource selectors.
constexpr std::size_t kMost = 10;

bool holds(const std::vector<std::string>& list, std::string_view text) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& item) { return equal_any_case(item, text); });
}

Match listed(const Selector& selector, std::string_view text) {
  const bool yes = selector.in.empty() ? !holds(selector.not_in, text) : holds(selector.in, text);
  return yes ? Match::Yes : Match::No;
}

Match matches(const Selector& selector, const Selected& what) {
  switch (selector.kind) {
    case Selector::Kind::ResourceLocation:
      if (what.location_open) return Match::Open;
      return what.location.empty() ? Match::No : listed(selector, normal_location(what.location));
    case Selector::Kind::ResourceType:
      return listed(selector, what.type);
    case Selector::Kind::ResourceWithoutLocation:
      return what.location.empty() && !what.location_open && what.at_subscription ? Match::Yes : Match::No;
    case Selector::Kind::PolicyDefinitionReferenceId:
      return listed(selector, what.reference_id);
  }
  return Match::No;
}

std::string text_or_empty(const Value& node, std::string_view name) {
  return std::string(node.text_of(name).value_or(std::string_view()));
}

/// Reads one row and collects what is wrong with it.
class RowReader {
 public:
  RowReader(const doc::Sources& sources, std::vector<Diagnostic>& diagnostics)
      : sources_(sources), diagnostics_(diagnostics) {}

  void tell(Severity severity, std::string_view code, std::string message, doc::Place place,
            std::string hint = {}) {
    diagnostics_.push_back(
        {severity, std::string(code), std::move(message), sources_.where(place), std::move(hint)});
    if (severity == Severity::Error) ++errors_;
  }
  std::size_t errors() const { return errors_; }

  std::string required(const Value& object, std::string_view name, std::string_view what) {
    std::string text = text_or_empty(object, name);
    if (text.empty())
      tell(Severity::Error, "POL0401", fmt::format("{} has no {}", what, name), object.place());
    return text;
  }

  std::vector<std::string> texts(const Value& object, std::string_view name) {
    std::vector<std::string> out;
    const Value* list = object.find_any_case(name);
    if (list == nullptr || list->is_null()) return out;
    if (!list->is_array()) {
      tell(Severity::Error, "POL0401", fmt::format("{} must be a list of texts", name), list->place());
      return out;
    }
    for (const Value& item : list->items()) {
      if (item.is_string())
        out.emplace_back(item.as_string());
      else
        tell(Severity::Error, "POL0401", fmt::format("{} must hold texts only", name), item.place());
    }
    return out;
  }

  /// The objects of a list that Azure limits to ten.
  std::vector<const Value*> objects(const Value& object, std::string_view name, bool limited) {
    std::vector<const Value*> out;
    const Value* list = object.find_any_case(name);
    if (list == nullptr || list->is_null()) return out;
    if (!list->is_array()) {
      tell(Severity::Error, "POL0401", fmt::format("{} must be a list", name), list->place());
      return out;
    }
    if (limited && list->size() > kMost)
      tell(Severity::Warning, "POL0403",
           fmt::format("{} has {} items, Azure takes {}", name, list->size(), kMost), list->place());
    for (const Value& item : list->items()) {
      if (item.is_object())
        out.push_back(&item);
      else
        tell(Severity::Error, "POL0401", fmt::format("{} must hold objects only", name), item.place());
    }
    return out;
  }

  std::vector<Selector> selectors(const Value& object) {
    std::vector<Selector> out;
    for (const Value* item : objects(object, "selectors", false)) {
      const std::string kind = text_or_empty(*item, "kind");
      const auto row = std::find_if(kSelectorKinds.begin(), kSelectorKinds.end(),
                                    [&](const SelectorKind& one) { return equal_any_case(one.name, kind); });
      if (row == kSelectorKinds.end()) {
        tell(
            Severity::Error, "POL0402", fmt::format("no selector is of the kind {}", kind), item->place(),
            "kinds are resourceLocation, resourceType, resourceWithoutLocation, policyDefinitionReferenceId");
        continue;
      }
      Selector selector{row->kind, texts(*item, "in"), texts(*item, "notIn")};
      if (selector.kind == Selector::Kind::ResourceLocation)
        for (std::vector<std::string>* list : {&selector.in, &selector.not_in})
          for (std::string& location : *list)
            location = normal_location(location);
      out.push_back(std::move(selector));
    }
    return out;
  }

  std::vector<ResourceSelector> resource_selectors(const Value& object) {
    std::vector<ResourceSelector> out;
    for (const Value* item : objects(object, "resourceSelectors", true))
      out.push_back({text_or_empty(*item, "name"), selectors(*item)});
    return out;
  }

  std::vector<Override> overrides(const Value& object) {
    std::vector<Override> out;
    for (const Value* item : objects(object, "overrides", true)) {
      Override one;
      const std::string kind = text_or_empty(*item, "kind");
      // The REST API says definitionVersion, the page on assignments policyVersion.
      const bool version = equal_any_case(kind, "definitionVersion") || equal_any_case(kind, "policyVersion");
      if (!version && !equal_any_case(kind, "policyEffect")) {
        tell(Severity::Error, "POL0402", fmt::format("no override is of the kind {}", kind), item->place(),
             "kinds are policyEffect and definitionVersion");
        continue;
      }
      one.kind = version ? Override::Kind::DefinitionVersion : Override::Kind::PolicyEffect;
      one.value = required(*item, "value", "the override");
      if (!version && !one.value.empty() && !detail::find_effect(one.value))
        tell(Severity::Error, "POL0402", fmt::format("no effect is called {}", one.value), item->place(),
             "the definition can't be used then");
      const std::size_t wrong = errors_;
      one.selectors = selectors(*item);
      one.place = item->place();
      // With a selector less it would reach what it is not meant for.
      if (!one.value.empty() && errors_ == wrong) out.push_back(std::move(one));
    }
    return out;
  }

 private:
  const doc::Sources& sources_;
  std::vector<Diagnostic>& diagnostics_;
  std::size_t errors_ = 0;
};

/// The scope that an id of something assigned lies at: what stands before its provider.
std::string scope_of_id(std::string_view id) {
  const std::size_t at = lower(id).rfind("/providers/microsoft.authorization/");
  return std::string(id.substr(0, at == std::string_view::npos ? 0 : at));
}

/// Name, id and scope, each from the others where the row has it not.
template <class T>
void read_head(const Value& node, const Value& properties, std::string_view type, T& out) {
  out.id = text_or_empty(node, "id");
  out.name = text_or_empty(node, "name");
  if (out.name.empty() && !out.id.empty()) out.name = out.id.substr(out.id.rfind('/') + 1);
  out.scope = text_or_empty(properties, "scope");
  if (out.scope.empty()) out.scope = scope_of_id(out.id);
  if (out.id.empty())
    out.id = fmt::format("{}/providers/Microsoft.Authorization/{}/{}", out.scope, type, out.name);
  out.display_name = text_or_empty(properties, "displayName");
  out.place = node.place();
}

}  // namespace

Match matches(const std::vector<Selector>& selectors, const Selected& what) {
  Match all = Match::Yes;
  for (const Selector& selector : selectors) {
    const Match one = matches(selector, what);
    if (one == Match::No) return one;
    if (one == Match::Open) all = one;
  }
  return all;
}

Match matches(const std::vector<ResourceSelector>& selectors, const Selected& what) {
  if (selectors.empty()) return Match::Yes;
  Match any = Match::No;
  for (const ResourceSelector& selector : selectors) {
    const Match one = matches(selector.selectors, what);
    if (one == Match::Yes) return one;
    if (one == Match::Open) any = one;
  }
  return any;
}

bool Assignment::of_initiative() const {
  return lower(definition_id).find("/policysetdefinitions/") != std::string::npos;
}

std::string_view Assignment::definition_name() const {
  return std::string_view(definition_id).substr(definition_id.rfind('/') + 1);
}

std::string Assignment::message_for(std::string_view reference_id) const {
  const NonComplianceMessage* found = nullptr;
  for (const NonComplianceMessage& message : messages) {
    if (message.reference_id.empty() && found == nullptr) found = &message;
    if (!message.reference_id.empty() && equal_any_case(message.reference_id, reference_id)) {
      found = &message;
      break;
    }
  }
  return found == nullptr ? std::string()
                          : replace_all(found->text, "{enforcementMode}", enforced ? "must" : "should");
}

Reading<std::optional<Assignment>> read_assignment(const Value& node, const Value& properties, Arena& arena,
                                                   const doc::Sources& sources) {
  Reading<std::optional<Assignment>> out;
  RowReader reader(sources, out.diagnostics);
  Assignment assignment;
  read_head(node, properties, "policyAssignments", assignment);
  if (assignment.name.empty())
    reader.tell(Severity::Error, "POL0401", "the assignment has no name", node.place());
  assignment.definition_id = reader.required(properties, "policyDefinitionId", "the assignment");
  if (assignment.name.empty() || assignment.definition_id.empty()) return out;
  assignment.definition_version = text_or_empty(properties, "definitionVersion");
  if (const Value* node_of_mode = properties.find_any_case("enforcementMode");
      node_of_mode != nullptr && !node_of_mode->is_null()) {
    const std::string mode =
        node_of_mode->is_string() ? std::string(node_of_mode->as_string()) : doc::to_json(*node_of_mode);
    assignment.enforcement_mode = mode;
    assignment.enforced = equal_any_case(mode, "Default");
    if (!assignment.enforced && !equal_any_case(mode, "DoNotEnforce"))
      reader.tell(Severity::Error, "POL0402", fmt::format("no enforcementMode is called {}", mode),
                  node.place(), "it is taken as DoNotEnforce; modes are Default and DoNotEnforce");
  }
  const Value* identity = node.find_any_case("identity");
  assignment.has_identity = identity != nullptr && identity->is_object() &&
                            !equal_any_case(text_or_empty(*identity, "type"), "None");
  assignment.not_scopes = reader.texts(properties, "notScopes");
  assignment.overrides = reader.overrides(properties);
  assignment.resource_selectors = reader.resource_selectors(properties);
  for (const Value* item : reader.objects(properties, "nonComplianceMessages", false))
    assignment.messages.push_back(
        {text_or_empty(*item, "message"), text_or_empty(*item, "policyDefinitionReferenceId")});
  const Value* parameters = properties.find_any_case("parameters");
  if (parameters != nullptr && !parameters->is_object() && !parameters->is_null())
    reader.tell(Severity::Error, "POL0401", "parameters must be an object", parameters->place());
  std::vector<doc::Member> values;
  if (parameters != nullptr && parameters->is_object()) {
    for (const doc::Member& member : parameters->members()) {
      const Value* value = member.value.find_any_case("value");
      if (value != nullptr)
        values.push_back({member.name, *value});
      else
        reader.tell(Severity::Error, "POL0401", fmt::format("the parameter {} has no value", member.name),
                    member.value.place(), "write {\"value\": ...}");
    }
  }
  assignment.parameters = doc::make_object(arena, values);
  out.value = std::move(assignment);
  return out;
}

Reading<std::optional<Exemption>> read_exemption(const Value& node, const Value& properties,
                                                 const doc::Sources& sources) {
  Reading<std::optional<Exemption>> out;
  RowReader reader(sources, out.diagnostics);
  Exemption exemption;
  read_head(node, properties, "policyExemptions", exemption);
  exemption.assignment_id = reader.required(properties, "policyAssignmentId", "the exemption");
  exemption.category = reader.required(properties, "exemptionCategory", "the exemption");
  if (exemption.name.empty())
    reader.tell(Severity::Error, "POL0401", "the exemption has no name", node.place());
  if (exemption.name.empty() || exemption.assignment_id.empty()) return out;
  if (!exemption.category.empty() && !equal_any_case(exemption.category, "Waiver") &&
      !equal_any_case(exemption.category, "Mitigated"))
    reader.tell(Severity::Error, "POL0402",
                fmt::format("no exemptionCategory is called {}", exemption.category), node.place(),
                "categories are Waiver and Mitigated");
  exemption.description = text_or_empty(properties, "description");
  const std::size_t wrong = reader.errors();
  exemption.reference_ids = reader.texts(properties, "policyDefinitionReferenceIds");
  exemption.resource_selectors = reader.resource_selectors(properties);
  // What it is limited to can't be told: it would hide more than it is meant to.
  if (reader.errors() != wrong) return out;
  if (const Value* expires = properties.find_any_case("expiresOn");
      expires != nullptr && !expires->is_null()) {
    const Result<ZonedTime> time =
        parse_time(expires->is_string() ? expires->as_string() : std::string_view());
    if (!time) {
      // One that never ends by a slip of the pen would hide findings for good.
      reader.tell(Severity::Error, "POL0404", "expiresOn is no time: the exemption is not used",
                  expires->place(), "write it as 2027-01-31T00:00:00Z");
      return out;
    }
    exemption.expires_on = time->instant;
  }
  out.value = std::move(exemption);
  return out;
}

}  // namespace redoubt::policy

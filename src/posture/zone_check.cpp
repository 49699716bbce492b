#include "posture/zone_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include "arm/resource_id.h"
#include "core/text.h"

namespace redoubt::posture {

using doc::Member;
using doc::Value;
using policy::Assignment;
using policy::Exemption;

namespace {

bool is_guid(std::string_view text) {
  static constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i)
    if (kForm[i] == '-' ? text[i] != '-' : kDigits.find(text[i]) == std::string_view::npos) return false;
  return true;
}

class Checker {
 public:
  Checker(const Zone& zone, const AssignedPlan& assigned, const doc::Sources& sources, Instant now)
      : zone_(zone), assigned_(assigned), sources_(sources), now_(now) {}

  std::vector<Diagnostic> run(const ZoneFile& file) {
    for (const Assignment* assignment : zone_.assignments())
      check(*assignment);
    for (const Exemption* exemption : zone_.exemptions())
      check(*exemption);
    check_twins();
    check_inputs(file);
    check_subscriptions(file);
    return std::move(out_);
  }

  /// References that exemptions name and that are not there.
  std::vector<Diagnostic> run_exemptions() {
    for (const Exemption* exemption : zone_.exemptions())
      check_references(*exemption);
    return std::move(out_);
  }

 private:
  void tell(Severity severity, std::string_view code, std::string message, doc::Place place,
            std::string hint = {}) {
    out_.push_back({severity, std::string(code), std::move(message), sources_.where(place), std::move(hint)});
  }

  const Assignment* assignment_of(const Exemption& exemption) const {
    for (const Assignment* assignment : zone_.assignments())
      if (equal_any_case(assignment->id, exemption.assignment_id)) return assignment;
    return nullptr;
  }

  /// The names of an initiative's references; nothing for a single definition or one that is not at hand.
  std::vector<std::string_view> references_of(const Assignment& assignment) const {
    std::vector<std::string_view> out;
    const policy::Initiative* initiative =
        assignment.of_initiative() ? zone_.library().initiative_named(assignment.definition_name()) : nullptr;
    if (initiative != nullptr)
      for (const policy::Reference& reference : initiative->references)
        out.push_back(reference.reference_id);
    return out;
  }

  void check_reference(const Assignment& assignment, std::string_view name, std::string_view who,
                       doc::Place place) {
    const std::vector<std::string_view> known = references_of(assignment);
    const bool there = std::any_of(known.begin(), known.end(),
                                   [&](std::string_view one) { return equal_any_case(one, name); });
    if (there || known.empty()) return;
    const std::optional<std::string_view> near = closest(name, known);
    tell(Severity::Error, "POS0017",
         fmt::format("{} names a reference that the initiative {} does not have: {}", who,
                     assignment.definition_name(), name),
         place, near ? fmt::format("did you mean {}?", *near) : std::string());
  }

  void check(const Assignment& assignment) {
    for (const policy::Override& one : assignment.overrides)
      for (const policy::Selector& selector : one.selectors)
        if (selector.kind == policy::Selector::Kind::PolicyDefinitionReferenceId)
          for (const std::string& name : selector.in)
            check_reference(assignment, name, fmt::format("an override of {}", assignment.name), one.place);
    for (const policy::NonComplianceMessage& message : assignment.messages)
      if (!message.reference_id.empty())
        check_reference(assignment, message.reference_id, fmt::format("a message of {}", assignment.name),
                        assignment.place);
    check_parameters(assignment);
    check_identity(assignment);
  }

  /// Azure takes no assignment of these effects without an identity.
  /// Source: "Remediate non-compliant resources with Azure Policy".
  void check_identity(const Assignment& assignment) {
    if (assignment.has_identity) return;
    for (const AssignedPolicy& pair : assigned_.pairs_of(assignment)) {
      if (pair.policy == nullptr || !pair.policy->compiled) continue;
      const std::string_view effect = pair.policy->compiled->known_effect();
      if (effect != "modify" && effect != "deployIfNotExists") continue;
      return tell(Severity::Warning, "POS0027",
                  fmt::format("{} has no identity, which {} of {} acts with", assignment.name, effect,
                              pair.definition),
                  assignment.place, "give it identity and location; Azure refuses it without");
    }
  }

  void check_parameters(const Assignment& assignment) {
    const Value* properties = nullptr;
    const Value* of_relations = nullptr;
    if (assignment.of_initiative()) {
      if (const auto* found = zone_.library().initiative_named(assignment.definition_name())) {
        properties = &found->properties;
        of_relations = policy::relation_parameters(*found);
      }
    } else if (const auto* found = zone_.library().find_definition(assignment.definition_name())) {
      properties = &found->properties;
    }
    if (properties == nullptr) return;
    const Value empty = Value::object({});
    const Value* declared = properties->find_any_case("parameters");
    if (declared == nullptr || !declared->is_object()) declared = &empty;
    std::vector<std::string_view> names;
    for (const Member& member : declared->members())
      names.push_back(member.name);
    if (of_relations != nullptr && of_relations->is_object())
      for (const Member& member : of_relations->members())
        names.push_back(member.name);
    for (const Member& member : assignment.parameters.members()) {
      if (declared->find_any_case(member.name) != nullptr) continue;
      if (of_relations != nullptr && of_relations->find_any_case(member.name) != nullptr) {
        tell(Severity::Hint, "POS0016",
             fmt::format("{} sets the parameter {}, which only relation checks read", assignment.name,
                         member.name),
             assignment.place, "Azure refuses it: leave it out of what is assigned there");
        continue;
      }
      const std::optional<std::string_view> near = closest(member.name, names);
      tell(Severity::Error, "POS0016",
           fmt::format("{} sets the parameter {}, which {} does not have", assignment.name, member.name,
                       assignment.definition_name()),
           assignment.place, near ? fmt::format("did you mean {}?", *near) : std::string());
    }
    for (const Member& member : declared->members()) {
      const bool set = member.value.find_any_case("defaultValue") != nullptr ||
                       assignment.parameters.find_any_case(member.name) != nullptr;
      if (!set)
        tell(Severity::Warning, "POS0008",
             fmt::format("{} gives no value for the parameter {}, which has no default", assignment.name,
                         member.name),
             assignment.place, "what hangs on it is unknown");
    }
  }

  void check(const Exemption& exemption) {
    if (exemption.expired(now_))
      tell(Severity::Warning, "POS0014",
           fmt::format("the exemption {} has expired on {}", exemption.name, to_text(*exemption.expires_on)),
           exemption.place, "renew it, or remove it");
    check_references(exemption);
  }

  void check_references(const Exemption& exemption) {
    const Assignment* assignment = assignment_of(exemption);
    if (assignment == nullptr) return;  // Zone::load says it
    for (const std::string& name : exemption.reference_ids)
      check_reference(*assignment, name, fmt::format("the exemption {}", exemption.name), exemption.place);
  }

  /// Exemptions that are at work for one reference at one scope more than once.
  void check_twins() {
    std::map<std::tuple<std::string, std::string, std::string>, const Exemption*> seen;
    for (const Exemption* exemption : zone_.exemptions()) {
      if (exemption->expired(now_) || !exemption->resource_selectors.empty()) continue;
      std::vector<std::string> references = exemption->reference_ids;
      if (references.empty()) references.emplace_back();
      for (const std::string& reference : references) {
        const auto [entry, is_new] = seen.try_emplace(
            {estate::canonical_scope(exemption->scope), lower(exemption->assignment_id), lower(reference)},
            exemption);
        if (is_new || entry->second == exemption) continue;
        tell(
            Severity::Warning, "POS0015",
            fmt::format("the exemptions {} and {} take off the same{}", entry->second->name, exemption->name,
                        equal_any_case(entry->second->category, exemption->category)
                            ? ""
                            : fmt::format(", as {} and as {}", entry->second->category, exemption->category)),
            exemption->place, "keep one of them");
      }
    }
  }

  void check_inputs(const ZoneFile& file) {
    std::error_code error;
    for (const ZonePath& one : file.paths)
      if (!std::filesystem::exists(one.path, error))
        out_.push_back(missing_path(one.key, one.path, sources_.where(one.place)));
    for (const ZoneTemplates& one : file.templates) {
      if (!std::filesystem::exists(one.path, error))
        out_.push_back(missing_path("templates", one.path, sources_.where(one.place)));
      if (one.scope.empty() || zone_.tree().find(one.scope) != nullptr) continue;
      if (one.scope.starts_with('/') && !arm::Scope::parse(one.scope)) {
        tell(Severity::Error, "POS0019", fmt::format("templates lie at what is no scope: {}", one.scope),
             one.place, "write /subscriptions/ID or /subscriptions/ID/resourceGroups/NAME");
        continue;
      }
      const std::vector<std::string> chain = zone_.tree().chain(one.scope);
      const bool inside = std::any_of(chain.begin(), chain.end(), [&](const std::string& scope) {
        return zone_.tree().find(scope) != nullptr;
      });
      if (!inside)
        tell(Severity::Error, "POS0019",
             fmt::format("templates lie at a scope that is not in the tree: {}", one.scope), one.place,
             "name a subscription of the tree, or a resource group's id in one");
    }
  }

  void check_subscriptions(const ZoneFile& file) {
    for (const ZoneScope& one : file.sources.subscriptions) {
      const std::string_view id = std::string_view(one.id).substr(one.id.rfind('/') + 1);
      if (!is_guid(id) && !arm::is_open_text(id))
        tell(Severity::Error, "POS0026", fmt::format("the id of a subscription is no GUID: {}", one.id),
             one.place, "its name goes under displayName");
    }
  }

  const Zone& zone_;
  const AssignedPlan& assigned_;
  const doc::Sources& sources_;
  Instant now_;
  std::vector<Diagnostic> out_;
};

}  // namespace

std::vector<Diagnostic> check_exemptions(const Zone& zone, const AssignedPlan& assigned,
                                         const doc::Sources& sources, Instant now) {
  std::vector<Diagnostic> out = Checker(zone, assigned, sources, now).run_exemptions();
  for (Diagnostic& diagnostic : out)
    diagnostic.severity = Severity::Warning;
  return out;
}

std::vector<Diagnostic> check_zone(const Zone& zone, const ZoneFile& file, const AssignedPlan& assigned,
                                   const doc::Sources& sources, Instant now) {
  return Checker(zone, assigned, sources, now).run(file);
}

}  // namespace redoubt::posture

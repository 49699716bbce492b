#include "posture/zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "policy/selection.h"

namespace redoubt::posture {

Result<void> Zone::load(doc::Sources& sources, const ZoneSources& from) {
  if (!from.data.empty()) kept_.emplace(content::Store::open(from.data));
  // Libraries that are kept are for those who describe no tree themselves. Subscriptions that name their
  // groups fill a tree and are none.
  const bool fills = std::any_of(from.subscriptions.begin(), from.subscriptions.end(),
                                 [](const ZoneScope& one) { return !one.parent.empty(); });
  const bool described = !from.alz.empty() || !from.groups.empty() || (!from.subscriptions.empty() && !fills);
  const std::vector<std::string> libraries = described || !kept_ ? from.alz : kept_->alz_folders();
  for (const std::string& folder : libraries)
    alz_.load(sources, folder, library_);
  RD_TRY(take(alz_.take_diagnostics()));
  if (!libraries.empty()) RD_TRY(alz_.place(sources, from.architecture, from.values, tree_));
  RD_TRY(take(alz_.take_diagnostics()));
  for (const ZoneScope& one : from.groups)
    tree_.add_group(one.id, one.parent, one.display_name, one.place);
  for (const ZoneScope& one : from.subscriptions)
    tree_.add_subscription(one.id, one.parent, one.display_name, one.place);
  for (const std::string& path : from.assignments)
    library_.load(sources, path);
  RD_TRY(take(library_.take_diagnostics()));
  if (from.library_assigns)
    for (const policy::Assignment& assignment : alz_.assignments())
      assignments_.push_back(&assignment);
  for (const policy::Assignment& assignment : library_.assignments())
    assignments_.push_back(&assignment);
  for (const policy::Exemption& exemption : library_.exemptions())
    exemptions_.push_back(&exemption);
  RD_TRY(load_policies(sources, from));
  for (Diagnostic& diagnostic : tree_.finish(sources))
    diagnostics_.push_back(std::move(diagnostic));
  check(sources);
  return {};
}

/// Definitions and initiatives, of long lists only those that are assigned; what none of the paths has is
/// looked for in the content of the data directory.
Result<void> Zone::load_policies(doc::Sources& sources, const ZoneSources& from) {
  std::vector<std::string> initiatives;
  for (const policy::Assignment* assignment : assignments_)
    if (assignment->of_initiative()) initiatives.emplace_back(assignment->definition_name());
  policy::Selection selection(initiatives);
  for (const std::string& path : from.policies)
    library_.load(sources, path, selection.initiatives());
  if (kept_) RD_TRY(kept_->load_initiatives(initiatives, library_, sources));
  for (const std::string& initiative : initiatives)
    if (library_.initiative_named(initiative) == nullptr) library_.load_embedded(sources, initiative);
  std::vector<std::string> definitions;
  for (const policy::Assignment* assignment : assignments_) {
    if (!assignment->of_initiative()) {
      definitions.emplace_back(assignment->definition_name());
    } else if (const policy::Initiative* one = library_.initiative_named(assignment->definition_name())) {
      for (const policy::Reference& reference : one->references)
        definitions.push_back(reference.definition_name);
    }
  }
  for (const std::string& definition : definitions)
    selection.need(definition, library_);
  if (selection.needs_more())
    for (const std::string& path : from.policies)
      library_.load(sources, path, selection.definitions());
  if (kept_) {
    kept_->load_definitions(definitions, library_, sources);
    RD_TRY(take(kept_->take_diagnostics()));
  }
  return take(library_.take_diagnostics());
}

Result<void> Zone::take(std::vector<Diagnostic> diagnostics) {
  for (Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.code == "POL0204" || diagnostic.code == "POL0411")
      return fail(Error::Kind::Usage, diagnostic.code, diagnostic.message, diagnostic.where, diagnostic.hint);
    diagnostics_.push_back(std::move(diagnostic));
  }
  return {};
}

void Zone::add_subscription(std::string_view id, std::string_view group) {
  tree_.add_subscription(id, group, {}, {});
}

/// Assignments and exemptions that can't be at work as their authors meant them.
void Zone::check(const doc::Sources& sources) {
  const auto tell = [&](std::string_view code, std::string message, doc::Place place, std::string hint) {
    diagnostics_.push_back(
        {Severity::Warning, std::string(code), std::move(message), sources.where(place), std::move(hint)});
  };
  std::unordered_map<std::string, const policy::Assignment*> by_id;
  for (const policy::Assignment* assignment : assignments_) {
    by_id.emplace(estate::canonical_scope(assignment->id), assignment);
    const std::string_view group = estate::management_group_name(assignment->scope);
    if (!assignment->scope.starts_with('/'))
      tell("POS0010",
           assignment->scope.empty()
               ? fmt::format("{} has neither a scope nor an id that tells it", assignment->name)
               : fmt::format("{} is assigned at what is no scope: {}", assignment->name, assignment->scope),
           assignment->place, "it reaches nothing");
    else if (!group.empty() && !tree_.empty() && !tree_.contains(assignment->scope))
      tell("POS0010",
           fmt::format("{} is assigned at a group that is not in the tree: {}", assignment->name, group),
           assignment->place, "it reaches nothing");
  }
  for (const policy::Exemption* exemption : exemptions_) {
    const auto of = by_id.find(estate::canonical_scope(exemption->assignment_id));
    if (of == by_id.end()) {
      tell("POS0011",
           fmt::format("the exemption {} is of an assignment that is not there: {}", exemption->name,
                       exemption->assignment_id),
           exemption->place, "it exempts nothing");
    } else if (tree_.lies_in(exemption->scope, "/") && !tree_.lies_in(exemption->scope, of->second->scope)) {
      // Where its subscription lies may be said later: nothing is told of that.
      tell("POS0012",
           fmt::format("the exemption {} lies outside of the scope of its assignment {}", exemption->name,
                       of->second->name),
           exemption->place, "it exempts nothing");
    }
  }
}

}  // namespace redoubt::posture

// What ScanJob judges with: policies and initiatives, or what a landing zone assigns.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/data_option.h"
#include "cli/option_file.h"
#include "cli/scan_job.h"
#include "cli/zone_options.h"
#include "core/text.h"
#include "doc/json.h"
#include "policy/selection.h"
#include "posture/zone_check.h"

namespace redoubt::cli {

using doc::Value;

namespace {

bool is_error(const Diagnostic& diagnostic) { return diagnostic.severity == Severity::Error; }

}  // namespace

/// `--policy-parameters`: a file, or the JSON itself.
Result<Value> ScanJob::policy_parameters() {
  const std::string& given = arguments_.text("--policy-parameters");
  if (given.empty()) return Value::object({});
  if (given.front() == '{') {
    const Result<Value> root = doc::parse_json(arena_, given);
    if (!root)
      return fail(Error::Kind::Usage, "CLI0031", "--policy-parameters: " + root.error().message, {},
                  root.error().hint);
    return posture::read_policy_parameters(*root, arena_);
  }
  parameter_document_ = RD_TRY(read_option_file(sources_, given));
  Result<Value> read = posture::read_policy_parameters(parameter_document_.value.root, arena_);
  if (!read) {
    read.error().kind = Error::Kind::Usage;
    read.error().where.file = given;
  }
  return read;
}

Result<void> ScanJob::load_policies() {
  const Value parameters = RD_TRY(policy_parameters());
  given_parameters_ = parameters;
  const auto declare = [this](const Value* declared) {
    if (declared != nullptr && declared->is_object())
      for (const doc::Member& member : declared->members())
        declared_parameters_.emplace(member.name);
  };
  std::vector<std::string> initiatives(arguments_.values("--initiative").begin(),
                                       arguments_.values("--initiative").end());
  if (initiatives.empty() && !arguments_.given("--policy")) initiatives.emplace_back(inputs_.pack.initiative);
  // Only what the initiatives refer to is parsed out of big lists.
  policy::Selection selection(initiatives);
  for (const std::string& path : arguments_.values("--policy"))
    library_.load(sources_, path,
                  initiatives.empty() ? policy::Library::LineFilter() : selection.initiatives());
  for (std::string& name : initiatives) {
    std::error_code error;
    if (std::filesystem::is_regular_file(name, error)) {
      library_.load(sources_, name);
      for (const policy::Initiative& initiative : library_.initiatives())
        if (std::filesystem::equivalent(sources_.name(initiative.place.file), name, error)) {
          name = initiative.name;
          break;
        }
    }
  }
  if (initiatives.empty()) {
    for (const policy::Definition& definition : library_.definitions()) {
      declare(definition.properties.find_any_case("parameters"));
      plan_.add(definition, parameters);
    }
    return note_policies();
  }
  RD_TRY(find_initiatives(initiatives));
  std::vector<const policy::Initiative*> found;
  for (const std::string& name : initiatives) {
    const policy::Initiative* initiative = RD_TRY(library_.find_initiative(name));
    found.push_back(initiative);
    // The name of one that comes with Azure is a GUID.
    notes_.initiatives.push_back(equal_any_case(initiative->policy_type, "BuiltIn") ? initiative->display_name
                                                                                    : initiative->name);
    declare(initiative->properties.find_any_case("parameters"));
    declare(policy::relation_parameters(*initiative));
    selection.need(*initiative, library_);
  }
  if (selection.needs_more())
    for (const std::string& path : arguments_.values("--policy"))
      library_.load(sources_, path, selection.definitions());
  warn_of_others(found);
  for (const policy::Initiative* initiative : found) {
    load_kept_members(*initiative);
    plan_.add(
        *initiative, parameters,
        [&](const policy::Reference& reference) { return library_.find_definition(reference); },
        notes_.diagnostics);
  }
  return note_policies();
}

/// A path of --policy of which no initiative has anything does not judge. Lists are read only as far as
/// initiatives need them.
void ScanJob::warn_of_others(const std::vector<const policy::Initiative*>& initiatives) {
  std::set<std::string> members;
  for (const policy::Initiative* initiative : initiatives)
    for (const policy::Reference& reference : initiative->references)
      members.insert(lower(reference.definition_name));
  for (const std::string& path : arguments_.values("--policy")) {
    const auto is_of_path = [&](doc::Place place) { return sources_.name(place.file).starts_with(path); };
    std::size_t others = 0;
    bool used = std::any_of(initiatives.begin(), initiatives.end(),
                            [&](const policy::Initiative* one) { return is_of_path(one->place); });
    for (const policy::Definition& definition : library_.definitions()) {
      if (!is_of_path(definition.place)) continue;
      ++others;
      used = used || members.contains(lower(definition.name));
    }
    if (used || others == 0) continue;
    notes_.diagnostics.push_back(
        {Severity::Warning,
         "CLI0074",
         fmt::format("--policy is not judged with: no initiative of --initiative has {}",
                     others == 1 ? "its policy" : "one of its policies"),
         {path, 0, 0, {}},
         "leave --initiative out to judge with all of --policy"});
  }
}

/// Looks for initiatives in the content of the data directory, then among what is embedded, where `--policy`
/// does not have them.
Result<void> ScanJob::find_initiatives(const std::vector<std::string>& asked) {
  const auto all_there = [&] {
    return std::all_of(asked.begin(), asked.end(),
                       [&](const std::string& name) { return library_.find_initiative(name).has_value(); });
  };
  if (!all_there()) RD_TRY(store().load_initiatives(asked, library_, sources_));
  for (const std::string& name : asked)
    if (!library_.find_initiative(name)) library_.load_embedded(sources_, name);
  return {};
}

/// Members of an initiative that neither `--policy` nor the program has.
void ScanJob::load_kept_members(const policy::Initiative& initiative) {
  const bool lacking =
      std::any_of(initiative.references.begin(), initiative.references.end(),
                  [&](const auto& reference) { return library_.find_definition(reference) == nullptr; });
  if (lacking) store().load_members(initiative, library_, sources_);
}

content::Store& ScanJob::store() {
  if (!store_) store_ = content::Store::open(data_directory(arguments_));
  return *store_;
}

/// What was said about the policies, and whether any is left.
Result<void> ScanJob::note_policies() {
  std::vector<Diagnostic> said = library_.take_diagnostics();
  if (store_)
    for (Diagnostic& diagnostic : store_->take_diagnostics())
      said.push_back(std::move(diagnostic));
  for (const Diagnostic& diagnostic : said) {
    if (diagnostic.code == "POL0204")
      return fail(Error::Kind::Usage, diagnostic.code, diagnostic.message, diagnostic.where, diagnostic.hint);
    unread_policies_ = unread_policies_ || diagnostic.severity == Severity::Error;
    notes_.diagnostics.push_back(diagnostic);
  }
  notes_.policies = plan_.policies().size();
  if (plan_.policies().empty()) {
    for (const Diagnostic& diagnostic : notes_.diagnostics)
      context_.tell(diagnostic);
    return fail(Error::Kind::Usage, "CLI0030", "there is no policy to judge with", {},
                "give definitions with --policy, or leave it out: a pack of the program judges then");
  }
  return {};
}

/// `--zone`: what is assigned in the landing zone is what judges.
Result<void> ScanJob::load_zone() {
  for (const std::string_view other : {"--initiative", "--policy-parameters"})
    if (arguments_.given(other))
      return fail(Error::Kind::Usage, "CLI0043", fmt::format("{} does not go with --zone", other), {},
                  "the zone's assignments say which policies judge, and with which parameters");
  zone_file_ = RD_TRY(read_zone(inputs_.zone, sources_, notes_.diagnostics));
  // A key that is misspelt may be the one that names the assignments.
  unread_policies_ = std::any_of(notes_.diagnostics.begin(), notes_.diagnostics.end(), is_error);
  posture::ZoneSources from = zone_file_.sources;
  from.data = data_directory(arguments_);
  for (const std::string& path : arguments_.values("--policy"))
    from.policies.push_back(path);
  RD_TRY(zone_.load(sources_, from));
  assignments_.emplace(zone_.tree(), zone_.assignments(), zone_.exemptions());
  assigned_.emplace(plan_, *assignments_, zone_.assignments(), zone_.library(), zone_.diagnostics());
  owners_.emplace(zone_.tree(), zone_file_.owners, sources_, zone_.diagnostics());
  for (Diagnostic& diagnostic : zone_.diagnostics()) {
    // What is assigned and can't be judged with must not look green either.
    const bool lacking = diagnostic.code == "POS0001" || diagnostic.code == "POS0004";
    unread_policies_ = unread_policies_ || lacking || diagnostic.severity == Severity::Error;
    notes_.diagnostics.push_back(std::move(diagnostic));
  }
  for (Diagnostic& diagnostic : posture::check_exemptions(zone_, *assigned_, sources_, now_))
    notes_.diagnostics.push_back(std::move(diagnostic));
  notes_.policies = plan_.policies().size();
  return {};
}

/// A value of --policy-parameters that no definition takes would switch a policy off, or mean nothing.
Result<void> ScanJob::check_parameters() const {
  if (!arguments_.given("--policy-parameters")) return {};
  for (const posture::PlannedPolicy& planned : plan_.policies())
    if (planned.error && planned.error->code == "POL0006")
      return fail(
          Error::Kind::Usage, "CLI0031",
          fmt::format("--policy-parameters: {} ({})", planned.error->message, planned.definition->name));
  std::vector<std::string_view> names(declared_parameters_.begin(), declared_parameters_.end());
  for (const doc::Member& member : given_parameters_.members()) {
    const bool known = std::any_of(names.begin(), names.end(),
                                   [&](std::string_view name) { return equal_any_case(name, member.name); });
    if (known) continue;
    const auto near = closest(member.name, names);
    return fail(Error::Kind::Usage, "CLI0031",
                fmt::format("--policy-parameters: no policy has the parameter {}", member.name), {},
                near ? fmt::format("did you mean {}?", *near) : std::string());
  }
  return {};
}

void ScanJob::warn_of_guessed_aliases() {
  for (Diagnostic& diagnostic : plan_.guessed_aliases(aliases_, sources_))
    notes_.diagnostics.push_back(std::move(diagnostic));
}

}  // namespace redoubt::cli

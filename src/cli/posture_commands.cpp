#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <set>

#include "arm/origins.h"
#include "cli/alias_files.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/data_option.h"
#include "cli/deployment_options.h"
#include "cli/fail_on.h"
#include "cli/option_file.h"
#include "content/store.h"
#include "core/text.h"
#include "doc/json.h"
#include "estate/load.h"
#include "policy/built_in.h"
#include "policy/library.h"
#include "policy/selection.h"
#include "posture/findings.h"
#include "report/sarif.h"

namespace redoubt::cli {

namespace {

using doc::Value;

/// The state of one run of `posture scan`, step by step.
class ScanRun {
 public:
  ScanRun(const Arguments& arguments, Context& context) : arguments_(arguments), context_(context) {}

  Result<Exit> run() {
    deployment_ = RD_TRY(read_deployment_options(arguments_));
    RD_TRY(check_parameter_file());
    aliases_ = RD_TRY(alias_files_.load(arguments_, sources_, context_));
    RD_TRY(load_policies());
    tell_time("policies loaded");
    RD_TRY(load_inventory());
    tell_time("templates expanded, exports read");
    plan_.compile({&aliases_, &types_, &origins_, false, &sources_});
    RD_TRY(check_parameters());
    warn_of_guessed_aliases();
    tell_time("policies compiled");
    judge();
    tell_time("resources judged");
    const Result<Exit> exit = write();
    tell_time("findings written");
    return exit;
  }

 private:
  Result<void> check_parameter_file() const;
  Result<void> load_policies();
  Result<void> find_initiatives(const std::vector<std::string>& asked);
  void load_kept_members(const policy::Initiative& initiative);
  content::Store& store();
  Result<void> note_policies();
  Result<void> load_inventory();
  Result<Value> policy_parameters();
  Result<void> check_parameters() const;
  void warn_of_guessed_aliases();
  void judge();
  void tell_time(std::string_view step);
  Result<Exit> write();
  Exit exit_code() const;

  const Arguments& arguments_;
  Context& context_;
  arm::ExpandOptions deployment_;
  doc::Sources sources_;
  arm::Origins origins_;
  Arena arena_;
  AliasFiles alias_files_;
  policy::AliasCatalogue aliases_;
  policy::TypeTable types_ = policy::built_in_types();
  policy::Library library_;
  std::optional<content::Store> store_;  // opened when something is looked for in it
  posture::Plan plan_{origins_};
  Value given_parameters_;
  std::set<std::string> declared_parameters_;
  Reading<estate::Inventory> inventory_;
  posture::ScanNotes notes_;
  bool unread_policies_ = false;  ///< a guardrail that could not be read must not look green
  ThreadPool pool_;
  std::unique_ptr<posture::Scan> scan_;
  std::chrono::steady_clock::time_point last_step_ = std::chrono::steady_clock::now();
  Reading<doc::Document> parameter_document_;
};

/// With --verbose, how long each step took.
void ScanRun::tell_time(std::string_view step) {
  const auto at = std::chrono::steady_clock::now();
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(at - last_step_);
  if (context_.verbose) context_.note(fmt::format("{}: {} ms", step, passed.count()));
  last_step_ = at;
}

/// `--policy-parameters`: a file, or the JSON itself.
Result<Value> ScanRun::policy_parameters() {
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

/// Said before anything is scanned; the file is read again with the templates.
Result<void> ScanRun::check_parameter_file() const {
  const std::string& file = arguments_.text("--parameters");
  if (file.empty()) return {};
  doc::Sources sources;
  const Reading<doc::Document> document = RD_TRY(read_parameter_file(sources, file));
  return {};
}

Result<void> ScanRun::load_policies() {
  const Value parameters = RD_TRY(policy_parameters());
  given_parameters_ = parameters;
  const auto declare = [this](const Value& properties) {
    const Value* declared = properties.find_any_case("parameters");
    if (declared != nullptr && declared->is_object())
      for (const doc::Member& member : declared->members())
        declared_parameters_.emplace(member.name);
  };
  std::vector<std::string> initiatives(arguments_.values("--initiative").begin(),
                                       arguments_.values("--initiative").end());
  const bool own = arguments_.given("--policy");
  if (initiatives.empty() && !own) {
    library_.load_starter(sources_);
    initiatives.emplace_back("redoubt-starter");
  }
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
      declare(definition.properties);
      plan_.add(definition, parameters);
    }
    return note_policies();
  }
  RD_TRY(find_initiatives(initiatives));
  std::vector<const policy::Initiative*> found;
  for (const std::string& name : initiatives) {
    const policy::Initiative* initiative = RD_TRY(library_.find_initiative(name));
    found.push_back(initiative);
    declare(initiative->properties);
    selection.need(*initiative, library_);
  }
  if (selection.needs_more())
    for (const std::string& path : arguments_.values("--policy"))
      library_.load(sources_, path, selection.definitions());
  for (const policy::Initiative* initiative : found) {
    load_kept_members(*initiative);
    plan_.add(
        *initiative, parameters,
        [&](const policy::Reference& reference) { return library_.find_definition(reference); },
        notes_.diagnostics);
  }
  return note_policies();
}

/// Looks for initiatives in the content of the data directory, then among what is embedded, where `--policy`
/// does not have them.
Result<void> ScanRun::find_initiatives(const std::vector<std::string>& asked) {
  const auto all_there = [&] {
    return std::all_of(asked.begin(), asked.end(),
                       [&](const std::string& name) { return library_.find_initiative(name).has_value(); });
  };
  if (!all_there()) RD_TRY(store().load_initiatives(asked, library_, sources_));
  if (!all_there()) {
    policy::Library starter;
    starter.load_starter(sources_);
    const bool wanted = std::any_of(asked.begin(), asked.end(), [&](const std::string& name) {
      return !library_.find_initiative(name) && starter.find_initiative(name);
    });
    if (wanted) library_.load_starter(sources_);
  }
  return {};
}

/// Members of an initiative that neither `--policy` nor the program has.
void ScanRun::load_kept_members(const policy::Initiative& initiative) {
  const bool lacking =
      std::any_of(initiative.references.begin(), initiative.references.end(),
                  [&](const auto& reference) { return library_.find_definition(reference) == nullptr; });
  if (lacking) store().load_members(initiative, library_, sources_);
}

content::Store& ScanRun::store() {
  if (!store_) store_ = content::Store::open(data_directory(arguments_));
  return *store_;
}

/// What was said about the policies, and whether any is left.
Result<void> ScanRun::note_policies() {
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
                "give definitions with --policy, or leave it out to use the starter pack");
  }
  return {};
}

Result<void> ScanRun::load_inventory() {
  estate::LoadOptions options;
  options.expand = deployment_;
  options.parameter_file = arguments_.text("--parameters");
  for (const std::string& list : arguments_.values("--complete-types"))
    for (const std::string_view type : split(list, ','))
      options.complete_types.emplace_back(trim(type));
  options.assume_elsewhere = arguments_.given("--assume-elsewhere");
  options.progress = context_.progress.callback();
  const std::span<const std::string> paths = arguments_.values("PATH");
  inventory_ = estate::load(sources_, origins_, {paths.begin(), paths.end()}, options);
  for (const Diagnostic& diagnostic : inventory_.diagnostics)
    notes_.diagnostics.push_back(diagnostic);
  if (inventory_.value.templates.empty() && inventory_.value.exports.empty())
    notes_.diagnostics.push_back({Severity::Error,
                                  "CLI0032",
                                  "there is no template and no export to judge",
                                  {},
                                  "give ARM templates, Resource Graph exports, or folders with such"});
  for (const estate::Skipped& skipped : inventory_.value.skipped)
    notes_.not_looked_at.push_back(
        {skipped.path, skipped.remedy.empty() ? skipped.reason : skipped.reason + "; " + skipped.remedy,
         !skipped.used});
  return {};
}

/// A value of --policy-parameters that no definition takes would switch a policy off, or mean nothing.
Result<void> ScanRun::check_parameters() const {
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

void ScanRun::warn_of_guessed_aliases() {
  std::set<std::string> guessed;
  for (const posture::PlannedPolicy& planned : plan_.policies())
    if (planned.compiled)
      for (const std::string& alias : planned.compiled->guessed_aliases())
        guessed.insert(alias);
  for (const std::string& alias : guessed)
    notes_.diagnostics.push_back({Severity::Warning,
                                  "POL0301",
                                  fmt::format("no list has this alias, its path is guessed: {}", alias),
                                  {},
                                  "give `az provider list --expand resourceTypes/aliases` with --aliases"});
}

void ScanRun::judge() {
  posture::ScanOptions options;
  options.all = arguments_.given("--all");
  options.strict_versions = arguments_.given("--strict-versions");
  options.now = deployment_.now;
  options.tenant = deployment_.tenant;
  options.location = deployment_.location;
  scan_ = std::make_unique<posture::Scan>(plan_, inventory_.value.estate, sources_, origins_,
                                          std::move(options), pool_);
  scan_->run(context_.progress.callback());
  context_.progress.clear();
}

Result<Exit> ScanRun::write() {
  for (const Diagnostic& diagnostic : notes_.diagnostics)
    if (diagnostic.severity != Severity::Hint || context_.verbose) context_.tell(diagnostic);
  const posture::Write write = [&](std::string_view text) { context_.output.write(text); };
  if (context_.format == "json")
    posture::write_findings_json(*scan_, notes_, write);
  else if (context_.format == "sarif")
    write(
        report::to_sarif(posture::findings_sarif(*scan_, notes_, std::filesystem::current_path().string())) +
        "\n");
  else
    posture::write_findings_table(*scan_, notes_, context_.style, write);
  return exit_code();
}

Exit ScanRun::exit_code() const {
  const estate::Inventory& inventory = inventory_.value;
  const bool unreadable =
      std::any_of(inventory_.diagnostics.begin(), inventory_.diagnostics.end(),
                  [](const Diagnostic& diagnostic) {
                    // What could not be read at all; a mistake inside a template leaves the rest judged.
                    return diagnostic.severity == Severity::Error && !diagnostic.code.starts_with("ARM02");
                  }) ||
      std::any_of(inventory.templates.begin(), inventory.templates.end(),
                  [](const estate::LoadedTemplate& loaded) { return loaded.expansion.failed; });
  const bool wrong_path =
      std::any_of(inventory_.diagnostics.begin(), inventory_.diagnostics.end(),
                  [](const Diagnostic& diagnostic) { return diagnostic.code == "EST0101"; });
  if (wrong_path) return Exit::Usage;
  if (inventory.templates.empty() && inventory.exports.empty()) return Exit::Unfinished;
  if (unreadable || unread_policies_) return Exit::Unfinished;
  if (arguments_.given("--fail-on-unknown") && scan_->has_open()) return Exit::Findings;
  return exit_for(scan_->worst(), fail_on(arguments_));
}

Result<Exit> run_posture_scan(const Arguments& arguments, Context& context) {
  return ScanRun(arguments, context).run();
}

}  // namespace

std::vector<Command> posture_commands() {
  std::vector<Option> options = {
      {.flags = "--policy",
       .value = "FILE|DIR",
       .text = "policy definitions and initiatives; without it the starter pack judges",
       .repeatable = true},
      {.flags = "--initiative",
       .value = "NAME|FILE",
       .text = "judge with the members of this initiative only: of --policy, of kept content, or built in",
       .repeatable = true},
      data_option(),
      {.flags = "--policy-parameters",
       .value = "FILE|JSON",
       .text = "values as `az policy assignment create --params` takes them"},
      {.flags = "--aliases",
       .value = "FILE",
       .text = "output of `az provider list --expand resourceTypes/aliases`",
       .repeatable = true},
      {.flags = "--parameters",
       .value = "FILE",
       .text = "parameter file of the templates; else the one found beside each"},
      {.flags = "--all", .text = "compliant and notApplicable rows too"},
      {.flags = "--assume-elsewhere",
       .text = "a related resource that is not in what was given may exist elsewhere: unknown"},
      {.flags = "--complete-types",
       .value = "TYPE,...",
       .text = "types of which an export lacks nothing",
       .repeatable = true},
      {.flags = "--strict-versions", .text = "a definition of another major version than pinned is unknown"},
      fail_on_option(Level::None),
      {.flags = "--fail-on-unknown", .text = "exit 1 when a verdict is unknown or an error"}};
  for (const Option& option : deployment_options())
    options.push_back(option);
  return {
      {.name = "posture scan",
       .summary = "Judge templates and inventories against Azure Policy",
       .examples =
           {"redoubt posture scan infra/", "redoubt posture scan main.json --policy policies/ --fail-on high",
            "redoubt posture scan export.json --policy definitions.jsonl --initiative \"My initiative\"",
            "redoubt posture scan infra/ -f sarif -o findings.sarif"},
       .description =
           "PATH is an ARM template, a Resource Graph export, or a folder of such. Every template is "
           "expanded "
           "offline with its parameter file and judged as it would be deployed. What a template leaves open "
           "gives the verdict unknown with its reason, never compliant.",
       .positionals = {{.name = "PATH", .text = "templates, exports, folders", .repeatable = true}},
       .options = std::move(options),
       .formats = {"table", "json", "sarif"},
       .run = run_posture_scan}};
}

}  // namespace redoubt::cli

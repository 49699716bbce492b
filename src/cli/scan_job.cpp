#include "cli/scan_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/baseline_options.h"
#include "cli/data_option.h"
#include "cli/deployment_options.h"
#include "cli/option_file.h"
#include "cli/zone_options.h"
#include "core/text.h"

namespace redoubt::cli {

std::vector<Option> scan_options(const Pack& pack) {
  std::vector<Option> options = {
      {.flags = "--policy",
       .value = "FILE|DIR",
       .text = fmt::format(
           "policy definitions and initiatives; with neither this nor --initiative, {} judges ({})",
           pack.title, pack.initiative),
       .repeatable = true},
      {.flags = "--initiative",
       .value = "NAME|FILE",
       .text = "judge with the members of this initiative only: of --policy, of kept content, or built in",
       .repeatable = true},
      data_option(),
      {.flags = "--zone",
       .value = "FILE",
       .text = "judge each resource with what the zone file's landing zone assigns at its place"},
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
      {.flags = "--assume-elsewhere",
       .text = "a related resource that is not in what was given may exist elsewhere: unknown"},
      {.flags = "--complete-types",
       .value = "TYPE,...",
       .text = "types of which an export lacks nothing",
       .repeatable = true},
      {.flags = "--strict-versions", .text = "a definition of another major version than pinned is unknown"}};
  for (const Option& option : deployment_options())
    options.push_back(option);
  return options;
}

Result<void> ScanJob::run(Inputs inputs) {
  inputs_ = std::move(inputs);
  deployment_ = RD_TRY(read_deployment_options(arguments_));
  now_ = deployment_.now.value_or(redoubt::now());
  if (inputs_.again) begin_reading_last_pass();
  RD_TRY(check_parameter_file());
  if (!inputs_.baseline.empty()) {
    posture::Baseline baseline = RD_TRY(read_baseline(inputs_.baseline, context_));
    baseline_ = std::move(baseline);
  }
  aliases_ = RD_TRY(alias_files_.load(arguments_, sources_, context_));
  if (!inputs_.zone.empty())
    RD_TRY(load_zone());
  else
    RD_TRY(load_policies());
  tell_time("policies loaded");
  plan_.compile({&aliases_, &types_, &origins_, false, &sources_});
  if (assigned_) note_unusable();
  RD_TRY(check_parameters());
  warn_of_guessed_aliases();
  tell_time("policies compiled");
  if (inputs_.again) {
    RD_TRY(judge_again());
  } else {
    RD_TRY(load_inventory());
    tell_time("templates expanded, exports read");
    judge();
  }
  note_unplaced();
  tell_time("resources judged");
  return {};
}

void ScanJob::tell_diagnostics() {
  for (const Diagnostic& diagnostic : notes_.diagnostics)
    if (diagnostic.severity != Severity::Hint || context_.verbose) context_.tell(diagnostic);
}

/// With --verbose, how long each step took.
void ScanJob::tell_time(std::string_view step) {
  const auto at = std::chrono::steady_clock::now();
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(at - last_step_);
  if (context_.verbose) context_.note(fmt::format("{}: {} ms", step, passed.count()));
  last_step_ = at;
}

/// Said before anything is scanned; the file is read again with the templates.
Result<void> ScanJob::check_parameter_file() const {
  const std::string& file = arguments_.text("--parameters");
  if (file.empty()) return {};
  doc::Sources sources;
  const Reading<doc::Document> document = RD_TRY(read_parameter_file(sources, file));
  return {};
}

Result<void> ScanJob::load_inventory() {
  estate::LoadOptions options;
  options.expand = deployment_;
  options.placements = RD_TRY(placements_of(zone_file_, zone_.tree(), deployment_, sources_));
  for (const std::string& type : zone_file_.complete_types)
    options.complete_types.push_back(type);
  options.parameter_file = arguments_.text("--parameters");
  for (const std::string& list : arguments_.values("--complete-types"))
    for (const std::string_view type : split(list, ','))
      options.complete_types.emplace_back(trim(type));
  options.assume_elsewhere = arguments_.given("--assume-elsewhere");
  options.progress = context_.progress.callback();
  options.rows = rescan();
  options.pool = &pool_;
  std::vector<std::string> paths = inputs_.paths;
  if (paths.empty()) {
    for (const posture::ZoneTemplates& one : zone_file_.templates)
      paths.push_back(one.path);
    paths.insert(paths.end(), zone_file_.exports.begin(), zone_file_.exports.end());
  }
  if (paths.empty()) {
    tell_diagnostics();
    return fail(Error::Kind::Usage, "CLI0044", "there is nothing to scan", {},
                "give templates or exports, or name them in the zone file");
  }
  inventory_ = estate::load(sources_, origins_, paths, options);
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

/// What is assigned and can't be compiled was not judged with.
void ScanJob::note_unusable() {
  const auto unusable =
      std::count_if(plan_.policies().begin(), plan_.policies().end(),
                    [](const posture::PlannedPolicy& one) { return one.error.has_value(); });
  if (unusable == 0) return;
  unread_policies_ = true;
  notes_.diagnostics.push_back(
      {Severity::Error,
       "POS0023",
       fmt::format("not judged: {} that the zone assigns",
                   counted(static_cast<std::uint64_t>(unusable), "policy", "policies")),
       {},
       "Azure would not take what the findings name; correct it"});
}

/// Resources that no assignment of a management group can reach must not look green in silence.
void ScanJob::note_unplaced() {
  if (!assigned_) return;
  std::map<std::string, bool> placed;  // by subscription
  std::size_t templates = 0;
  std::size_t all = 0;
  std::size_t judged = 0;
  for (const estate::Resource* resource : estate().resources()) {
    if (resource->existing || resource->subscription.empty()) continue;
    ++judged;
    const std::string id = fmt::format("/subscriptions/{}", resource->subscription);
    const auto [known, is_new] = placed.try_emplace(lower(id));
    if (is_new) known->second = zone_.tree().contains(id);
    if (known->second) continue;
    ++all;
    if (!resource->from_export) ++templates;
    if (!is_new) continue;
    notes_.not_looked_at.push_back(
        {id,
         "the zone does not say where it lies, so only what is assigned in it judges it; place it in the "
         "zone file, or name the templates with their scope there"});
  }
  // An export may hold more than the zone; a template that is nowhere, or nothing that is there, is a
  // mistake.
  unplaced_ = templates != 0 || (all != 0 && all == judged && !rescan_);
  if (unplaced_)
    notes_.diagnostics.push_back(
        {Severity::Error,
         "POS0024",
         fmt::format("outside of the landing zone's tree: {} of {}", all, counted(judged, "resource")),
         {},
         "what management groups assign was not judged there"});
}

void ScanJob::judge() {
  posture::ScanOptions options;
  options.all = inputs_.all;
  options.keep_quiet = inputs_.keep_quiet;
  options.strict_versions = arguments_.given("--strict-versions");
  options.now = now_;
  options.tenant = deployment_.tenant;
  options.location = deployment_.location;
  options.assigned = assigned_ ? &*assigned_ : nullptr;
  options.owners = owners_ ? &*owners_ : nullptr;
  options.baseline = baseline_ ? &*baseline_ : nullptr;
  if (rescan_) {
    tasks_ = rescan_->tasks(inventory_.value.estate);
    options.tasks = &tasks_;
  }
  scan_ = std::make_unique<posture::Scan>(plan_, inventory_.value.estate, sources_, origins_,
                                          std::move(options), pool_);
  scan_->run(context_.progress.callback());
  context_.progress.clear();
  if (baseline_) note_baseline();
}

void ScanJob::note_baseline() {
  for (std::size_t i = 0; i < baseline_->entries().size(); ++i) {
    const posture::BaselineEntry& entry = baseline_->entries()[i];
    const std::uint64_t uses = scan_->baseline_uses()[i];
    if (uses == 0)
      notes_.diagnostics.push_back({Severity::Hint, "POS0044", "an entry of the baseline fits no finding",
                                    entry.where, "remove it where the finding is fixed"});
    else if (entry.expired(now_))
      notes_.diagnostics.push_back(
          {Severity::Warning, "POS0043",
           fmt::format("an entry of the baseline has expired, what it accepted counts again: {} of {}, {}",
                       entry.policy.empty() ? entry.finding : entry.policy, entry.owner, entry.expires),
           entry.where, "fix the finding, or accept it anew"});
  }
}

std::string ScanJob::title() const {
  if (!zone_file_.name.empty()) return zone_file_.name;
  if (!inputs_.zone.empty()) return inputs_.zone;
  const std::vector<std::string_view> paths(inputs_.paths.begin(), inputs_.paths.end());
  return join(paths, ", ");
}

bool ScanJob::unreadable_inputs() const {
  const auto fatal = [](const Diagnostic& diagnostic) {
    // What could not be read at all; a mistake inside a template leaves the rest judged.
    return diagnostic.severity == Severity::Error && !diagnostic.code.starts_with("ARM02");
  };
  const auto failed = [](const estate::LoadedTemplate& loaded) { return loaded.expansion.failed; };
  const auto& templates = inventory_.value.templates;
  return std::any_of(inventory_.diagnostics.begin(), inventory_.diagnostics.end(), fatal) ||
         std::any_of(templates.begin(), templates.end(), failed) ||
         (templates.empty() && inventory_.value.exports.empty());
}

Exit ScanJob::exit_of_inputs() const {
  const bool wrong_path =
      std::any_of(inventory_.diagnostics.begin(), inventory_.diagnostics.end(),
                  [](const Diagnostic& diagnostic) { return diagnostic.code == "EST0101"; });
  if (wrong_path) return Exit::Usage;
  if (unreadable_inputs() || unread_policies_ || unplaced_) return Exit::Unfinished;
  return Exit::Done;
}

}  // namespace redoubt::cli

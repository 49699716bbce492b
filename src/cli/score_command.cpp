#include <fmt/format.h>

#include <charconv>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/data_option.h"
#include "cli/option_file.h"
#include "cli/record_options.h"
#include "cli/scan_job.h"
#include "posture/score_output.h"
#include "state/runs.h"

namespace redoubt::cli {

namespace {

Result<posture::ScoreControls> read_controls(const Arguments& arguments, Context& context) {
  posture::ScoreControls controls = posture::ScoreControls::built_in();
  for (const std::string& path : arguments.values("--controls")) {
    doc::Sources sources;
    const doc::Document document = RD_TRY(read_option_yaml(sources, path, context));
    RD_TRY(tell_mistakes(controls.add(document.root, sources), context));
  }
  return controls;
}

/// A check that nothing has is likely misspelt, and would count in no control.
void tell_lacking(const posture::ScoreControls& controls, ScanJob& job, Context& context) {
  std::vector<std::string_view> names;
  for (const posture::PlannedPolicy& planned : job.scan().plan().policies())
    names.push_back(planned.definition->name);
  for (const Diagnostic& diagnostic : controls.lacking(names))
    context.tell(diagnostic);
}

/// `--fail-below`: a number from 0 to 100; nothing when it is not given.
Result<std::optional<double>> fail_below(const Arguments& arguments) {
  if (!arguments.given("--fail-below")) return std::nullopt;
  const std::string_view text = arguments.text("--fail-below");
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= 0 && value <= 100) return value;
  return fail(Error::Kind::Usage, "CLI0071", fmt::format("--fail-below is no percentage: {}", text), {},
              "give a number from 0 to 100");
}

/// Findings that somebody answers for and that are not due yet, of the recorded runs of that name.
Result<std::set<std::string>> read_grace(const Arguments& arguments, const ScanJob& job) {
  std::set<std::string> out;
  if (!arguments.given("--grace")) return out;
  state::Runs runs = RD_TRY(state::Runs::open_to_read(data_directory(arguments)));
  const std::string& name = arguments.text("--series");
  const std::vector<state::KeptFinding> open =
      RD_TRY(runs.open_findings(name.empty() ? default_series(job, arguments) : name));
  for (const state::KeptFinding& one : open)
    if (!one.finding.owner.empty() && one.due && *one.due > job.now()) out.insert(one.finding.id);
  return out;
}

Result<Exit> run_score(const Arguments& arguments, Context& context) {
  const posture::ScoreControls controls = RD_TRY(read_controls(arguments, context));
  const std::optional<double> least = RD_TRY(fail_below(arguments));
  const std::span<const std::string> paths = arguments.values("PATH");
  ScanJob job(arguments, context);
  RD_TRY(job.run({.paths = {paths.begin(), paths.end()},
                  .zone = arguments.text("--zone"),
                  .baseline = arguments.text("--baseline"),
                  .keep_quiet = true}));
  job.tell_diagnostics();
  tell_lacking(controls, job, context);
  const std::set<std::string> grace = RD_TRY(read_grace(arguments, job));
  const posture::ScanScore score = posture::score_scan(job.scan(), controls, grace);
  job.tell_time("score worked out");
  const std::vector<posture::FixFirst> first = posture::fix_first(job.scan(), score);
  if (context.format == "json")
    context.output.write(posture::score_json(score, first, posture::judged_all(job.scan(), job.notes())));
  else if (context.format == "markdown")
    context.output.write(posture::score_markdown(score, first, job.notes().policies_text()));
  else
    context.output.write(posture::score_table(score, first, job.notes().policies_text(), context.style));
  if (const Exit exit = job.exit_of_inputs(); exit != Exit::Done) return exit;
  if (least && !score.secure.percentage) {
    context.tell({Severity::Error,
                  "CLI0073",
                  "--fail-below: there is no score, as no control has an assessment",
                  {},
                  "see what was judged; --controls takes checks of your own"});
    return Exit::Unfinished;
  }
  const bool below = least && score.secure.percentage && *score.secure.percentage * 100 < *least;
  return below ? Exit::Findings : Exit::Done;
}

std::vector<Option> score_options() {
  std::vector<Option> options = scan_options();
  options.push_back({.flags = "--baseline",
                     .value = "FILE",
                     .text = "accepted findings: they leave the count, as a waiver does"});
  options.push_back({.flags = "--controls",
                     .value = "FILE",
                     .text = "YAML, which control your own checks belong to",
                     .repeatable = true});
  options.push_back(
      {.flags = "--grace", .text = "recorded findings with an owner do not count before they are due"});
  options.push_back({.flags = "--series",
                     .value = "NAME",
                     .text = "of --grace, the recorded runs; without it the zone's name and the paths"});
  options.push_back({.flags = "--fail-below", .value = "PERCENT", .text = "exit 1 when the score is lower"});
  return options;
}

}  // namespace

std::vector<Command> score_commands() {
  return {{.name = "posture score",
           .summary = "Give the secure score, and say what to fix first",
           .examples = {"redoubt posture score infra/", "redoubt posture score --zone zone.yaml --grace",
                        "redoubt posture score infra/ -f markdown -o score.md",
                        "redoubt posture score infra/ --controls ours.yaml --fail-below 80"},
           .description =
               "Judges as `posture scan` does, with the same pack where no policy is named, then counts "
               "healthy and unhealthy resources for each control "
               "and subscription, as Defender for Cloud does: a control gives its points times healthy / "
               "(healthy + unhealthy), and a resource is unhealthy when one check of the control fails. "
               "Resources whose verdict is unknown do not count, and are shown.\n\n"
               "The findings to fix first come by risk: severity, exposure to the internet, sensitivity of "
               "data, and how many resources hang on it.",
           .positionals = {{.name = "PATH",
                            .text = "templates, exports, folders; with --zone those of the zone file",
                            .required = false,
                            .repeatable = true}},
           .options = score_options(),
           .formats = {"table", "json", "markdown"},
           .run = run_score}};
}

}  // namespace redoubt::cli

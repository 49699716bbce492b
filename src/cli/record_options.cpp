#include "cli/record_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/data_option.h"
#include "cli/option_file.h"
#include "core/text.h"
#include "posture/record_run.h"

namespace redoubt::cli {

std::vector<Option> record_options() {
  return {{.flags = "--record", .text = "keep the run in the data directory: `posture trend` shows it"},
          {.flags = "--record-as",
           .value = "NAME",
           .text = "keep it as a run of this name; without it the zone's name and the paths"},
          {.flags = "--due",
           .value = "FILE",
           .text = "YAML, days to fix a finding by severity; without it critical 7, high 30, medium 90, "
                   "low 180"}};
}

bool wants_record(const Arguments& arguments) {
  return arguments.given("--record") || arguments.given("--record-as");
}

std::string default_series(const ScanJob& job, const Arguments& arguments) {
  const std::vector<std::string_view> paths(arguments.values("PATH").begin(), arguments.values("PATH").end());
  if (paths.empty() || arguments.text("--zone").empty()) return job.title();
  return fmt::format("{}: {}", job.title(), join(paths, ", "));
}

Result<posture::DueDates> read_due_dates(const Arguments& arguments, Context& context) {
  if (!arguments.given("--due")) return posture::DueDates();
  if (!wants_record(arguments))
    return fail(Error::Kind::Usage, "CLI0070", "--due is for --record", {}, "add --record to keep the run");
  doc::Sources sources;
  const doc::Document document = RD_TRY(read_option_yaml(sources, arguments.text("--due"), context));
  const Reading<posture::DueDates> due = posture::DueDates::read(document.root, sources);
  RD_TRY(tell_mistakes(due.diagnostics, context));
  return due.value;
}

namespace {

/// Runs of one series that are judged with other policies close each other's findings, and nothing was fixed.
Result<void> warn_of_other_policies(ScanJob& job, const std::string& series, state::Runs& runs,
                                    Context& context) {
  std::set<std::string> judging;
  for (const posture::PlannedPolicy& planned : job.scan().plan().policies())
    judging.insert(planned.definition->name);
  const std::vector<state::KeptFinding> open = RD_TRY(runs.open_findings(series));
  const auto others = std::count_if(open.begin(), open.end(), [&](const state::KeptFinding& one) {
    return !judging.contains(one.finding.policy);
  });
  if (others == 0) return {};
  context.tell({Severity::Warning,
                "POS0085",
                fmt::format("this run closes findings of policies that it is not judged with: {} of {}",
                            others, series),
                {},
                "give runs with another pack a name of their own with --record-as"});
  return {};
}

}  // namespace

Result<void> record(ScanJob& job, const Arguments& arguments, Context& context,
                    const posture::DueDates& due) {
  const Exit inputs = job.exit_of_inputs();
  if (inputs == Exit::Usage) return {};
  state::Runs runs = RD_TRY(state::Runs::open(data_directory(arguments)));
  const posture::ScanScore score = posture::score_scan(job.scan(), posture::ScoreControls::built_in(), {}, 0);
  const std::string& name = arguments.text("--record-as");
  const std::span<const std::string> paths = arguments.values("PATH");
  const posture::RunHead head{name.empty() ? default_series(job, arguments) : name,
                              job.now(),
                              {paths.begin(), paths.end()},
                              arguments.text("--zone"),
                              inputs == Exit::Done && posture::judged_all(job.scan(), job.notes())};
  if (head.complete) RD_TRY(warn_of_other_policies(job, head.series, runs, context));
  const state::Run run = RD_TRY(posture::record_run(job.scan(), score, head, due, runs));
  context.note(fmt::format("recorded as run {} of {}: {} new, {} closed{}; `redoubt posture trend` shows it",
                           run.id, run.series, run.opened, run.closed,
                           run.complete ? "" : ", as not everything could be judged"));
  job.tell_time("run recorded");
  return {};
}

}  // namespace redoubt::cli

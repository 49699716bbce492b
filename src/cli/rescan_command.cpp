#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/fail_on.h"
#include "cli/scan_job.h"
#include "core/time.h"
#include "posture/diff.h"

namespace redoubt::cli {

namespace {

std::string time_text(Instant time) {
  return format_time(ZonedTime{time, 0}, "yyyy-MM-ddTHH:mm:ssZ").value_or("an earlier time");
}

std::uint64_t verdicts(const posture::Summary& summary) {
  return summary.compliant + summary.noncompliant + summary.unknown + summary.error + summary.not_applicable +
         summary.exempt;
}

Result<Exit> run_rescan(const Arguments& arguments, Context& context) {
  const std::span<const std::string> paths = arguments.values("PATH");
  ScanJob job(arguments, context);
  RD_TRY(job.run({.paths = {paths.begin(), paths.end()},
                  .zone = arguments.text("--zone"),
                  .all = true,
                  .baseline = {},
                  .again = true}));
  job.tell_diagnostics();
  const posture::Rescan* const rescan = job.rescan();
  if (rescan == nullptr || job.unreadable_inputs()) {
    context.note("nothing is compared, and the last pass stays, because not everything could be read");
    return std::max(Exit::Usage, job.exit_of_inputs());
  }
  const std::optional<Instant> last = rescan->last_time();
  posture::DiffSide before(last ? fmt::format("the pass of {}", time_text(*last)) : "this pass");
  posture::DiffSide after("this pass");
  job.compare_passes(before, after);
  const std::uint64_t judged = job.scan().summary().considered;
  if (rescan->why_all().empty())
    context.note(fmt::format("judged again: {} of {} verdicts", judged, verdicts(after.summary())));
  else
    context.note(fmt::format("all {} verdicts were judged: {}", judged, rescan->why_all()));
  const posture::Diff difference = posture::diff(before, after);
  if (context.format == "json")
    context.output.write(posture::diff_json(difference));
  else if (context.format == "markdown")
    context.output.write(posture::diff_markdown(difference));
  else
    context.output.write(posture::diff_table(difference, context.style));
  job.tell_time("changes written");
  if (const Result<void> kept = job.finish_keeping(); !kept) {
    context.tell(kept.error());
    return Exit::Unfinished;
  }
  if (const Exit exit = job.exit_of_inputs(); exit != Exit::Done) return exit;
  return exit_for(difference.worst(), fail_on(arguments));
}

}  // namespace

std::vector<Command> rescan_commands() {
  std::vector<Option> options = scan_options();
  options.push_back(fail_on_option(Level::None));
  return {{.name = "posture rescan",
           .summary = "Judge again what changed since the last pass, and say what got worse or better",
           .examples = {"redoubt posture rescan --zone zone.yaml",
                        "redoubt posture rescan inventory.json --policy policies/ --fail-on high",
                        "redoubt posture rescan --zone zone.yaml -f markdown -o changes.md"},
           .description =
               "The first run judges everything and keeps the pass in the data directory; each later one, "
               "with "
               "the same PATHs and the same zone, prints what is other than at the pass before and keeps its "
               "own. "
               "Rows of exports that are as they were keep their verdicts, unless something they hang on "
               "changed: "
               "a resource that a policy looked for, the resource group, the time. When a policy, an "
               "assignment, an option, a template or the program is other, everything is judged.\n\n"
               "Of verdicts that no longer stand only the state is kept, not the reason. --fail-on counts "
               "what "
               "is newly noncompliant.",
           .positionals = {{.name = "PATH",
                            .text = "templates, exports, folders; with --zone those of the zone file",
                            .required = false,
                            .repeatable = true}},
           .options = std::move(options),
           .formats = {"table", "json", "markdown"},
           .run = run_rescan}};
}

}  // namespace redoubt::cli

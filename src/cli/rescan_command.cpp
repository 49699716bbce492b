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

Result<Exit> run_rescan(const Arguments& arguments, Context& context) {
  const std::span<const std::string> paths = arguments.values("PATH");
  ScanJob job(arguments, context);
  RD_TRY(job.run({.paths = {paths.begin(), paths.end()},
                  .zone = arguments.text("--zone"),
                  .all = true,
                  .baseline = {},
                  .again = true,
                  .pass = arguments.text("--pass"),
                  .keep = !arguments.given("--no-keep")}));
  job.tell_diagnostics();
  const posture::Rescan* const rescan = job.rescan();
  if (rescan == nullptr || job.unreadable_inputs()) {
    context.note("nothing is compared, and the last pass stays, because not everything could be read");
    return std::max(Exit::Usage, job.exit_of_inputs());
  }
  const std::optional<Instant> last = rescan->last_time();
  posture::DiffSide before(
      last ? fmt::format("the pass of {}", to_text(from_epoch_seconds(to_epoch_seconds(*last))))
           : "this pass");
  posture::DiffSide after("this pass");
  job.compare_passes(before, after);
  const std::uint64_t judged = job.scan().summary().considered;
  if (rescan->why_all().empty())
    context.note(fmt::format("judged again: {} of {} verdicts; {}", judged, after.summary().verdicts(),
                             rescan->what_is_judged()));
  else
    context.note(fmt::format("all {} verdicts were judged: {}", judged, rescan->why_all()));
  posture::Diff difference = posture::diff(before, after);
  difference.first = !last;
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
  if (arguments.given("--fail-on-unknown") &&
      (last ? !difference.newly_unknown.empty() : job.scan().has_open()))
    return Exit::Findings;
  return exit_for(last ? difference.worst() : job.scan().worst(), fail_on(arguments));
}

}  // namespace

std::vector<Command> rescan_commands() {
  std::vector<Option> options = scan_options();
  options.push_back(
      {.flags = "--pass",
       .value = "NAME",
       .text = "the series of passes to compare with and to keep; without it that of the inputs"});
  options.push_back({.flags = "--no-keep", .text = "compare with the last pass, and leave it as it is"});
  options.push_back(fail_on_option(Level::None));
  options.push_back(
      {.flags = "--fail-on-unknown", .text = "exit 1 when a verdict is newly unknown or an error"});
  return {{.name = "posture rescan",
           .summary = "Judge again what changed since the last pass, and say what got worse or better",
           .examples = {"redoubt posture rescan --zone zone.yaml",
                        "redoubt posture rescan inventory.json --policy policies/ --fail-on high",
                        "redoubt posture rescan --zone zone.yaml -f markdown -o changes.md"},
           .description =
               "The first run judges everything and keeps the pass in the data directory; each later one "
               "prints what is other than at the pass before, and keeps its own. Rows of exports that are "
               "as they were keep their verdicts, unless something they hang on changed: a resource that a "
               "policy looked for, the resource group, the time. When a policy, an assignment, an option, a "
               "template or the program is other, everything is judged; with relation checks, as in ailz, it "
               "always is.\n\n"
               "A pass belongs to its PATHs, zone, --policy and --initiative, in any order. Where the paths "
               "have another name each time, such as exports by date, name the series with --pass.\n\n"
               "Of verdicts that no longer stand only the state is kept, not the reason. --fail-on counts "
               "what is newly noncompliant, in the first run whatever is; the run after that has it as "
               "known, so use --no-keep where a failed job is tried again.",
           .positionals = {{.name = "PATH",
                            .text = "templates, exports, folders; with --zone those of the zone file",
                            .required = false,
                            .repeatable = true}},
           .options = std::move(options),
           .formats = {"table", "json", "markdown"},
           .run = run_rescan}};
}

}  // namespace redoubt::cli

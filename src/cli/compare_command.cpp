#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/scan_job.h"
#include "posture/compare.h"

namespace redoubt::cli {

namespace {

using posture::PolicyStates;

Result<std::optional<Instant>> exported_at(const Arguments& arguments) {
  if (!arguments.given("--exported-at")) return std::optional<Instant>();
  const Result<ZonedTime> time = parse_time(arguments.text("--exported-at"));
  if (!time)
    return fail(Error::Kind::Usage, "CLI0020", "--exported-at is no time", {}, "write 2026-01-31T12:00:00Z");
  return std::optional<Instant>(time->instant);
}

Result<void> read_states(const Arguments& arguments, Context& context, PolicyStates& states) {
  for (const std::string& path : arguments.values("--states")) {
    Result<void> read = states.read(path);
    if (read) continue;
    read.error().kind = Error::Kind::Usage;
    return read;
  }
  states.finish();
  for (const Diagnostic& diagnostic : states.diagnostics())
    context.tell(diagnostic);
  if (states.rows_read() == 0)
    context.tell(Diagnostic{Severity::Warning,
                            "POS0022",
                            "there is no policy state to compare with",
                            {},
                            "give what `az policy state list -o json` prints, or policyresources of Resource "
                            "Graph"});
  return {};
}

Result<Exit> run_compare(const Arguments& arguments, Context& context) {
  if (!arguments.given("--states"))
    return fail(Error::Kind::Usage, "CLI0045", "there are no states to compare with", {},
                "give what `az policy state list -o json` prints with --states");
  const bool zone = arguments.given("--zone");
  if (!zone && !arguments.given("--policy"))
    return fail(Error::Kind::Usage, "CLI0045", "there is nothing that Azure could have judged too", {},
                "give the landing zone with --zone, or its definitions with --policy");
  posture::CompareOptions options;
  options.exported_at = RD_TRY(exported_at(arguments));
  PolicyStates states(zone ? PolicyStates::By::Assignment : PolicyStates::By::Definition);
  RD_TRY(read_states(arguments, context, states));
  const std::span<const std::string> paths = arguments.values("PATH");
  ScanJob job(arguments, context);
  RD_TRY(job.run({{paths.begin(), paths.end()}, arguments.text("--zone"), true}));
  job.tell_diagnostics();
  if (job.exit_of_inputs() == Exit::Usage) {
    context.note("nothing is compared, because a path is not there");
    return Exit::Usage;
  }
  options.assigned = job.assigned();
  options.now = job.now();
  const posture::Comparison comparison = posture::compare(job.scan(), job.estate(), states, options);
  job.tell_time("compared");
  if (comparison.file_times_used)
    context.note(
        "the time at which a file was written stands for when its export was made; --exported-at says "
        "when it was");
  context.output.write(context.format == "json" ? posture::comparison_json(comparison)
                                                : posture::comparison_table(comparison, context.style));
  if (const Exit exit = job.exit_of_inputs(); exit != Exit::Done) return exit;
  if (comparison.decided == 0) {
    context.tell(
        Diagnostic{Severity::Error,
                   "POS0025",
                   "nothing was compared: no key is decided on both sides",
                   {},
                   "the resources, assignments and references of both exports must be the same ones"});
    return Exit::Unfinished;
  }
  const bool differ = comparison.decided != comparison.agreed;
  return differ && arguments.given("--fail-on-disagreement") ? Exit::Findings : Exit::Done;
}

}  // namespace

std::vector<Command> compare_commands() {
  std::vector<Option> options = scan_options();
  options.push_back({.flags = "--states",
                     .value = "FILE",
                     .text = "what `az policy state list -o json` prints, or `az graph query` of the table "
                             "policyresources; also REST answers and JSON Lines",
                     .repeatable = true});
  options.push_back(
      {.flags = "--exported-at",
       .value = "TIME",
       .text = "when the exports were made; without it the time at which each file was written counts, "
               "which a copy or a checkout makes newer"});
  options.push_back({.flags = "--fail-on-disagreement", .text = "exit 1 when a key is judged differently"});
  return {
      {.name = "posture compare",
       .summary = "Set verdicts against Azure's own compliance states of the same estate",
       .examples = {"redoubt posture compare export.json --zone zone.yaml --states states.json",
                    "redoubt posture compare --zone zone.yaml --states states-1.json --states states-2.json "
                    "-f json",
                    "redoubt posture compare export.json --policy definitions.jsonl --states states.json"},
       .description =
           "Export both on one day: `az graph query -q Resources -o json` and `az policy state list --all "
           "-o json`, with the same scope.\n\n"
           "With --zone a key is a resource, an assignment and a reference of its set; with --policy a "
           "resource and a definition. Of several rows of a key the newest counts. Agreement is the share "
           "of the keys that both sides decide; what is left out is counted with its reason. Every "
           "disagreement comes with our reason and place, Azure's time, and the likely cause where it can "
           "be told. That the export is newer or older than the evaluation is told by --exported-at, or by "
           "the times of its files. Exit 1 when --fail-on-disagreement is given and a key is judged "
           "differently, 3 when nothing was compared.",
       .positionals = {{.name = "PATH",
                        .text = "exports, templates, folders; with --zone those of the zone file",
                        .required = false,
                        .repeatable = true}},
       .options = std::move(options),
       .formats = {"table", "json"},
       .run = run_compare}};
}

}  // namespace redoubt::cli

#include <algorithm>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/baseline_options.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/fail_on.h"
#include "cli/record_options.h"
#include "cli/scan_job.h"
#include "posture/findings.h"
#include "posture/score_output.h"
#include "report/sarif.h"

namespace redoubt::cli {

namespace {

void write_sarif(ScanJob& job, Context&, const posture::Write& write) {
  write(report::to_sarif(
            posture::findings_sarif(job.scan(), job.notes(), std::filesystem::current_path().string())) +
        "\n");
}

constexpr std::string_view kPage = "html";

/// The secure score, and the policies behind what to fix first.
void tell_score(posture::Scan& scan, posture::FindingsPage& page) {
  static constexpr std::size_t kPolicies = 5;
  static constexpr std::size_t kFindings = 100;  // several are of one policy
  const posture::ScanScore score =
      posture::score_scan(scan, posture::ScoreControls::built_in(), {}, kFindings);
  if (score.secure.percentage)
    page.score = {"Secure score", posture::percent_text(score.secure.percentage),
                  "Points of the controls that have assessments, as Defender for Cloud counts them; "
                  "redoubt posture score shows them one by one."};
  for (const posture::RankedFinding& ranked : score.first) {
    const posture::PlannedPolicy* const policy =
        &scan.plan().policies()[scan.records()[ranked.record].policy];
    const bool there = std::find(page.first.begin(), page.first.end(), policy) != page.first.end();
    if (!there && page.first.size() < kPolicies) page.first.push_back(policy);
  }
}

void write_page(ScanJob& job, Context&, const posture::Write& write) {
  posture::FindingsPage page;
  page.title = job.title();
  tell_score(job.scan(), page);
  page.now = job.now();
  page.tree = job.assigned() == nullptr ? nullptr : &job.zone().tree();
  page.library = job.assigned() == nullptr ? &job.library() : &job.zone().library();
  posture::write_findings_page(job.scan(), job.notes(), page, write);
}

/// A format of the findings, the first one being what is written unless another is asked for.
struct FindingsFormat {
  std::string_view name;
  void (*write)(ScanJob& job, Context& context, const posture::Write& write);
};
constexpr FindingsFormat kFormats[] = {
    {"table",
     [](ScanJob& job, Context& context, const posture::Write& write) {
       posture::write_findings_table(job.scan(), job.notes(), context.style, write);
     }},
    {"json",
     [](ScanJob& job, Context&, const posture::Write& write) {
       posture::write_findings_json(job.scan(), job.notes(), write);
     }},
    {"sarif", write_sarif},
    {"junit",
     [](ScanJob& job, Context&, const posture::Write& write) {
       posture::write_findings_junit(job.scan(), job.notes(), write);
     }},
    {"csv", [](ScanJob& job, Context&,
               const posture::Write& write) { posture::write_findings_csv(job.scan(), job.notes(), write); }},
    {"markdown",
     [](ScanJob& job, Context&, const posture::Write& write) {
       posture::write_findings_markdown(job.scan(), job.notes(), write);
     }},
    {kPage, write_page},
};

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const FindingsFormat& format : kFormats)
    names.emplace_back(format.name);
  return names;
}

void write_findings(ScanJob& job, Context& context) {
  const posture::Write write = [&](std::string_view text) { context.output.write(text); };
  for (const FindingsFormat& format : kFormats)
    if (context.format == format.name) format.write(job, context, write);
}

Result<Exit> run_posture_scan(const Arguments& arguments, Context& context) {
  const std::span<const std::string> paths = arguments.values("PATH");
  RD_TRY(check_baseline_options(arguments));
  const posture::DueDates due = RD_TRY(read_due_dates(arguments, context));
  ScanJob job(arguments, context);
  RD_TRY(job.run({.paths = {paths.begin(), paths.end()},
                  .zone = arguments.text("--zone"),
                  .all = arguments.given("--all"),
                  .baseline = baseline_file(arguments),
                  .keep_quiet = wants_record(arguments) || context.format == kPage}));
  job.tell_diagnostics();
  write_findings(job, context);
  job.tell_time("findings written");
  if (wants_record(arguments)) RD_TRY(record(job, arguments, context, due));
  if (arguments.given("--write-baseline")) {
    RD_TRY(write_baseline(arguments, context, job.scan()));
    return job.exit_of_inputs();
  }
  if (const Exit exit = job.exit_of_inputs(); exit != Exit::Done) return exit;
  if (arguments.given("--fail-on-unknown") && job.scan().has_open()) return Exit::Findings;
  return exit_for(job.scan().worst(), fail_on(arguments));
}

}  // namespace

std::vector<Command> posture_commands() {
  std::vector<Option> options = scan_options();
  options.push_back({.flags = "--all", .text = "compliant and notApplicable rows too"});
  for (const Option& option : baseline_options())
    options.push_back(option);
  for (const Option& option : record_options())
    options.push_back(option);
  options.push_back(fail_on_option(Level::None));
  options.push_back({.flags = "--fail-on-unknown", .text = "exit 1 when a verdict is unknown or an error"});
  return {
      {.name = "posture scan",
       .summary = "Judge templates and inventories against Azure Policy",
       .examples =
           {"redoubt posture scan infra/", "redoubt posture scan main.json --policy policies/ --fail-on high",
            "redoubt posture scan export.json --policy definitions.jsonl --initiative \"My initiative\"",
            "redoubt posture scan infra/ -f sarif -o findings.sarif",
            "redoubt posture scan infra/ -f html -o report.html", "redoubt posture scan --zone zone.yaml",
            "redoubt posture scan infra/ --write-baseline known.yaml --reason older --owner data-team",
            "redoubt posture scan infra/ --baseline baseline.yaml --fail-on low",
            "redoubt posture scan --zone zone.yaml --record"},
       .description =
           "PATH is an ARM template, a Resource Graph export, or a folder of such. Every template is "
           "expanded offline with its parameter file and judged as it would be deployed. What a template "
           "leaves open gives the verdict unknown with its reason, never compliant.\n\n"
           "Where no policy is named the starter pack `redoubt-starter` judges; `--initiative ailz` is the "
           "AI landing-zone pack, with all that `posture compliance` asks for.\n\n"
           "A baseline holds the findings that somebody answers for: with --baseline they stay noncompliant "
           "and do not count, until they expire.",
       .positionals = {{.name = "PATH",
                        .text = "templates, exports, folders; with --zone those of the zone file",
                        .required = false,
                        .repeatable = true}},
       .options = std::move(options),
       .formats = format_names(),
       .run = run_posture_scan}};
}

}  // namespace redoubt::cli

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "cli/arguments.h"
#include "cli/baseline_options.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/fail_on.h"
#include "cli/option_file.h"
#include "cli/scan_job.h"
#include "posture/compliance_output.h"

namespace redoubt::cli {

namespace {

class ComplianceRun {
 public:
  ComplianceRun(const Arguments& arguments, Context& context) : arguments_(arguments), context_(context) {}

  Result<Exit> run() {
    RD_TRY(choose_frameworks());
    RD_TRY(read_mappings());
    if (arguments_.given("--coverage")) return cover();
    return judge();
  }

 private:
  Result<void> choose_frameworks() {
    for (const std::string& name : arguments_.values("--framework")) {
      const std::size_t number = RD_TRY(frameworks_.find(name));
      if (std::find(chosen_.begin(), chosen_.end(), number) == chosen_.end()) chosen_.push_back(number);
    }
    if (!chosen_.empty()) return {};
    chosen_.resize(frameworks_.all().size());
    std::iota(chosen_.begin(), chosen_.end(), std::size_t{0});
    return {};
  }

  /// Reads a file of entries. All its mistakes are told, and the first one ends the command.
  template <class T>
  Result<T> read_entries(const std::string& path, const std::function<Reading<T>(const doc::Value&)>& read) {
    const doc::Document document = RD_TRY(read_option_yaml(sources_, path, context_));
    Reading<T> reading = read(document.root);
    RD_TRY(tell_mistakes(reading.diagnostics, context_));
    return std::move(reading.value);
  }

  Result<void> read_mappings() {
    mappings_ = posture::built_in_mappings(frameworks_);
    for (const std::string& path : arguments_.values("--mapping")) {
      posture::ControlMapping mapping =
          RD_TRY(read_entries<posture::ControlMapping>(path, [&](const doc::Value& root) {
            return posture::read_mapping(root, sources_, frameworks_, path);
          }));
      mappings_.push_back(std::move(mapping));
    }
    return {};
  }

  Result<void> read_attestations(Instant now) {
    for (const std::string& path : arguments_.values("--attest")) {
      std::vector<posture::Attestation> more =
          RD_TRY(read_entries<std::vector<posture::Attestation>>(path, [&](const doc::Value& root) {
            return posture::read_attestations(root, sources_, frameworks_, now);
          }));
      attestations_.insert(attestations_.end(), more.begin(), more.end());
    }
    return {};
  }

  Result<Exit> cover() {
    for (const std::string_view name : {"PATH", "--zone", "--policy", "--initiative", "--attest"})
      if (arguments_.given(name))
        return fail(Error::Kind::Usage, "CLI0060", fmt::format("--coverage does not go with {}", name), {},
                    "it counts what the mappings say, and judges nothing");
    if (context_.format == "oscal")
      return fail(Error::Kind::Usage, "CLI0060", "--coverage has no OSCAL form", {},
                  "shares are no assessment; use -f json");
    const std::vector<posture::FrameworkShare> shares =
        posture::framework_coverage(frameworks_, azure_, mappings_, chosen_);
    if (context_.format == "json")
      context_.output.write(posture::coverage_json(shares));
    else if (context_.format == "markdown")
      context_.output.write(posture::coverage_markdown(shares));
    else
      context_.output.write(posture::coverage_table(shares, context_.style));
    return Exit::Done;
  }

  Result<Exit> judge() {
    const std::span<const std::string> paths = arguments_.values("PATH");
    ScanJob job(arguments_, context_);
    RD_TRY(job.run({.paths = {paths.begin(), paths.end()},
                    .zone = arguments_.text("--zone"),
                    .all = true,
                    .baseline = arguments_.text("--baseline"),
                    .pack = kLandingZonePack}));
    job.tell_diagnostics();
    RD_TRY(read_attestations(job.now()));
    const posture::ScanEvidence evidence(job.scan());
    const posture::Compliance compliance =
        posture::assess({frameworks_, azure_, mappings_, attestations_, evidence, chosen_});
    job.tell_time("controls judged");
    for (const Diagnostic& diagnostic : compliance.diagnostics)
      context_.tell(diagnostic);
    print(compliance, evidence, job);
    if (const Exit exit = job.exit_of_inputs(); exit != Exit::Done) return exit;
    return exit_for(compliance.worst, fail_on(arguments_));
  }

  void print(const posture::Compliance& compliance, const posture::ScanEvidence& evidence, ScanJob& job) {
    const posture::ComplianceStyle style{context_.style, arguments_.given("--framework"),
                                         arguments_.given("--all"), job.notes().policies_text()};
    const posture::Write write = [this](std::string_view text) { context_.output.write(text); };
    if (context_.format == "json")
      posture::write_compliance_json(compliance, evidence, job.now(),
                                     posture::judged_all(job.scan(), job.notes()), write);
    else if (context_.format == "oscal")
      posture::write_compliance_oscal(compliance, job.now(), write);
    else if (context_.format == "markdown")
      context_.output.write(posture::compliance_markdown(compliance, style));
    else
      context_.output.write(posture::compliance_table(compliance, style));
  }

  const Arguments& arguments_;
  Context& context_;
  doc::Sources sources_;
  posture::Frameworks frameworks_;
  posture::AzureControls azure_{frameworks_};
  std::vector<posture::ControlMapping> mappings_;
  std::vector<posture::Attestation> attestations_;
  std::vector<std::size_t> chosen_;
};

std::vector<Option> compliance_options() {
  std::vector<Option> options = {
      {.flags = "--framework",
       .value = "NAME",
       .text = "only this one, control by control: atlas, eu-ai-act, hipaa, iso-27001, iso-42001, mcsb-v1, "
               "mcsb-v2, nist-800-53, nist-ai-rmf, nist-csf, owasp-llm, soc-2, or its title",
       .repeatable = true},
      {.flags = "--attest",
       .value = "FILE",
       .text = "what people answer for: framework, control, statement, author, expires",
       .repeatable = true},
      {.flags = "--mapping",
       .value = "FILE",
       .text = "checks of your own that say something about controls",
       .repeatable = true},
      {.flags = "--coverage",
       .text = "scan nothing: the share of controls that have a check, beside Azure's own"},
      {.flags = "--all", .text = "every control, not only those that failed or are open"}};
  for (const Option& option : scan_options(kLandingZonePack))
    options.push_back(option);
  options.push_back({.flags = "--baseline",
                     .value = "FILE",
                     .text = "accepted findings: they neither fail nor pass a control"});
  options.push_back(fail_on_option(Level::None));
  return options;
}

}  // namespace

std::vector<Command> compliance_commands() {
  return {
      {.name = "posture compliance",
       .summary = "Say for each control of a framework what its checks found",
       .examples = {"redoubt posture compliance infra/",
                    "redoubt posture compliance infra/ --framework iso-27001 --attest attestations.yaml",
                    "redoubt posture compliance export.json --framework \"EU AI Act\" -f json",
                    "redoubt posture compliance infra/ -f oscal -o assessment-results.json",
                    "redoubt posture compliance --coverage -f markdown"},
       .description =
           "Scans as `posture scan` does, then goes from controls to checks to what they found, for MCSB v1 "
           "and v2, ISO 27001 and 42001, SOC 2, HIPAA, NIST 800-53, CSF and AI RMF, the EU AI Act, OWASP "
           "LLM and ATLAS.\n\n"
           "Every control has a state: failed, unknown, notCovered (no check says anything about it), "
           "manual (no machine can judge it), attested, passed, notApplicable, withdrawn. A passed control "
           "passed its checks: most controls ask for more. Azure's built-in policies count where the scan "
           "judges with them, for the controls that Azure's own initiatives name.\n\n"
           "Where no policy is named the AI landing-zone pack `ailz` judges, not the starter pack as in "
           "`posture scan`: the mappings speak of its checks. `posture scan --initiative ailz` shows the "
           "findings.\n\n"
           "--fail-on counts the findings that make a control fail.",
       .positionals = {{.name = "PATH",
                        .text = "templates, exports, folders; with --zone those of the zone file",
                        .required = false,
                        .repeatable = true}},
       .options = compliance_options(),
       .formats = {"table", "json", "markdown", "oscal"},
       .run = [](const Arguments& arguments, Context& context) {
         return ComplianceRun(arguments, context).run();
       }}};
}

}  // namespace redoubt::cli

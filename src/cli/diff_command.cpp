#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/fail_on.h"
#include "cli/option_file.h"
#include "cli/scan_job.h"
#include "core/path_hint.h"
#include "core/text.h"
#include "posture/diff.h"

namespace redoubt::cli {

namespace {

bool is_zone_file(std::string_view path) {
  return ends_with_any_case(path, ".yaml") || ends_with_any_case(path, ".yml");
}

class DiffRun {
 public:
  DiffRun(const Arguments& arguments, Context& context) : arguments_(arguments), context_(context) {}

  Result<Exit> run() {
    posture::DiffSide before(arguments_.text("OLD"));
    posture::DiffSide after(arguments_.text("NEW"));
    RD_TRY(check_path(before.name()));
    RD_TRY(check_path(after.name()));
    RD_TRY(load(before));
    RD_TRY(load(after));
    if (unreadable_) {
      // Half of a comparison would say that things are gone.
      context_.note("nothing is compared, because not everything could be read");
      return std::max(Exit::Usage, exit_);
    }
    const posture::Diff difference = posture::diff(before, after);
    if (context_.format == "json")
      context_.output.write(posture::diff_json(difference));
    else if (context_.format == "markdown")
      context_.output.write(posture::diff_markdown(difference));
    else
      context_.output.write(posture::diff_table(difference, context_.style));
    if (exit_ != Exit::Done) return exit_;
    return exit_for(difference.worst(), fail_on(arguments_));
  }

 private:
  static Result<void> check_path(const std::string& path) {
    std::error_code error;
    if (std::filesystem::exists(path, error)) return {};
    return fail(Error::Kind::Usage, "EST0101", "there is no such file or folder", Where{path, 0, 0, {}},
                path_hint(path, "check the path"));
  }

  Result<void> load(posture::DiffSide& side) {
    const std::string& path = side.name();
    if (posture::is_saved_result(path)) return load_saved(side);
    ScanJob::Inputs inputs{{path}, arguments_.text("--zone"), true};
    if (is_zone_file(path)) {
      if (!inputs.zone.empty())
        return fail(Error::Kind::Usage, "CLI0046", fmt::format("{} is a zone file, and so is --zone", path),
                    {}, "give what to judge under --zone, or leave it out");
      inputs = {{}, path, true};
    }
    ScanJob job(arguments_, context_);
    RD_TRY(job.run(std::move(inputs)));
    tell(job);
    side.take(job.scan(), job.estate());
    exit_ = std::max(exit_, job.exit_of_inputs());
    unreadable_ = unreadable_ || job.unreadable_inputs();
    return {};
  }

  Result<void> load_saved(posture::DiffSide& side) {
    doc::Sources sources;
    const Reading<doc::Document> document = RD_TRY(read_option_file(sources, side.name()));
    Result<void> taken = side.take(document.value.root);
    if (!taken) {
      taken.error().kind = Error::Kind::Usage;
      taken.error().where.file = side.name();
    }
    return taken;
  }

  /// What both sides say is said once.
  void tell(const ScanJob& job) {
    for (const Diagnostic& diagnostic : job.notes().diagnostics)
      if ((diagnostic.severity != Severity::Hint || context_.verbose) &&
          told_.insert(diagnostic.text()).second)
        context_.tell(diagnostic);
  }

  const Arguments& arguments_;
  Context& context_;
  std::set<std::string> told_;
  Exit exit_ = Exit::Done;
  bool unreadable_ = false;  ///< a side, or a part of it
};

}  // namespace

std::vector<Command> diff_commands() {
  std::vector<Option> options = scan_options();
  options.push_back(fail_on_option(Level::None));
  return {
      {.name = "posture diff",
       .summary = "Say what got worse or better between two sides",
       .examples = {"redoubt posture diff main-before/ infra/ --zone zone.yaml --fail-on high",
                    "redoubt posture diff zone-today.yaml zone-proposed.yaml",
                    "redoubt posture diff last-week.json this-week.json -f markdown"},
       .description =
           "A side is a template, an export, a folder of such, a zone file (.yaml, judged as `posture scan "
           "--zone` does), or a result that `posture scan -f json` saved (best with --all, which tells of "
           "what was compliant). With --zone both "
           "sides are judged under that zone.\n\n"
           "Findings are matched by policy name, resource id and path: when a parameter of a policy "
           "changes, the resources that it newly hits or frees are shown. --fail-on counts what is newly "
           "noncompliant, and nothing that was so before. Policies that wait for an attestation are left "
           "out.",
       .positionals = {{.name = "OLD", .text = "what was"}, {.name = "NEW", .text = "what is, or would be"}},
       .options = std::move(options),
       .formats = {"table", "json", "markdown"},
       .run = [](const Arguments& arguments, Context& context) {
         return DiffRun(arguments, context).run();
       }}};
}

}  // namespace redoubt::cli

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/alias_files.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/deployment_options.h"
#include "cli/zone_options.h"
#include "estate/load.h"
#include "policy/built_in.h"
#include "posture/preflight_output.h"

namespace redoubt::cli {

namespace {

class PreflightRun {
 public:
  PreflightRun(const Arguments& arguments, Context& context) : arguments_(arguments), context_(context) {}

  Result<Exit> run() {
    estate::LoadOptions options;
    options.expand = RD_TRY(read_deployment_options(arguments_));
    aliases_ = RD_TRY(alias_files_.load(arguments_, sources_, context_));
    const posture::ZoneFile file =
        RD_TRY(read_zone(arguments_.text("--zone"), sources_, zone_.diagnostics()));
    const posture::ZoneSources from = RD_TRY(zone_sources(arguments_, file));
    RD_TRY(zone_.load(sources_, from));
    if (arguments_.text("--at").empty()) {
      // The zone file says where its templates go.
      options.placements = RD_TRY(placements_of(file, zone_.tree(), options.expand, sources_));
      if (options.placements.empty())
        return fail(Error::Kind::Usage, "CLI0049", "nothing says where in the landing zone this is deployed",
                    {}, "give a scope of the tree with --at, or name the templates in the zone file");
      notes_.scope = file.name;
    } else {
      RD_TRY(settle_scope(options.expand));
    }
    options.parameter_file = arguments_.text("--parameters");
    options.progress = context_.progress.callback();
    const std::span<const std::string> paths = arguments_.values("PATH");
    inventory_ = estate::load(sources_, origins_, {paths.begin(), paths.end()}, options);
    posture::ScanOptions scan;
    scan.now = options.expand.now;
    scan.tenant = options.expand.tenant;
    scan.location = options.expand.location;
    const policy::AssignmentIndex index(zone_.tree(), zone_.assignments(), zone_.exemptions());
    const posture::AssignedPlan assigned(plan_, index, zone_.assignments(), zone_.library(),
                                         zone_.diagnostics());
    plan_.compile({&aliases_, &types_, &origins_, false, &sources_});
    posture::Preflight preflight = posture::run_preflight(assigned, inventory_.value.estate, sources_,
                                                          origins_, scan, context_.progress.callback());
    context_.progress.clear();
    for (const std::vector<Diagnostic>* list :
         {&std::as_const(zone_.diagnostics()), &std::as_const(inventory_.diagnostics),
          &std::as_const(preflight.diagnostics)})
      for (const Diagnostic& diagnostic : *list)
        if (diagnostic.severity != Severity::Hint || context_.verbose) context_.tell(diagnostic);
    notes_.warnings = posture::creation_warnings(assigned, inventory_.value.estate, scan.now.value_or(now()));
    write(preflight);
    return exit_code(preflight);
  }

 private:
  /// Where in the tree the deployment goes, and so its subscription.
  Result<void> settle_scope(arm::ExpandOptions& expand) {
    const std::string& at = arguments_.text("--at");
    notes_.scope = at;
    const estate::ScopeNode* node = RD_TRY(find_scope(zone_.tree(), at));
    if (estate::management_group_name(node->id).empty()) {
      if (!expand.scope) expand.scope = arm::Scope::parse(node->id);
      return {};
    }
    const std::string subscription = expand.scope ? expand.scope->subscription : "{subscription}";
    if (!subscription.empty() && !zone_.tree().contains("/subscriptions/" + subscription))
      zone_.add_subscription(subscription, node->name);
    return {};
  }

  void write(const posture::Preflight& preflight) {
    if (context_.format == "json")
      context_.output.write(posture::preflight_json(preflight, notes_));
    else if (context_.format == "markdown")
      context_.output.write(posture::preflight_markdown(preflight, notes_));
    else
      context_.output.write(posture::preflight_table(preflight, notes_, context_.style));
  }

  Exit exit_code(const posture::Preflight& preflight) {
    const estate::Inventory& inventory = inventory_.value;
    const bool failed = std::any_of(inventory.templates.begin(), inventory.templates.end(),
                                    [](const estate::LoadedTemplate& one) { return one.expansion.failed; });
    const auto unread_in = [](const std::vector<Diagnostic>& diagnostics) {
      return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
        // A mistake inside a template leaves the rest judged.
        return diagnostic.severity == Severity::Error && !diagnostic.code.starts_with("ARM02");
      });
    };
    // What the zone could not take might have denied.
    const bool unread = unread_in(inventory_.diagnostics) || unread_in(zone_.diagnostics());
    if (inventory.templates.empty() || failed || unread) return Exit::Unfinished;
    const bool denied = std::any_of(preflight.entries.begin(), preflight.entries.end(),
                                    [](const posture::PreflightEntry& one) {
                                      return one.section == posture::PreflightEntry::Section::Denied;
                                    });
    return denied ? Exit::Findings : Exit::Done;
  }

  const Arguments& arguments_;
  Context& context_;
  doc::Sources sources_;
  arm::Origins origins_;
  AliasFiles alias_files_;
  policy::AliasCatalogue aliases_;
  policy::TypeTable types_ = policy::built_in_types();
  posture::Zone zone_{origins_};
  posture::Plan plan_{origins_};
  Reading<estate::Inventory> inventory_;
  posture::PreflightNotes notes_;
};

}  // namespace

std::vector<Command> preflight_commands() {
  std::vector<Option> options = zone_options();
  options.push_back({.flags = "--at",
                     .value = "SCOPE",
                     .text = "where in the landing zone it is deployed; else the zone file says it"});
  options.push_back({.flags = "--aliases",
                     .value = "FILE",
                     .text = "output of `az provider list --expand resourceTypes/aliases`",
                     .repeatable = true});
  options.push_back({.flags = "--parameters",
                     .value = "FILE",
                     .text = "parameter file of the templates; else the one found beside each"});
  for (const Option& option : deployment_options())
    options.push_back(option);
  return {
      {.name = "posture preflight",
       .summary = "Say what a deployment will meet in a landing zone",
       .examples = {"redoubt posture preflight main.json --alz alz/ --policy definitions.jsonl --policy "
                    "initiatives.jsonl --at corp",
                    "redoubt posture preflight infra/ --assign zone/ --at corp -f markdown -o comment.md"},
       .description =
           "Every assignment in force at the place is judged against the request, in Azure's order: what "
           "is denied, what modify and append change, what would be deployed afterwards, what is reported "
           "only, and what can't be told. Exit 1 when anything is denied.",
       .positionals = {{.name = "PATH", .text = "templates, or folders of such", .repeatable = true}},
       .options = std::move(options),
       .formats = {"table", "json", "markdown"},
       .run = [](const Arguments& arguments, Context& context) {
         return PreflightRun(arguments, context).run();
       }}};
}

}  // namespace redoubt::cli

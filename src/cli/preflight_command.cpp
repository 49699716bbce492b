#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "cli/alias_files.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/deployment_options.h"
#include "cli/zone_options.h"
#include "core/text.h"
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
    // The zone file says where its templates go.
    options.placements = RD_TRY(placements_of(file, zone_.tree(), options.expand, sources_));
    if (!arguments_.text("--at").empty())
      RD_TRY(settle_scope(options));
    else if (options.placements.empty())
      return fail(Error::Kind::Usage, "CLI0049", "nothing says where in the landing zone this is deployed",
                  {}, "give a scope of the tree with --at, or name the templates in the zone file");
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
    for (Diagnostic& diagnostic : plan_.guessed_aliases(aliases_, sources_))
      zone_.diagnostics().push_back(std::move(diagnostic));
    posture::Preflight preflight = posture::run_preflight(assigned, inventory_.value.estate, sources_,
                                                          origins_, scan, context_.progress.callback());
    context_.progress.clear();
    const posture::Owners owners(zone_.tree(), file.owners, sources_, zone_.diagnostics());
    notes_.owners = &owners;
    for (const std::vector<Diagnostic>* list :
         {&std::as_const(zone_.diagnostics()), &std::as_const(inventory_.diagnostics),
          &std::as_const(preflight.diagnostics)})
      for (const Diagnostic& diagnostic : *list)
        if (diagnostic.severity != Severity::Hint || context_.verbose) context_.tell(diagnostic);
    if (notes_.scope.empty()) notes_.scope = scopes_of_templates();
    notes_.warnings = posture::creation_warnings(assigned, inventory_.value.estate, scan.now.value_or(now()));
    write(preflight);
    tell_not_judged(preflight);
    return exit_code(preflight);
  }

 private:
  /// Where in the tree the deployment goes, and so its subscription. What the zone file says of templates
  /// stays where it says the same, or more.
  Result<void> settle_scope(estate::LoadOptions& options) {
    const std::string& at = arguments_.text("--at");
    arm::ExpandOptions& expand = options.expand;
    notes_.scope = at;
    const estate::ScopeTree& tree = zone_.tree();
    const estate::ScopeNode* node = RD_TRY(find_scope(tree, at));
    const std::string node_id = node->id;
    const bool group = !estate::management_group_name(node_id).empty();
    if (expand.scope) {
      const std::string scope = expand.scope->id();
      // A subscription that the tree does not have lies where --at says, if that is a group.
      const bool new_there =
          group && expand.scope->kind >= arm::ScopeKind::Subscription && !tree.lies_in(scope, "/");
      if (!new_there && !tree.lies_in(scope, node_id))
        return fail(Error::Kind::Usage, "CLI0048", fmt::format("--scope does not lie in --at: {}", scope), {},
                    fmt::format("--at is {}; leave one of them out", node_id));
    } else {
      expand.scope = arm::Scope::parse(node_id);
    }
    const std::string within = expand.scope->id();
    std::erase_if(options.placements, [&](const estate::Placement& one) {
      return !one.expand.scope || !tree.lies_in(one.expand.scope->id(), within);
    });
    const std::string subscription = expand.scope->subscription;
    if (group && !tree.contains("/subscriptions/" + subscription))
      zone_.add_subscription(subscription, node->name);
    return {};
  }

  /// Without --at: where the templates are deployed.
  std::string scopes_of_templates() const {
    static constexpr std::size_t kShown = 3;
    std::set<std::string> scopes;
    for (const estate::LoadedTemplate& one : inventory_.value.templates)
      scopes.insert(one.expansion.scope.id());
    if (scopes.size() > kShown) return fmt::format("{} scopes", scopes.size());
    return join(std::vector<std::string_view>(scopes.begin(), scopes.end()), ", ");
  }

  /// What was not judged must not look green: a line for each reason.
  void tell_not_judged(const posture::Preflight& preflight) {
    if (preflight.not_usable != 0)
      context_.tell(Diagnostic{
          Severity::Error,
          "POS0023",
          fmt::format("not judged: {} in force", counted(preflight.not_usable, "policy", "policies")),
          {},
          "what they would do can't be told: their definitions are not at hand, or Azure "
          "would not take them"});
    if (preflight.unplaced != 0)
      context_.tell(Diagnostic{Severity::Error,
                               "POS0024",
                               fmt::format("outside of the landing zone's tree: {} of {}", preflight.unplaced,
                                           counted(preflight.resources, "resource")),
                               {},
                               "what management groups assign was not judged there"});
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
    const bool denied = std::any_of(preflight.entries.begin(), preflight.entries.end(),
                                    [](const posture::PreflightEntry& one) {
                                      return one.section == posture::PreflightEntry::Section::Denied;
                                    });
    if (denied) return Exit::Findings;
    if (inventory.templates.empty() || failed || unread) return Exit::Unfinished;
    return preflight.not_usable != 0 || preflight.unplaced != 0 ? Exit::Unfinished : Exit::Done;
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
           "Every assignment in force at the place is judged against the request, in Azure's order: what is "
           "denied, what modify and append change, what would be deployed afterwards, what is reported "
           "only, and what can't be told. Exit 1 when anything is denied, 3 when nothing is but not "
           "everything could be judged.",
       .positionals = {{.name = "PATH", .text = "templates, or folders of such", .repeatable = true}},
       .options = std::move(options),
       .formats = {"table", "json", "markdown"},
       .run = [](const Arguments& arguments, Context& context) {
         return PreflightRun(arguments, context).run();
       }}};
}

}  // namespace redoubt::cli

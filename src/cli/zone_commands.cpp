#include <fmt/format.h>

#include "arm/origins.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/zone_options.h"
#include "policy/built_in.h"
#include "posture/zone_view.h"

namespace redoubt::cli {

namespace {

Result<Exit> run_zone_show(const Arguments& arguments, Context& context) {
  doc::Sources sources;
  arm::Origins origins;
  posture::Zone zone(origins);
  const posture::ZoneFile file = RD_TRY(read_zone(arguments.text("--zone"), sources, zone.diagnostics()));
  const posture::ZoneSources from = RD_TRY(zone_sources(arguments, file));
  RD_TRY(zone.load(sources, from));
  posture::Plan plan(origins);
  const policy::AssignmentIndex index(zone.tree(), zone.assignments(), zone.exemptions());
  const posture::AssignedPlan assigned(plan, index, zone.assignments(), zone.library(), zone.diagnostics());
  const policy::AliasCatalogue aliases(policy::built_in_aliases());
  const policy::TypeTable types = policy::built_in_types();
  plan.compile({&aliases, &types, &origins, false, &sources});
  for (Diagnostic& diagnostic : plan.compile_errors())
    zone.diagnostics().push_back(std::move(diagnostic));
  for (const Diagnostic& diagnostic : zone.diagnostics())
    if (diagnostic.severity != Severity::Hint || context.verbose) context.tell(diagnostic);
  const bool json = context.format == "json";
  if (arguments.text("--at").empty()) {
    if (arguments.given("--why"))
      return fail(Error::Kind::Usage, "CLI0042", "--why needs a scope", {}, "say where with --at");
    std::vector<posture::ZoneView> views;
    for (const estate::ScopeNode& node : zone.tree().nodes())
      views.push_back(posture::view_at(zone, assigned, node));
    context.output.write(json ? posture::zones_json(views, assigned)
                              : posture::zones_table(views, context.style));
    return Exit::Done;
  }
  const estate::ScopeNode* scope = RD_TRY(find_scope(zone.tree(), arguments.text("--at")));
  if (arguments.given("--why")) {
    const std::vector<posture::WhyInForce> ways =
        posture::why(zone, assigned, *scope, arguments.text("--why"));
    context.output.write(json ? posture::why_json(*scope, ways)
                              : posture::why_table(*scope, ways, context.style));
    return Exit::Done;
  }
  const posture::ZoneView view = posture::view_at(zone, assigned, *scope);
  context.output.write(json ? posture::zone_json(view, assigned)
                            : posture::zone_table(view, assigned, context.style));
  return Exit::Done;
}

}  // namespace

std::vector<Command> zone_commands() {
  std::vector<Option> options = zone_options();
  options.push_back(
      {.flags = "--at", .value = "SCOPE", .text = "what is in force at this scope; else the tree"});
  options.push_back({.flags = "--why",
                     .value = "DEFINITION",
                     .text = "how this definition comes to be in force at --at, and with which effect"});
  return {
      {.name = "zone show",
       .summary = "Show the scopes of a landing zone and what is in force in them",
       .examples = {"redoubt zone show --alz alz/ --policy definitions.jsonl --policy initiatives.jsonl",
                    "redoubt zone show --alz alz/ --policy policies/ --at corp",
                    "redoubt zone show --alz alz/ --policy policies/ --at corp --why "
                    "0b60c0b2-2dc2-4e1c-b5c9-abbed971de53"},
       .description =
           "A pair is an assignment and one definition that it brings: a set of forty definitions that is "
           "assigned twice gives eighty pairs. Counts are of everything that is inherited, the disabled "
           "and the unenforced included.",
       .positionals = {},
       .options = std::move(options),
       .formats = {"table", "json"},
       .run = run_zone_show}};
}

}  // namespace redoubt::cli

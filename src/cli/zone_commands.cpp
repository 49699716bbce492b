#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <tuple>

#include "arm/origins.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/data_option.h"
#include "cli/deployment_options.h"
#include "cli/fail_on.h"
#include "cli/zone_options.h"
#include "core/text.h"
#include "doc/json.h"
#include "policy/built_in.h"
#include "posture/owners.h"
#include "posture/zone_check.h"
#include "posture/zone_view.h"
#include "report/diagnostic_json.h"

namespace redoubt::cli {

namespace {

constexpr std::size_t kShownLevels = 100;

/// A zone that is loaded, with everything that is assigned in it compiled.
struct CompiledZone {
  CompiledZone(posture::Zone& zone, arm::Origins& origins, const doc::Sources& sources)
      : plan(origins),
        index(zone.tree(), zone.assignments(), zone.exemptions()),
        assigned(plan, index, zone.assignments(), zone.library(), zone.diagnostics()) {
    plan.compile({&aliases, &types, &origins, false, &sources});
  }

  policy::AliasCatalogue aliases{policy::built_in_aliases()};
  policy::TypeTable types = policy::built_in_types();
  posture::Plan plan;
  policy::AssignmentIndex index;
  posture::AssignedPlan assigned;
};

/// That nothing at a scope assigns a definition is an answer only where something in the zone does.
Result<void> check_definition(const posture::AssignedPlan& assigned, std::string_view asked) {
  const std::vector<std::string_view> names = posture::names_of_definitions(assigned);
  const std::string_view name = asked.substr(asked.rfind('/') + 1);
  if (std::any_of(names.begin(), names.end(), [&](std::string_view one) {
        return equal_ignore_case(one, asked) || equal_ignore_case(one, name);
      }))
    return {};
  static constexpr std::size_t kShown = 3;
  std::vector<std::string_view> left = names;
  std::vector<std::string_view> near;
  while (near.size() < kShown) {
    const std::optional<std::string_view> next = closest(name, left);
    if (!next) break;
    near.push_back(*next);
    std::erase(left, *next);
  }
  for (const std::string_view one : left)  // a part of a name
    if (near.size() < kShown && find_ignore_case(one, name) != std::string_view::npos) near.push_back(one);
  if (!near.empty())
    return fail(Error::Kind::Usage, "CLI0052", fmt::format("the zone assigns no definition {}", asked), {},
                fmt::format("did you mean {}?", join(near, ", or ")));
  const std::size_t shown = std::min(kShown, names.size());
  return fail(Error::Kind::Usage, "CLI0052", fmt::format("the zone assigns no definition {}", asked), {},
              shown == 0 ? "it assigns nothing"
                         : fmt::format("it assigns {}{}", join(std::span(names).first(shown), ", "),
                                       names.size() > shown ? " ..." : ""));
}

Result<Exit> run_zone_show(const Arguments& arguments, Context& context) {
  doc::Sources sources;
  arm::Origins origins;
  posture::Zone zone(origins);
  const std::string path = RD_TRY(zone_file_of(arguments));
  const posture::ZoneFile file = RD_TRY(read_zone(path, sources, zone.diagnostics()));
  const posture::ZoneSources from = RD_TRY(zone_sources(arguments, file));
  RD_TRY(zone.load(sources, from));
  const CompiledZone compiled(zone, origins, sources);
  const posture::AssignedPlan& assigned = compiled.assigned;
  for (Diagnostic& diagnostic : assigned.not_usable(Severity::Warning))
    zone.diagnostics().push_back(std::move(diagnostic));
  const posture::Owners owners(zone.tree(), file.owners, sources, zone.diagnostics());
  for (const Diagnostic& diagnostic : zone.diagnostics())
    if (diagnostic.severity != Severity::Hint || context.verbose) context.tell(diagnostic);
  const bool json = context.format == "json";
  if (zone.tree().empty())
    return fail(Error::Kind::Usage, "CLI0040", "there is no tree to show", {},
                "give a zone file with --zone, or a library with --alz");
  if (arguments.text("--at").empty()) {
    if (arguments.given("--why"))
      return fail(Error::Kind::Usage, "CLI0042", "--why needs a scope", {}, "say where with --at");
    if (zone.tree().levels() > kShownLevels)
      return fail(Error::Kind::InvalidInput, "CLI0056",
                  fmt::format("the tree has {} levels, more than {} are not shown", zone.tree().levels(),
                              kShownLevels),
                  {}, "ask for a scope with --at; Azure allows six levels of groups");
    std::vector<posture::ZoneView> views;
    for (const estate::ScopeNode& node : zone.tree().nodes())
      views.push_back(posture::view_at(zone, assigned, node));
    context.output.write(json ? posture::zones_json(views, assigned)
                              : posture::zones_table(views, owners, context.style));
    return Exit::Done;
  }
  const estate::ScopeNode* scope = RD_TRY(find_scope(zone.tree(), arguments.text("--at")));
  if (arguments.given("--why")) {
    const std::vector<posture::WhyInForce> ways =
        posture::why(zone, assigned, *scope, arguments.text("--why"));
    if (ways.empty()) RD_TRY(check_definition(assigned, arguments.text("--why")));
    context.output.write(json ? posture::why_json(*scope, ways)
                              : posture::why_table(*scope, ways, context.style));
    return Exit::Done;
  }
  const posture::ZoneView view = posture::view_at(zone, assigned, *scope);
  context.output.write(json ? posture::zone_json(view, assigned)
                            : posture::zone_table(view, assigned, context.style));
  return Exit::Done;
}

/// Everything there is to say of a zone file, in order of its places.
Result<Exit> run_zone_check(const Arguments& arguments, Context& context) {
  doc::Sources sources;
  arm::Origins origins;
  posture::Zone zone(origins);
  const std::string path = RD_TRY(zone_file_of(arguments));
  if (path.empty())
    return fail(Error::Kind::Usage, "CLI0005", "missing argument: FILE", {}, "name the zone file");
  const posture::ZoneFile file = RD_TRY(read_zone(path, sources, zone.diagnostics(), false));
  posture::ZoneSources from = file.present_sources();
  from.data = data_directory(arguments);
  RD_TRY(zone.load(sources, from));
  const CompiledZone compiled(zone, origins, sources);
  const posture::Owners owners(zone.tree(), file.owners, sources, zone.diagnostics());
  std::vector<Diagnostic> found = std::move(zone.diagnostics());
  const std::optional<Instant> given = RD_TRY(read_now(arguments));
  const Instant at = given.value_or(now());
  for (std::vector<Diagnostic> more : {posture::check_zone(zone, file, compiled.assigned, sources, at),
                                       compiled.assigned.not_usable(Severity::Error),
                                       compiled.plan.guessed_aliases(compiled.aliases, sources)})
    std::move(more.begin(), more.end(), std::back_inserter(found));
  for (Diagnostic& diagnostic : found)  // of a scan warnings: it goes on with the others
    if (diagnostic.code == "POS0004") diagnostic.severity = Severity::Error;
  std::stable_sort(found.begin(), found.end(), [](const Diagnostic& left, const Diagnostic& right) {
    return std::tie(left.where.file, left.where.line, left.where.column) <
           std::tie(right.where.file, right.where.line, right.where.column);
  });
  Level worst = Level::None;
  for (const Diagnostic& diagnostic : found)
    worst = std::max(worst, level_of(diagnostic.severity));
  struct Count {
    std::string_view one;
    std::string_view many;
    std::size_t number;
  };
  const Count counts[] = {{"scope", "scopes", zone.tree().nodes().size()},
                          {"assignment", "assignments", zone.assignments().size()},
                          {"exemption", "exemptions", zone.exemptions().size()},
                          {"policy", "policies", compiled.plan.policies().size()}};
  if (context.format == "json") {
    doc::JsonWriter json(true);
    json.begin_object().key("schema").text("redoubt.zone-check/1");
    for (const Count& count : counts)
      json.key(count.many).integer(static_cast<std::int64_t>(count.number));
    json.key("diagnostics").begin_array();
    for (const Diagnostic& diagnostic : found)
      report::write_json(json, diagnostic);
    context.output.write(json.end_array().end_object().take() + "\n");
  } else {
    const bool hints = shows_hints(arguments, context.verbose);
    for (const Diagnostic& diagnostic : found)
      if (diagnostic.severity != Severity::Hint || hints) context.output.write(diagnostic.text() + "\n");
    std::string line;
    for (const Count& count : counts)
      line += (line.empty() ? "" : ", ") + counted(count.number, count.one, count.many);
    context.output.write(line + "\n");
  }
  return exit_for(worst, fail_on(arguments));
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
                    "redoubt zone show zone.yaml",
                    "redoubt zone show --alz alz/ --policy policies/ --at corp",
                    "redoubt zone show --alz alz/ --policy policies/ --at corp --why "
                    "0b60c0b2-2dc2-4e1c-b5c9-abbed971de53"},
       .description =
           "A pair is an assignment and one definition that it brings: a set of forty definitions that is "
           "assigned twice gives eighty pairs. Counts are of everything that is inherited, the disabled "
           "and the unenforced included.",
       .positionals = {{.name = "FILE", .text = "the zone file, as --zone", .required = false}},
       .options = std::move(options),
       .formats = {"table", "json"},
       .run = run_zone_show},
      {.name = "zone check",
       .summary = "Say what is wrong in a zone file and in what it assigns",
       .examples = {"redoubt zone check zone.yaml", "redoubt zone check zone.yaml -f json"},
       .description =
           "Unknown keys, scopes that are not in the tree, parameters and references that do not exist, "
           "exemptions that are expired, doubled or out of place, definitions and assigned values that can't "
           "work. Exit 1 when anything is at or above --fail-on.",
       .positionals = {{.name = "FILE", .text = "the zone file", .required = false}},
       .options = {data_option(),
                   {.flags = "--zone", .value = "FILE", .text = "the zone file, as FILE"},
                   {.flags = "--now",
                    .value = "TIME",
                    .text = "the time exemptions are held against, as 2026-01-31T12:00:00Z"},
                   fail_on_diagnostic_option()},
       .formats = {"table", "json"},
       .run = run_zone_check}};
}

}  // namespace redoubt::cli

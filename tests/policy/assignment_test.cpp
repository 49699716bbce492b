#include "policy/assignment.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "core/text.h"
#include "doc/json.h"
#include "policy_files.h"
#include "testing/cases.h"

namespace redoubt::policy {
namespace {

using testing::PolicyFiles;

constexpr std::string_view kMatches[] = {"no", "yes", "open"};

std::string text(const std::vector<std::string>& list) { return fmt::format("[{}]", fmt::join(list, ", ")); }

std::string text(const std::vector<Selector>& selectors) {
  constexpr std::string_view kKinds[] = {"location", "type", "withoutLocation", "reference"};
  std::string out;
  for (const Selector& one : selectors)
    out += fmt::format(" {} in {} notIn {}", kKinds[static_cast<std::size_t>(one.kind)], text(one.in),
                       text(one.not_in));
  return out;
}

std::string text(const std::vector<ResourceSelector>& selectors) {
  std::string out;
  for (const ResourceSelector& one : selectors)
    out += fmt::format("  selector {}:{}\n", one.name, text(one.selectors));
  return out;
}

std::string text(const Assignment& one) {
  std::string out =
      fmt::format("assignment {} | {} | {} | {}\n  {} {} {}\n  parameters {}\n", one.name, one.id, one.scope,
                  one.display_name, one.of_initiative() ? "initiative" : "definition", one.definition_name(),
                  one.enforced ? "enforced" : "not enforced", doc::to_json(one.parameters));
  if (!one.definition_version.empty()) out += fmt::format("  version {}\n", one.definition_version);
  if (!one.not_scopes.empty()) out += fmt::format("  not at {}\n", text(one.not_scopes));
  for (const Override& each : one.overrides)
    out += fmt::format("  {} {}:{}\n", each.kind == Override::Kind::PolicyEffect ? "effect" : "version",
                       each.value, text(each.selectors));
  return out + text(one.resource_selectors);
}

std::string text(const Exemption& one) {
  return fmt::format("exemption {} | {} | {} | {}\n  of {} {}\n  {}{}\n", one.name, one.id, one.scope,
                     one.display_name, one.assignment_id, text(one.reference_ids), one.category,
                     one.expires_on ? " until " + to_text(*one.expires_on) : "") +
         text(one.resource_selectors);
}

/// `location=x type=y reference=z`, `open` for a location that is not known, `subscription` for what lies in
/// no group: whether each row is about it, and with which effect and message.
std::string ask(const Library& library, std::string_view line) {
  Selected what;
  for (const std::string_view part : split(line, ',')) {
    const std::string_view value = part.substr(std::min(part.find('=') + 1, part.size()));
    if (part.starts_with("location=")) what.location = value;
    if (part.starts_with("type=")) what.type = value;
    if (part.starts_with("reference=")) what.reference_id = value;
    what.location_open = what.location_open || part == "open";
    what.at_subscription = what.at_subscription || part == "subscription";
  }
  std::string out;
  for (const Assignment& one : library.assignments())
    out += fmt::format(" {}={} {};", one.name,
                       kMatches[static_cast<std::size_t>(matches(one.resource_selectors, what))],
                       one.message_for(what.reference_id));
  for (const Exemption& one : library.exemptions())
    out += fmt::format(" {}={};", one.name,
                       kMatches[static_cast<std::size_t>(matches(one.resource_selectors, what))]);
  return fmt::format("{}:{}\n", line, out);
}

std::string render(std::string_view input) {
  const PolicyFiles files(input);
  doc::Sources sources;
  Library library;
  files.load(sources, library);
  std::string out;
  for (const Assignment& one : library.assignments())
    out += text(one);
  for (const Exemption& one : library.exemptions())
    out += text(one);
  out += files.text(library.take_diagnostics());
  std::ifstream questions(files.path("questions.txt"));
  for (std::string line; std::getline(questions, line);)
    out += ask(library, line);
  return out;
}

[[maybe_unused]] const bool registered =
    redoubt::testing::register_cases("PolicyAssignment", "tests/policy/cases/assignment", render);

}  // namespace
}  // namespace redoubt::policy

#include <fmt/format.h>

#include <algorithm>

#include "posture/compliance_output.h"
#include "report/color.h"
#include "report/markdown.h"
#include "report/terminal_text.h"

namespace redoubt::posture {

using report::Tone;

namespace {

/// How a state is called in a column, and how it looks.
struct StateStyle {
  std::string_view title;
  Tone tone;
};
constexpr StateStyle kStyles[] = {{"failed", Tone::Bad},           {"unknown", Tone::Notice},
                                  {"not covered", Tone::Muted},    {"manual", Tone::Muted},
                                  {"attested", Tone::Good},        {"passed", Tone::Good},
                                  {"not applicable", Tone::Muted}, {"withdrawn", Tone::Muted}};
static_assert(std::size(kStyles) == kControlStates);

const StateStyle& style_of(ControlState state) { return kStyles[static_cast<std::size_t>(state)]; }

bool is_shown(const ControlResult& one, const ComplianceStyle& style) {
  return style.all || one.state == ControlState::Failed || one.state == ControlState::Unknown;
}

std::string name_of(const Framework& framework) {
  return fmt::format("{} {}", framework.title, framework.version);
}

std::uint64_t controls_of(const FrameworkResult& one) {
  std::uint64_t out = 0;
  for (const std::uint64_t count : one.states)
    out += count;
  return out;
}

/// The first places of what a check found.
void add_places(const CheckEvidence& check, bool failed, std::vector<std::string>& out) {
  static constexpr std::size_t kShown = 3;
  std::size_t count = 0;
  for (const CheckFinding& finding : check.findings) {
    if ((finding.state == "noncompliant") != failed) continue;
    if (++count > kShown) continue;
    const std::string place = finding.location.text();
    out.push_back(fmt::format("  {}{}{}", finding.resource_name, place.empty() ? "" : " at ", place));
  }
  if (count > kShown) out.push_back(fmt::format("  and {} more", count - kShown));
}

/// What stands behind a control that failed or is open: lines for each check that says so.
std::vector<std::string> lines_of(const ControlResult& one) {
  std::vector<std::string> out;
  // An attestation says it with what was looked at.
  const bool told = one.state == ControlState::Attested && !one.attestations.empty();
  if (!one.reason.empty() && !told) out.push_back(one.reason);
  for (const ControlCheck& check : one.checks) {
    if (check.evidence == nullptr) continue;
    const EvidenceCounts& counts = check.evidence->counts;
    const bool failed = one.state == ControlState::Failed;
    const std::uint64_t count = failed ? counts.noncompliant : counts.unknown + counts.error;
    if (count == 0) continue;
    out.push_back(fmt::format("{}: {} {}{}{}", check.name, count, failed ? "noncompliant" : "unknown",
                              check.why.empty() ? "" : ". ", check.why));
    add_places(*check.evidence, failed, out);
  }
  for (const Attestation* attestation : one.attestations)
    out.push_back(
        fmt::format("{}, until {}: {}", attestation->author, attestation->expires, attestation->statement));
  return out;
}

report::Table summary(const Compliance& compliance) {
  report::Table table;
  table.columns = {{"framework"}, {"controls", true}};
  for (const StateStyle& style : kStyles)
    table.columns.push_back({std::string(style.title), true});
  report::Group group;
  for (const FrameworkResult& one : compliance.frameworks) {
    report::Row row{{{name_of(*one.framework)}, {std::to_string(controls_of(one))}}, {}};
    for (std::size_t state = 0; state < kControlStates; ++state)
      row.cells.push_back(
          {std::to_string(one.states[state]), one.states[state] == 0 ? Tone::Muted : kStyles[state].tone});
    group.rows.push_back(std::move(row));
  }
  table.groups.push_back(std::move(group));
  return table;
}

std::string controls_text(const FrameworkResult& result, const ComplianceStyle& style) {
  report::Table table;
  table.columns = {{""}, {""}, {""}};
  report::Group group{{name_of(*result.framework), Tone::Heading}, {}};
  for (const ControlResult& one : result.controls) {
    if (!is_shown(one, style)) continue;
    const StateStyle& look = style_of(one.state);
    report::Row row{{{std::string(look.title), look.tone}, {one.control->shown()}, {one.control->title}}, {}};
    for (std::string& line : lines_of(one))
      row.notes.push_back({std::move(line), Tone::Plain});
    group.rows.push_back(std::move(row));
  }
  if (group.rows.empty()) return {};
  table.groups.push_back(std::move(group));
  return "\n" + report::to_text(table, style.table);
}

std::string judged_text(const ComplianceStyle& style) { return fmt::format("judged with {}", style.judges); }

/// What to type next, where only counts were shown.
std::string next_step(const Compliance& compliance) {
  const FrameworkResult* worst = nullptr;
  for (const FrameworkResult& one : compliance.frameworks)
    if (worst == nullptr || one.states[0] > worst->states[0]) worst = &one;
  if (worst == nullptr) return {};
  return fmt::format("\nits controls one by one: --framework {}\n", worst->framework->id);
}

}  // namespace

std::string compliance_table(const Compliance& compliance, const ComplianceStyle& style) {
  std::string out =
      report::to_text(summary(compliance), style.table) + report::printable_line(judged_text(style)) + "\n";
  if (!style.controls && !style.all) return out + next_step(compliance);
  for (const FrameworkResult& one : compliance.frameworks)
    out += controls_text(one, style);
  return out;
}

std::string compliance_markdown(const Compliance& compliance, const ComplianceStyle& style) {
  std::string out =
      report::markdown_table(summary(compliance)) + "\n" + report::markdown_text(judged_text(style)) + "\n";
  for (const FrameworkResult& one : compliance.frameworks) {
    out += fmt::format("\n## {}\n\n", report::markdown_text(name_of(*one.framework)));
    out += "| state | control | title | why |\n| --- | --- | --- | --- |\n";
    for (const ControlResult& control : one.controls) {
      if (!is_shown(control, style)) continue;
      std::string why;
      for (const std::string& line : lines_of(control))
        why += (why.empty() ? "" : "<br>") + report::markdown_text(line);
      out += fmt::format("| {} | {} | {} | {} |\n", style_of(control.state).title,
                         report::markdown_text(control.control->shown()),
                         report::markdown_text(control.control->title), why);
    }
  }
  return out;
}

}  // namespace redoubt::posture

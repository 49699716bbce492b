#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "posture/findings.h"
#include "report/color.h"

namespace redoubt::posture {

using report::Tone;

namespace {

Tone tone_of(const Finding& finding) {
  if (finding.state != "noncompliant") return finding.state == "error" ? Tone::Bad : Tone::Muted;
  switch (finding.severity) {
    case Level::Critical:
      return Tone::Critical;
    case Level::High:
      return Tone::Bad;
    case Level::Medium:
      return Tone::Notice;
    default:
      return Tone::Plain;
  }
}

/// The line to change: where the value came from, when that is elsewhere.
std::string place_of(const Finding& finding) {
  if (finding.value_location.line == 0) return finding.location.text();
  return fmt::format("{} (used at {})", finding.value_location.text(), finding.location.text());
}

report::Row row(const Finding& finding) {
  const policy::Definition& definition = *finding.policy->definition;
  report::Row out;
  const std::string state =
      finding.state == "noncompliant" ? std::string(name_of(finding.severity)) : finding.state;
  out.cells = {{state, tone_of(finding)},
               {definition.display_name.empty() ? definition.name : definition.display_name, Tone::Plain}};
  out.notes.push_back({finding.reason, Tone::Plain});
  const std::string place = place_of(finding);
  if (!place.empty()) out.notes.push_back({"at " + place, Tone::Muted});
  if (!finding.fix.empty()) out.notes.push_back({"fix: " + finding.fix, Tone::Good});
  if (finding.if_deployed)
    out.notes.push_back({"only if it is deployed: its condition is not known", Tone::Muted});
  if (finding.policy->version_mismatch)
    out.notes.push_back({"the initiative pins another major version of this definition", Tone::Muted});
  return out;
}

}  // namespace

report::Table findings_table(const ScanReport& report) {
  report::Table table;
  std::map<std::string, std::uint64_t> attestations;
  const estate::Resource* current = nullptr;
  bool started = false;
  for (const Finding& finding : report.result.findings) {
    if (finding.needs_attestation) {
      const policy::Definition& definition = *finding.policy->definition;
      ++attestations[definition.display_name.empty() ? definition.name : definition.display_name];
      continue;
    }
    if (!started || finding.resource != current) {
      const estate::Resource* resource = finding.resource;
      std::string title = resource == nullptr ? std::string("policies that can't be evaluated")
                                              : fmt::format("{} {}", resource->type, resource->name);
      table.groups.push_back({{std::move(title), Tone::Heading}, {}});
      current = finding.resource;
      started = true;
    }
    table.groups.back().rows.push_back(row(finding));
  }
  if (!attestations.empty()) {
    table.groups.push_back({{"needs an attestation by a person", Tone::Heading}, {}});
    for (const auto& [name, resources] : attestations)
      table.groups.back().rows.push_back(
          {{{"manual", Tone::Muted}, {fmt::format("{} ({} resources)", name, resources), Tone::Plain}}, {}});
  }
  table.columns = {{""}, {""}};
  return table;
}

std::string summary_text(const ScanReport& report, bool color) {
  const Summary& counts = report.result.summary;
  std::string out = report::paint(
      fmt::format("{} resources, {} policies: {} noncompliant, {} unknown, {} errors, {} compliant",
                  counts.resources, report.policies, counts.noncompliant, counts.unknown, counts.error,
                  counts.compliant),
      counts.noncompliant == 0 ? Tone::Good : Tone::Heading, color);
  out += "\n";
  if (!counts.unknown_reasons.empty()) {
    std::vector<std::pair<std::uint64_t, std::string>> reasons;
    for (const auto& [reason, times] : counts.unknown_reasons)
      reasons.emplace_back(times, reason);
    std::sort(reasons.begin(), reasons.end(), [](const auto& left, const auto& right) {
      return left.first != right.first ? left.first > right.first : left.second < right.second;
    });
    static constexpr std::size_t kShown = 5;
    out += "what verdicts hung on:\n";
    for (std::size_t i = 0; i < std::min(kShown, reasons.size()); ++i)
      out += fmt::format("  {:>6} {}\n", reasons[i].first, reasons[i].second);
    if (reasons.size() > kShown)
      out += fmt::format("         and {} more; -f json lists them\n", reasons.size() - kShown);
  }
  const auto needs_action = [](const NotLookedAt& one) { return one.needs_action; };
  if (std::any_of(report.not_looked_at.begin(), report.not_looked_at.end(), needs_action)) {
    out += "not looked at:\n";
    for (const NotLookedAt& one : report.not_looked_at)
      if (one.needs_action) out += fmt::format("  {}: {}\n", one.what, one.why);
  }
  return out;
}

}  // namespace redoubt::posture

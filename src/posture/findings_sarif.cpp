#include <fmt/format.h>

#include <set>

#include "posture/detail/finding_text.h"
#include "posture/findings.h"

namespace redoubt::posture {

using report::SarifKind;
using report::SarifLevel;

namespace {

struct SeverityRow {
  SarifLevel level;
  std::string_view score;  ///< security-severity, as code hosts rank by it
};
constexpr SeverityRow kSeverities[] = {{SarifLevel::Note, "0.0"},
                                       {SarifLevel::Note, "3.0"},
                                       {SarifLevel::Warning, "5.5"},
                                       {SarifLevel::Error, "8.0"},
                                       {SarifLevel::Error, "9.5"}};

const SeverityRow& row_of(Level level) { return kSeverities[static_cast<std::size_t>(level)]; }

SarifKind kind_of(const Finding& finding) {
  if (finding.state == "noncompliant") return SarifKind::Fail;
  if (finding.state == "compliant") return SarifKind::Pass;
  if (finding.state == "notApplicable") return SarifKind::NotApplicable;
  return finding.needs_attestation ? SarifKind::Review : SarifKind::Open;
}

report::SarifRule rule(const Finding& finding) {
  const policy::Definition& definition = *finding.policy->definition;
  report::SarifRule out;
  out.id = definition.name;
  out.name = definition.name;
  out.short_description = shown_name(definition);
  out.full_description = definition.description;
  out.level = row_of(finding.severity).level;
  out.properties = {{"security-severity", std::string(row_of(finding.severity).score)},
                    {"tags", std::vector<std::string>{
                                 "security", definition.category.empty() ? "policy" : definition.category}}};
  return out;
}

report::SarifResult result(const Finding& finding, bool with_suppressions) {
  report::SarifResult out;
  out.rule_id = finding.policy->definition->name;
  out.kind = kind_of(finding);
  out.level = row_of(finding.severity).level;
  const std::string subject = finding.resource == nullptr
                                  ? std::string()
                                  : fmt::format("{} {}: ", finding.resource->type, finding.resource->name);
  out.message = subject + finding.reason;
  // The place to change leads: where the value came from, when that is elsewhere.
  const bool elsewhere = finding.value_location.line != 0;
  out.locations.push_back({place_to_change(finding),
                           finding.resource == nullptr ? std::string() : std::string(finding.resource->id),
                           {}});
  if (elsewhere) out.related_locations.push_back({finding.location, {}, "the value is used here"});
  out.fingerprints = {{"redoubt/v1", finding.id}};
  if (with_suppressions) out.suppressions.emplace();
  if (finding.accepted != nullptr) out.suppressions->push_back({acceptance_text(*finding.accepted)});
  out.fix = finding.fix;
  out.properties = {{"state", finding.state}, {"severity", std::string(name_of(finding.severity))}};
  if (!finding.path.empty()) out.properties.emplace_back("path", finding.path);
  return out;
}

}  // namespace

report::SarifRun findings_sarif(Scan& scan, const ScanNotes& notes, std::string base_directory) {
  report::SarifRun run;
  run.base_directory = std::move(base_directory);
  std::set<std::string_view> seen;
  scan.each([&](const Finding& finding) {
    if (seen.insert(finding.policy->definition->name).second) run.rules.push_back(rule(finding));
    run.results.push_back(result(finding, scan.has_baseline()));
  });
  run.notifications = notes.diagnostics;
  for (const NotLookedAt& one : notes.not_looked_at) {
    if (!one.needs_action) continue;
    run.notifications.push_back(
        {Severity::Warning, "POS0003", "not looked at: " + one.why, Where{one.what, 0, 0, {}}, {}});
  }
  return run;
}

}  // namespace redoubt::posture

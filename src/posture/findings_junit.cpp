#include <fmt/format.h>

#include "posture/detail/finding_text.h"
#include "posture/findings.h"
#include "report/junit.h"
#include "report/terminal_text.h"

namespace redoubt::posture {

using report::JunitOutcome;
using report::printable_line;

namespace {

constexpr std::string_view kNotJudged = "not judged";

JunitOutcome outcome_of(const Finding& finding) {
  if (finding.accepted != nullptr) return JunitOutcome::Skipped;
  if (finding.state == "noncompliant") return JunitOutcome::Failed;
  if (finding.state == "error") return JunitOutcome::Error;
  if (finding.state == "compliant") return JunitOutcome::Passed;
  return JunitOutcome::Skipped;
}

std::string message_of(const Finding& finding) {
  if (finding.accepted != nullptr) return "accepted: " + acceptance_text(*finding.accepted);
  if (finding.exemption != nullptr) return finding.reason;
  if (finding.state != "noncompliant") return fmt::format("{}: {}", finding.state, finding.reason);
  const std::string place = place_to_change(finding).text();
  return fmt::format("{}: {}{}", name_of(finding.severity), finding.reason,
                     place.empty() ? place : fmt::format(" ({})", place));
}

std::string details_of(const Finding& finding) {
  std::string out = finding.reason;
  if (const std::string place = place_of(finding); !place.empty()) out += "\nat " + place;
  if (!finding.fix.empty()) out += "\nfix: " + finding.fix;
  for (const std::string& remark : remarks_of(finding))
    out += "\n" + remark;
  if (finding.resource != nullptr) out.append("\nresource: ").append(finding.resource->id);
  return out + "\ncheck: " + finding.policy->definition->name + "\nfinding: " + finding.id;
}

/// Viewers show names without their suite: a name says which resource it is about.
report::JunitCase case_of(const Finding& finding) {
  report::JunitCase out;
  out.name = printable_line(finding.resource == nullptr
                                ? shown_name(finding)
                                : fmt::format("{}: {}", finding.resource->name, shown_name(finding)));
  out.class_name =
      finding.resource == nullptr ? std::string(kNotEvaluated) : printable_line(finding.resource->type);
  out.outcome = outcome_of(finding);
  if (out.outcome == JunitOutcome::Passed) return out;
  out.message = printable_line(message_of(finding));
  out.details = report::printable(details_of(finding));
  return out;
}

std::string suite_name(const Finding& finding) {
  if (finding.resource == nullptr) return std::string(kNotEvaluated);
  return printable_line(fmt::format("{} {}", finding.resource->type, finding.resource->name));
}

/// The command fails by errors, and a test run must not be green then.
report::JunitCase case_of(const Diagnostic& diagnostic) {
  report::JunitCase out;
  out.name = printable_line(diagnostic.where.file.empty() ? diagnostic.code : diagnostic.where.file);
  out.class_name = std::string(kNotJudged);
  out.outcome = diagnostic.severity == Severity::Error ? JunitOutcome::Error : JunitOutcome::Skipped;
  out.message = printable_line(diagnostic.message);
  out.details = report::printable(diagnostic.text());
  return out;
}

}  // namespace

void write_findings_junit(Scan& scan, const ScanNotes& notes, const Write& write) {
  report::JunitWriter junit(write);
  report::JunitSuite suite;
  const estate::Resource* current = nullptr;
  const auto flush = [&] {
    if (!suite.cases.empty()) junit.add(suite);
    suite.cases.clear();
  };
  scan.each([&](const Finding& finding) {
    if (finding.resource != current) flush();
    current = finding.resource;
    if (suite.cases.empty()) suite.name = suite_name(finding);
    suite.cases.push_back(case_of(finding));
  });
  flush();
  suite.name = kNotJudged;
  for (const Diagnostic& diagnostic : not_judged(notes))
    suite.cases.push_back(case_of(diagnostic));
  flush();
  junit.finish();
}

}  // namespace redoubt::posture

#include "posture/record_run.h"

#include "doc/json.h"

namespace redoubt::posture {

namespace {

state::RunCounts counts_of(const Summary& summary) {
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  return {number(summary.compliant), number(summary.noncompliant),   number(summary.unknown),
          number(summary.error),     number(summary.not_applicable), number(summary.exempt)};
}

state::Run run_of(const Scan& scan, const ScanScore& score, const RunHead& head) {
  state::Run run;
  run.series = head.series;
  run.time = head.time;
  run.zone = head.zone;
  run.complete = head.complete;
  doc::JsonWriter inputs;
  inputs.begin_array();
  for (const std::string& path : head.inputs)
    inputs.text(path);
  run.inputs = inputs.end_array().take();
  run.score = {score.secure.percentage, static_cast<std::int64_t>(score.secure.weight)};
  run.counts = counts_of(scan.summary());
  run.resources = static_cast<std::int64_t>(scan.summary().resources);
  run.accepted = static_cast<std::int64_t>(scan.summary().accepted);
  for (const Record& record : scan.records())
    if (record.is_open()) ++run.levels.at(static_cast<std::size_t>(record.severity));
  for (std::size_t i = 0; i < score.subscriptions.size(); ++i) {
    const SubscriptionScore& one = score.secure.subscriptions[i];
    run.subscriptions.push_back({score.subscriptions[i],
                                 {one.percentage(), static_cast<std::int64_t>(one.weight)},
                                 counts_of(score.counts[i])});
  }
  return run;
}

bool is_recorded(const Finding& finding) {
  return !finding.needs_attestation &&
         (finding.state == "noncompliant" || finding.state == "unknown" || finding.state == "error");
}

state::RunFinding finding_of(const Finding& finding, const DueDates& due) {
  state::RunFinding out;
  out.id = finding.id;
  out.policy = finding.policy->definition->name;
  out.title = finding.policy->definition->display_name;
  if (finding.resource != nullptr) {
    out.resource = finding.resource->id;
    out.type = finding.resource->type;
  }
  out.severity = finding.severity;
  out.state = finding.accepted != nullptr ? "accepted" : finding.state;
  out.owner = finding.owner;
  out.environment = finding.environment;
  if (out.state == "noncompliant") out.due_after = due.after(finding.severity);
  return out;
}

}  // namespace

Result<state::Run> record_run(Scan& scan, const ScanScore& score, const RunHead& head, const DueDates& due,
                              state::Runs& runs) {
  state::Recording recording = RD_TRY(runs.begin());
  Result<void> added;
  scan.each(
      [&](const Finding& finding) {
        if (added && is_recorded(finding)) added = recording.add(finding_of(finding, due));
      },
      is_recorded);
  if (!added) return tl::unexpected(added.error());
  return recording.commit(run_of(scan, score, head));
}

}  // namespace redoubt::posture

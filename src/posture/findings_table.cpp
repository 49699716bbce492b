#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/text.h"
#include "posture/detail/finding_text.h"
#include "posture/findings.h"
#include "report/color.h"
#include "report/terminal_text.h"

namespace redoubt::posture {

using report::printable_line;
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

/// Options, baselines and exemptions want the name of the definition.
std::string name_and_id(const Finding& finding) {
  const std::string& name = finding.policy->definition->name;
  const std::string& shown = shown_name(finding);
  return shown == name ? shown : fmt::format("{} [{}]", shown, name);
}

report::Row row(const Finding& finding) {
  report::Row out;
  const std::string state =
      finding.state == "noncompliant" ? std::string(name_of(finding.severity)) : finding.state;
  // Groups are laid out one by one: an even first column keeps them in line.
  out.cells = {{fmt::format("{:<8}", state), tone_of(finding)},
               {printable_line(name_and_id(finding)), Tone::Plain}};
  out.notes.push_back({printable_line(finding.reason), Tone::Plain});
  const std::string place = place_of(finding);
  if (!place.empty()) out.notes.push_back({printable_line("at " + place), Tone::Muted});
  if (!finding.fix.empty()) out.notes.push_back({printable_line("fix: " + finding.fix), Tone::Good});
  for (const std::string& remark : remarks_of(finding))
    out.notes.push_back({printable_line(remark), Tone::Muted});
  return out;
}

class TableWriter {
 public:
  TableWriter(const ScanNotes& notes, const report::TableStyle& style, const Write& write)
      : notes_(notes), style_(style), write_(write) {}

  void add(const Finding& finding) {
    if (finding.accepted != nullptr) return;  // all in one line
    for (const auto& [field, origin] : finding.unknown)
      note_reason(field, origin);
    if (finding.needs_attestation) {
      ++attestations_[shown_name(finding)];
      return;
    }
    if (group_.rows.empty() || finding.resource != current_) {
      flush();
      const estate::Resource* resource = finding.resource;
      group_.title = {resource == nullptr
                          ? std::string(kNotEvaluated)
                          : printable_line(fmt::format(
                                "{} {}{}", resource->type, resource->name,
                                finding.owner.empty() ? std::string() : fmt::format(" ({})", finding.owner))),
                      Tone::Heading};
      current_ = finding.resource;
    }
    group_.rows.push_back(row(finding));
  }

  void finish(const Summary& counts) {
    flush();
    for (const auto& [name, resources] : attestations_)
      group_.rows.push_back(
          {{{fmt::format("{:<8}", "manual"), Tone::Muted},
            {printable_line(fmt::format("{} ({})", name, counted(resources, "resource"))), Tone::Plain}},
           {}});
    group_.title = {"needs an attestation by a person", Tone::Heading};
    flush();
    write_(started_ ? "\n" : "");
    const Tone tone = counts.noncompliant == 0 ? Tone::Good : Tone::Heading;
    write_(report::paint(fmt::format("{}, {}: {} noncompliant, {} unknown, {}, {} compliant",
                                     counted(counts.resources, "resource"),
                                     printable_line(notes_.policies_text()), counts.noncompliant,
                                     counts.unknown, counted(counts.error, "error"), counts.compliant) +
                             (counts.exempt == 0 ? std::string() : fmt::format(", {} exempt", counts.exempt)),
                         tone, style_.color) +
           "\n");
    write_reasons();
    write_not_looked_at();
  }

 private:
  void note_reason(const std::string& field, const std::string& origin) {
    const bool about_type = origin == "type not in this export";
    ++reasons_[about_type ? fmt::format("{}: {}", origin, field) : origin];
  }

  void flush() {
    if (group_.rows.empty()) return;
    report::Table table;
    table.columns = {{""}, {""}};
    table.groups.push_back(std::move(group_));
    if (started_) write_("\n");
    write_(report::to_text(table, style_));
    started_ = true;
    group_ = {};
  }

  void write_reasons() {
    static constexpr std::size_t kShown = 5;
    if (reasons_.empty()) return;
    std::vector<std::pair<std::uint64_t, std::string>> reasons;
    reasons.reserve(reasons_.size());
    for (const auto& [reason, times] : reasons_)
      reasons.emplace_back(times, reason);
    std::sort(reasons.begin(), reasons.end(), [](const auto& left, const auto& right) {
      return left.first != right.first ? left.first > right.first : left.second < right.second;
    });
    write_("what verdicts hung on:\n");
    for (std::size_t i = 0; i < std::min(kShown, reasons.size()); ++i)
      write_(printable_line(fmt::format("  {:>6} {}", reasons[i].first, reasons[i].second)) + "\n");
    if (reasons.size() > kShown)
      write_(fmt::format("         and {} more; -f json lists them\n", reasons.size() - kShown));
  }

  void write_not_looked_at() {
    bool headed = false;
    for (const NotLookedAt& one : notes_.not_looked_at) {
      if (!one.needs_action) continue;
      if (!headed) write_("not looked at:\n");
      headed = true;
      write_(printable_line(fmt::format("  {}: {}", one.what, one.why)) + "\n");
    }
  }

  const ScanNotes& notes_;
  const report::TableStyle& style_;
  const Write& write_;
  report::Group group_;
  const estate::Resource* current_ = nullptr;
  bool started_ = false;
  std::map<std::string, std::uint64_t> attestations_;
  std::map<std::string, std::uint64_t> reasons_;
};

}  // namespace

void write_findings_table(Scan& scan, const ScanNotes& notes, const report::TableStyle& style,
                          const Write& write) {
  TableWriter table(notes, style, write);
  scan.each([&](const Finding& finding) { table.add(finding); });
  table.finish(scan.summary());
  if (!scan.has_baseline()) return;
  const auto unused = std::count(scan.baseline_uses().begin(), scan.baseline_uses().end(), 0U);
  const std::uint64_t accepted = scan.summary().accepted;
  write(fmt::format("{} of the noncompliant {} accepted by the baseline; -f json lists them\n", accepted,
                    accepted == 1 ? "is" : "are"));
  if (unused != 0)
    write(fmt::format("{} entr{} of the baseline fit{} nothing; -v tells which\n", unused,
                      unused == 1 ? "y" : "ies", unused == 1 ? "s" : ""));
}

}  // namespace redoubt::posture

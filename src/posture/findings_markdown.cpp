#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "posture/detail/finding_text.h"
#include "posture/detail/picked.h"
#include "posture/findings.h"
#include "report/markdown.h"
#include "report/terminal_text.h"

namespace redoubt::posture {

namespace {

/// Of a text in a cell.
constexpr std::size_t kMostText = 400;

std::string markdown_text(std::string_view text) {
  return report::markdown_text(report::clipped(text, kMostText));
}
std::string markdown_code(std::string_view text) {
  return report::markdown_code(report::clipped(text, kMostText));
}

/// Of each section.
constexpr std::size_t kShownFindings = 50;
/// Comments of code hosts end at 65,536 characters; what follows the findings needs some of them.
constexpr std::size_t kMostBytes = 56'000;

/// Where a finding is listed.
struct SectionRow {
  std::string_view title;
  bool folded;
  bool (*holds)(const Finding&);
};

template <Level level>
bool is_of(const Finding& finding) {
  return finding.state == "noncompliant" && finding.accepted == nullptr && finding.severity == level;
}

constexpr SectionRow kSections[] = {
    {"Critical", false, is_of<Level::Critical>},
    {"High", false, is_of<Level::High>},
    {"Medium", false, is_of<Level::Medium>},
    {"Low", false, is_of<Level::Low>},
    {"Could not be judged", true, [](const Finding& one) { return one.state == "error"; }},
    {"Unknown", true, [](const Finding& one) { return one.state == "unknown" && !one.needs_attestation; }},
    {"Exempt", true, [](const Finding& one) { return one.state == "exempt"; }},
    {"Accepted by the baseline", true, [](const Finding& one) { return one.accepted != nullptr; }},
};
constexpr std::size_t kSeverities = 4;  ///< of the sections, the first ones

struct Section {
  std::uint64_t count = 0;
  std::set<const estate::Resource*> resources;  ///< of the severities
  std::vector<Finding> shown;
};

const SectionRow* section_of(const Finding& finding) {
  const auto* found = std::find_if(std::begin(kSections), std::end(kSections),
                                   [&](const SectionRow& row) { return row.holds(finding); });
  return found == std::end(kSections) ? nullptr : found;
}

class Writer {
 public:
  Writer(Scan& scan, const ScanNotes& notes, const Write& write)
      : scan_(scan), notes_(notes), write_(write) {}

  void run() {
    collect();
    write_summary();
    for (std::size_t i = 0; i < sections_.size(); ++i)
      write_section(kSections[i], sections_[i]);
    write_attestations();
    write_not_looked_at();
  }

 private:
  Section& section(const SectionRow& row) { return sections_[static_cast<std::size_t>(&row - kSections)]; }

  void collect() {
    Picked picked;
    each_brief(scan_, [&](const Finding& finding) {
      if (finding.needs_attestation) ++attestations_[shown_name(finding)];
      const SectionRow* row = section_of(finding);
      if (row == nullptr) return;
      Section& here = section(*row);
      if (!row->folded) here.resources.insert(finding.resource);
      if (here.count++ < kShownFindings) picked.add(finding);
    });
    scan_.each(
        [&](const Finding& finding) {
          if (picked.has(finding)) section(*section_of(finding)).shown.push_back(finding);
        },
        [&](const Finding& finding) { return picked.has(finding); });
  }

  void put(std::string_view text) {
    written_ += text.size();
    write_(text);
  }

  void write_summary() {
    const Summary& counts = scan_.summary();
    const std::uint64_t open = counts.noncompliant - counts.accepted;
    put(fmt::format(
        "## Posture: {}\n\n{} resource{} judged with {}: {} noncompliant, {} unknown, {} errors, {} "
        "compliant{}{}.\n\n",
        open == 0 ? std::string("nothing noncompliant")
                  : fmt::format("{} finding{}", open, open == 1 ? "" : "s"),
        counts.resources, counts.resources == 1 ? "" : "s", markdown_text(notes_.policies_text()),
        counts.noncompliant, counts.unknown, counts.error, counts.compliant,
        counts.exempt == 0 ? "" : fmt::format(", {} exempt", counts.exempt),
        counts.accepted == 0 ? "" : fmt::format(", {} of the noncompliant accepted", counts.accepted)));
    put("| Severity | Findings | Resources |\n| --- | ---: | ---: |\n");
    for (std::size_t i = 0; i < kSeverities; ++i)
      put(fmt::format("| {} | {} | {} |\n", kSections[i].title, sections_[i].count,
                      sections_[i].resources.size()));
  }

  void write_section(const SectionRow& row, const Section& here) {
    if (here.count == 0) return;
    put(row.folded ? fmt::format("\n<details><summary>{} ({})</summary>\n\n", row.title, here.count)
                   : fmt::format("\n### {} ({})\n\n", row.title, here.count));
    put("| Resource | Policy | What | Where |\n| --- | --- | --- | --- |\n");
    std::string details;
    std::size_t shown = 0;
    for (const Finding& finding : here.shown) {
      if (written_ + details.size() > kMostBytes) break;
      put(line(finding));
      details += detail(finding);
      ++shown;
    }
    if (here.count > shown)
      put(fmt::format("\n{} more {} not shown: `-f csv` or `-f html` lists them.\n", here.count - shown,
                      here.count - shown == 1 ? "is" : "are"));
    if (!row.folded && !details.empty())
      put(fmt::format("\n<details><summary>Details</summary>\n\n{}\n</details>\n", details));
    if (row.folded) put("\n</details>\n");
  }

  static std::string line(const Finding& finding) {
    const estate::Resource* resource = finding.resource;
    std::string what = markdown_text(finding.reason);
    if (finding.accepted != nullptr)
      what += "<br>accepted: " + markdown_text(acceptance_text(*finding.accepted));
    if (!finding.fix.empty()) what += "<br>**Fix:** " + markdown_text(finding.fix);
    const std::string place = place_to_change(finding).text();
    return fmt::format(
        "| {} | {} | {} | {} |\n",
        resource == nullptr
            ? std::string()
            : fmt::format("{}<br>{}", markdown_code(resource->name), markdown_text(resource->type)),
        markdown_text(shown_name(finding)), what, place.empty() ? place : markdown_code(place));
  }

  static std::string detail(const Finding& finding) {
    std::string out =
        fmt::format("- **{}** {}\n", markdown_text(shown_name(finding)),
                    finding.resource == nullptr ? std::string() : markdown_code(finding.resource->id));
    const auto add = [&out](std::string_view label, const std::string& text) {
      if (!text.empty()) out += fmt::format("  - {}{}\n", label, text);
    };
    if (finding.value_location.line != 0) add("used at ", markdown_code(finding.location.text()));
    if (!finding.owner.empty()) add("owner: ", markdown_text(finding.owner));
    for (const std::string& remark : remarks_of(finding))
      add("", markdown_text(remark));
    add("policy: ", markdown_code(finding.policy->definition->name));
    return out;
  }

  void write_attestations() {
    if (attestations_.empty()) return;
    put(fmt::format("\n<details><summary>Needs an attestation by a person ({} policies)</summary>\n\n",
                    attestations_.size()));
    std::size_t shown = 0;
    for (const auto& [name, resources] : attestations_)
      if (shown++ < kShownFindings) put(fmt::format("- {} ({} resources)\n", markdown_text(name), resources));
    close(shown);
  }

  void write_not_looked_at() {
    std::size_t shown = 0;
    const auto item = [&](const std::string& what, const std::string& why) {
      if (shown == 0) put("\n<details><summary>Not looked at</summary>\n\n");
      const std::string place = what.empty() ? what : markdown_code(what) + ": ";
      if (shown++ < kShownFindings) put(fmt::format("- {}{}\n", place, markdown_text(why)));
    };
    std::set<std::string_view> told;
    for (const NotLookedAt& one : notes_.not_looked_at)
      if (one.needs_action && told.insert(one.what).second) item(one.what, one.why);
    for (const Diagnostic* gap : notes_.gaps())
      if (!told.contains(gap->where.file))
        item(gap->where.text(), gap->hint.empty() ? gap->message : gap->message + "; " + gap->hint);
    if (shown != 0) close(shown);
  }

  void close(std::size_t count) {
    if (count > kShownFindings) put(fmt::format("\n{} more are not shown.\n", count - kShownFindings));
    put("\n</details>\n");
  }

  Scan& scan_;
  const ScanNotes& notes_;
  const Write& write_;
  std::array<Section, std::size(kSections)> sections_;
  std::map<std::string, std::uint64_t> attestations_;
  std::size_t written_ = 0;
};

}  // namespace

void write_findings_markdown(Scan& scan, const ScanNotes& notes, const Write& write) {
  Writer(scan, notes, write).run();
}

}  // namespace redoubt::posture

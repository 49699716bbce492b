#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "posture/baseline.h"
#include "posture/detail/finding_text.h"
#include "posture/detail/page_groups.h"
#include "posture/detail/page_scopes.h"
#include "posture/detail/picked.h"
#include "posture/findings.h"
#include "report/page.h"

namespace redoubt::posture {

using report::PageState;

namespace {

/// A page lists all results up to this many; of more, the first of each policy and state.
constexpr std::size_t kMostRows = 20'000;
constexpr std::size_t kMostNotes = 200;

PageState state_of(const Finding& finding) {
  if (finding.accepted != nullptr) return PageState::Accepted;
  if (finding.needs_attestation) return PageState::Manual;
  if (finding.state == "noncompliant") return PageState::Noncompliant;
  if (finding.state == "error") return PageState::Error;
  if (finding.state == "unknown") return PageState::Unknown;
  if (finding.state == "exempt") return PageState::Exempt;
  return finding.state == "compliant" ? PageState::Compliant : PageState::NotApplicable;
}

std::size_t number_of(PageState state) { return static_cast<std::size_t>(state); }
std::size_t number_of(Level level) { return static_cast<std::size_t>(level); }

/// How many rows of each kind may be listed so that all together are at most `most`; at least one.
std::uint64_t share_of_each(std::vector<std::uint64_t> counts, std::uint64_t most) {
  std::sort(counts.begin(), counts.end());
  std::uint64_t left = most;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::uint64_t share = left / (counts.size() - i);
    if (counts[i] > share) return std::max<std::uint64_t>(1, share);
    left -= counts[i];
  }
  return counts.empty() ? 1 : std::max<std::uint64_t>(1, counts.back());
}

class Writer {
 public:
  Writer(Scan& scan, const ScanNotes& notes, const FindingsPage& page)
      : scan_(scan), page_(page), scopes_(page.tree), groups_(page.library) {
    head_.title = page.title;
    head_.made = to_text(page.now);
    head_.score = page.score;
    head_.subjects = scan.summary().resources;
    head_.judged_with = notes.policies;
    head_.total = scan.size();
    add_notes(notes);
  }

  void run(const Write& write) {
    count();
    pick();
    finish_head();
    report::PageWriter out(head_, write);
    const auto add = [&](const Finding& finding) {
      if (listed(finding)) add_row(out, finding);
    };
    if (picked_.size() == 0)
      scan_.each(add);
    else
      scan_.each(add, [this](const Finding& finding) { return picked_.has(finding); });
    out.finish();
  }

 private:
  using Kind = std::pair<std::uint32_t, PageState>;  ///< rule and state

  void add_notes(const ScanNotes& notes) {
    for (const NotLookedAt& one : notes.not_looked_at)
      if (one.needs_action) head_.notes.push_back({one.what, one.why});
    for (const Diagnostic& diagnostic : notes.diagnostics)
      if (diagnostic.severity != Severity::Hint)
        head_.notes.push_back(
            {diagnostic.where.text(), diagnostic.hint.empty()
                                          ? diagnostic.message
                                          : fmt::format("{} ({})", diagnostic.message, diagnostic.hint)});
    if (head_.notes.size() <= kMostNotes) return;
    const std::size_t more = head_.notes.size() - kMostNotes;
    head_.notes.resize(kMostNotes);
    head_.notes.push_back({{}, fmt::format("{} more are not shown", more)});
  }

  std::uint32_t rule_of(const Finding& finding) {
    const auto [found, added] =
        rules_.try_emplace(finding.policy, static_cast<std::uint32_t>(head_.rules.size()));
    if (added) {
      const policy::Definition& definition = *finding.policy->definition;
      head_.rules.push_back(
          {definition.name, shown_name(definition), definition.description, groups_.of(*finding.policy)});
    }
    return found->second;
  }

  std::int32_t owner_of(const Finding& finding) {
    if (finding.owner.empty()) return -1;
    const auto [found, added] =
        owners_.try_emplace(finding.owner, static_cast<std::int32_t>(head_.owners.size()));
    if (added) head_.owners.push_back({std::string(finding.owner)});
    return found->second;
  }

  /// The first pass: how much there is of everything.
  void count() {
    each_brief(scan_, [&](const Finding& finding) {
      const PageState state = state_of(finding);
      const std::uint32_t number = rule_of(finding);
      report::PageRule& rule = head_.rules[number];
      ++counts_[{number, state}];
      ++rule.counts[number_of(state)];
      ++head_.counts[number_of(state)];
      const std::int32_t owner = owner_of(finding);
      if (owner >= 0) ++head_.owners[static_cast<std::size_t>(owner)].counts[number_of(state)];
      if (state == PageState::Noncompliant) {
        ++head_.levels[number_of(finding.severity)];
        rule.level = std::max(rule.level, finding.severity);
      }
      if (finding.resource != nullptr) count_scope(scopes_.of(*finding.resource), state, finding.severity);
    });
    head_.counts[number_of(PageState::Compliant)] = scan_.summary().compliant;
    head_.counts[number_of(PageState::NotApplicable)] = scan_.summary().not_applicable;
  }

  void count_scope(std::int32_t number, PageState state, Level level) {
    if (number < 0) return;
    report::PageScope& scope = scopes_.scopes()[static_cast<std::size_t>(number)];
    if (state == PageState::Noncompliant) ++scope.levels[number_of(level)];
    if (state == PageState::Unknown) ++scope.unknown;
  }

  /// Of very many results, which are listed.
  void pick() {
    if (scan_.size() <= kMostRows) return;
    std::vector<std::uint64_t> counts;
    counts.reserve(counts_.size());
    for (const auto& [kind, number] : counts_)
      counts.push_back(number);
    head_.listed_each = share_of_each(std::move(counts), kMostRows);
    std::map<Kind, std::uint64_t> seen;
    each_brief(scan_, [&](const Finding& finding) {
      if (seen[{rule_of(finding), state_of(finding)}]++ < head_.listed_each) picked_.add(finding);
    });
  }

  bool listed(const Finding& finding) const { return picked_.size() == 0 || picked_.has(finding); }

  void finish_head() {
    for (const PlannedPolicy* policy : page_.first)
      if (const auto found = rules_.find(policy); found != rules_.end()) head_.first.push_back(found->second);
    head_.groups = groups_.groups();
    head_.scopes = scopes_.scopes();
  }

  void add_row(report::PageWriter& out, const Finding& finding) {
    report::PageRow row;
    row.rule = rule_of(finding);
    if (finding.resource != nullptr) {
      const estate::Resource& resource = *finding.resource;
      row.subject = report::PageSubject{resource.id,         resource.name,        resource.type,
                                        finding.environment, scopes_.of(resource), owner_of(finding)};
    }
    row.state = state_of(finding);
    row.level = finding.severity;
    row.id = finding.id;
    row.reason = finding.reason;
    row.path = finding.path;
    const std::string place = place_to_change(finding).text();
    const std::string used_at = finding.value_location.line == 0 ? std::string() : finding.location.text();
    row.place = place;
    row.used_at = used_at;
    row.fix = finding.fix;
    std::string remarks =
        finding.accepted == nullptr ? std::string() : "accepted: " + acceptance_text(*finding.accepted);
    for (const std::string& remark : remarks_of(finding))
      remarks.append(remarks.empty() ? "" : "\n").append(remark);
    row.remarks = remarks;
    out.add(row);
  }

  Scan& scan_;
  const FindingsPage& page_;
  PageScopes scopes_;
  PageGroups groups_;
  report::PageHead head_;
  std::unordered_map<const PlannedPolicy*, std::uint32_t> rules_;
  std::map<std::string_view, std::int32_t> owners_;
  std::map<Kind, std::uint64_t> counts_;
  Picked picked_;
};

}  // namespace

void write_findings_page(Scan& scan, const ScanNotes& notes, const FindingsPage& page, const Write& write) {
  Writer(scan, notes, page).run(write);
}

}  // namespace redoubt::posture

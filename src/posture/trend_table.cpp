#include <fmt/format.h>

#include "posture/score_output.h"
#include "posture/trend.h"
#include "report/color.h"
#include "report/markdown.h"

// A trend is tables with a title each; people get them as text or as Markdown.

namespace redoubt::posture {

using report::Tone;

namespace {

/// Findings of a list that are named.
constexpr std::size_t kShown = 20;

struct Part {
  std::string title;
  report::Table table;
  std::string rest;  ///< a line below; may be empty
};

std::string time_text(Instant time, std::string_view format = "yyyy-MM-dd HH:mm") {
  return format_time(ZonedTime{time, 0}, format).value_or(to_text(time));
}

std::string day_text(const std::optional<Instant>& time) {
  return time ? time_text(*time, "yyyy-MM-dd") : std::string("-");
}

std::string owner_text(const std::string& owner) { return owner.empty() ? "(nobody)" : owner; }

std::string number(std::int64_t value) { return fmt::format("{}", value); }

Part runs_part(const SeriesTrend& trend) {
  Part out;
  out.title = trend.name;
  out.table.columns = {{"Run", true},    {"Time"},         {"Score", true}, {"Critical", true},
                       {"High", true},   {"Medium", true}, {"Low", true},   {"Unknown", true},
                       {"Exempt", true}, {"New", true},    {"Closed", true}};
  report::Group group;
  bool incomplete = false;
  for (const state::Run& run : trend.runs) {
    const auto level = [&](Level of) { return number(run.levels.at(static_cast<std::size_t>(of))); };
    incomplete = incomplete || !run.complete;
    group.rows.push_back({{{number(run.id) + (run.complete ? "" : "*")},
                           {time_text(run.time)},
                           {percent_text(run.score.score)},
                           {level(Level::Critical)},
                           {level(Level::High)},
                           {level(Level::Medium)},
                           {level(Level::Low)},
                           {number(run.counts.unknown)},
                           {number(run.counts.exempt)},
                           {number(run.opened)},
                           {number(run.closed)}},
                          {}});
  }
  out.table.groups.push_back(std::move(group));
  if (incomplete) out.rest = "* something could not be read: nothing was closed";
  return out;
}

Part owners_part(const SeriesTrend& trend) {
  Part out;
  out.title = "Owners";
  out.table.columns = {{"Owner"}, {"Open", true}, {"Overdue", true}, {"Next due"}};
  report::Group group;
  for (const state::OwnerCounts& one : trend.owners)
    group.rows.push_back({{{owner_text(one.owner)},
                           {number(one.open)},
                           {number(one.overdue), one.overdue == 0 ? Tone::Plain : Tone::Bad},
                           {day_text(one.next_due)}},
                          {}});
  out.table.groups.push_back(std::move(group));
  return out;
}

/// `accounts/oai`, for a line that has little room.
std::string resource_text(const state::RunFinding& finding) {
  const std::size_t providers = finding.resource.rfind("/providers/");
  const std::string_view behind =
      std::string_view(finding.resource)
          .substr(providers == std::string::npos ? 0 : providers + std::string_view("/providers/").size());
  const std::size_t space = providers == std::string::npos ? std::string_view::npos : behind.find('/');
  return std::string(space == std::string_view::npos ? behind : behind.substr(space + 1));
}

report::Row finding_row(const state::KeptFinding& one) {
  const state::RunFinding& finding = one.finding;
  const std::string what =
      finding.state == "noncompliant" ? std::string(name_of(finding.severity)) : finding.state;
  return {{{what},
           {finding.title.empty() ? finding.policy : finding.title},
           {resource_text(finding)},
           {day_text(one.first_seen)},
           {day_text(one.due)}},
          {}};
}

Part findings_part(std::string title, const std::vector<state::KeptFinding>& findings) {
  Part out;
  out.title = std::move(title);
  out.table.columns = {{""}, {"Finding"}, {"Resource"}, {"First seen"}, {"Due"}};
  report::Group group;
  for (std::size_t i = 0; i < std::min(kShown, findings.size()); ++i)
    group.rows.push_back(finding_row(findings[i]));
  out.table.groups.push_back(std::move(group));
  if (findings.size() > kShown)
    out.rest = fmt::format("and {} more; -f json lists them", findings.size() - kShown);
  return out;
}

/// All of them, with an owner's together.
Part overdue_part(const SeriesTrend& trend, Instant now) {
  Part out;
  out.title = fmt::format("{}: overdue", trend.name);
  out.table.columns = {{"Owner"}, {""}, {"Finding"}, {"Resource"}, {"Due"}, {"Days late", true}};
  report::Group group;
  for (const state::KeptFinding& one : trend.overdue) {
    report::Row row = finding_row(one);
    row.cells.erase(row.cells.begin() + 3);
    row.cells.insert(row.cells.begin(), {owner_text(one.finding.owner)});
    row.cells.push_back({number(one.due ? (now.ticks - one.due->ticks) / kTicksPerDay : 0)});
    group.rows.push_back(std::move(row));
  }
  out.table.groups.push_back(std::move(group));
  if (trend.overdue.empty()) out.rest = fmt::format("{}: nothing is overdue", trend.name);
  return out;
}

std::vector<Part> parts_of(const std::vector<SeriesTrend>& trend, Instant now, bool overdue) {
  std::vector<Part> out;
  for (const SeriesTrend& one : trend) {
    if (overdue) {
      out.push_back(overdue_part(one, now));
      continue;
    }
    out.push_back(runs_part(one));
    const std::int64_t last = one.runs.back().id;
    if (!one.opened.empty()) out.push_back(findings_part(fmt::format("New with run {}", last), one.opened));
    if (!one.closed.empty()) out.push_back(findings_part(fmt::format("Closed by run {}", last), one.closed));
    if (!one.owners.empty()) out.push_back(owners_part(one));
  }
  return out;
}

bool is_empty(const Part& part) { return part.table.groups.front().rows.empty(); }

}  // namespace

std::string trend_table(const std::vector<SeriesTrend>& trend, Instant now, bool overdue,
                        const report::TableStyle& style) {
  std::string out;
  for (const Part& part : parts_of(trend, now, overdue)) {
    if (!out.empty()) out += "\n";
    report::Table titled = part.table;
    titled.groups.front().title = {part.title, Tone::Heading};
    if (!is_empty(part)) out += report::to_text(titled, style);
    if (!part.rest.empty()) out += part.rest + "\n";
  }
  return out;
}

std::string trend_markdown(const std::vector<SeriesTrend>& trend, Instant now, bool overdue) {
  std::string out;
  for (const Part& part : parts_of(trend, now, overdue)) {
    if (!out.empty()) out += "\n";
    if (!is_empty(part))
      out +=
          fmt::format("## {}\n\n{}", report::markdown_text(part.title), report::markdown_table(part.table));
    if (!part.rest.empty()) out += fmt::format("\n{}\n", report::markdown_text(part.rest));
  }
  return out;
}

}  // namespace redoubt::posture

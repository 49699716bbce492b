#include <fmt/format.h>

#include <cmath>

#include "posture/detail/finding_text.h"
#include "posture/score_output.h"
#include "report/color.h"
#include "report/markdown.h"
#include "report/terminal_text.h"

namespace redoubt::posture {

using report::Tone;

std::string percent_text(const std::optional<double>& share) {
  return share ? fmt::format("{} %", std::lround(*share * 100)) : "-";
}

namespace {

std::string points(double current, double max) {
  return fmt::format("{:.2f} of {}", rounded_score(current), max);
}

std::string subscription_text(const std::string& subscription) {
  if (subscription.empty()) return "above subscriptions";
  return subscription.front() == '{' ? "subscription not given" : subscription;
}

std::string subscription_title(const ScanScore& score, std::size_t number) {
  const SubscriptionScore& one = score.secure.subscriptions[number];
  return fmt::format("{}: {} ({} points)", subscription_text(score.subscriptions[number]),
                     percent_text(one.percentage()), points(one.current, one.max));
}

bool is_shown(const HealthCounts& counts) { return counts.assessed() + counts.unknown != 0; }

/// `6.20 of 10`, or why there is none.
std::string control_text(const ScoreControl& control, const HealthCounts& counts) {
  return counts.assessed() == 0 ? "-" : points(control_score(control.max, counts), control.max);
}

Tone tone_of(const HealthCounts& counts) {
  if (counts.unhealthy != 0) return Tone::Bad;
  return counts.unknown != 0 ? Tone::Muted : Tone::Good;
}

report::Table control_table(const ScanScore& score) {
  report::Table table;
  table.columns = {{"Control"}, {"Points"}, {"Healthy", true}, {"Unhealthy", true}, {"Unknown", true}};
  for (std::size_t i = 0; i < score.subscriptions.size(); ++i) {
    report::Group group;
    group.title = {subscription_title(score, i), Tone::Heading};
    for (std::size_t control = 0; control < score.controls.size(); ++control) {
      const HealthCounts& counts = score.secure.subscriptions[i].controls[control];
      if (!is_shown(counts)) continue;
      group.rows.push_back(
          {{{fmt::format("{:<39}", score.controls[control].name)},
            {fmt::format("{:<10}", control_text(score.controls[control], counts)), tone_of(counts)},
            {fmt::format("{}", counts.healthy)},
            {fmt::format("{}", counts.unhealthy)},
            {fmt::format("{}", counts.unknown)}},
           {}});
    }
    if (!group.rows.empty()) table.groups.push_back(std::move(group));
  }
  return table;
}

std::string head(const ScanScore& score) {
  if (!score.secure.percentage) return "no secure score: no control with points has an assessment";
  return fmt::format("secure score {}, of {} resources, each counted once for each of its controls",
                     percent_text(score.secure.percentage), score.secure.weight);
}

std::string judged_text(std::string_view judges) { return fmt::format("judged with {}", judges); }

/// What is not in the score, a line each.
std::vector<std::string> left_out(const ScanScore& score) {
  std::vector<std::string> out;
  std::string without;
  for (std::size_t i = 0; i < score.controls.size(); ++i)
    if (!is_shown(score.secure.controls[i]))
      without += (without.empty() ? "" : ", ") + score.controls[i].name;
  if (!without.empty()) out.push_back("not assessed: " + without);
  const auto names = [&](bool preview) {
    std::string text;
    for (const UncountedCheck& check : score.uncounted) {
      if (check.preview != preview) continue;
      text += (text.empty() ? "" : ", ") + check.name;
      if (check.noncompliant != 0) text += fmt::format(" ({} noncompliant)", check.noncompliant);
    }
    return text;
  };
  if (const std::string text = names(false); !text.empty()) out.push_back("no control has: " + text);
  if (const std::string text = names(true); !text.empty()) out.push_back("in preview, not counted: " + text);
  if (score.in_grace != 0)
    out.push_back(fmt::format("in their time of grace, not counted: {} findings", score.in_grace));
  return out;
}

std::string open_text(const ScanScore& score) {
  if (score.open == 0) return "nothing to fix";
  if (score.open == 1) return fmt::format("fix this first (risk {})", score.risk);
  return fmt::format("fix these {} first, of {} findings with a risk of {} together", score.first.size(),
                     score.open, score.risk);
}

std::string gain_text(double gain) {
  return gain >= 0.05 ? fmt::format("; the score gains {:.1f}", gain) : std::string();
}

report::Table first_table(const std::vector<FixFirst>& first) {
  report::Table table;
  table.columns = {{""}, {""}};
  report::Group group;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const Finding& finding = first[i].finding;
    report::Row row;
    row.cells = {{fmt::format("{}.", i + 1)}, {shown_name(finding), Tone::Heading}};
    row.notes = {{fmt::format("{} {}", finding.resource->type, finding.resource->name)},
                 {first[i].why + gain_text(first[i].ranked->gain), Tone::Notice},
                 {finding.reason},
                 {"at " + place_to_change(finding).text(), Tone::Muted}};
    if (!finding.fix.empty()) row.notes.push_back({"fix: " + finding.fix, Tone::Good});
    group.rows.push_back(std::move(row));
  }
  table.groups.push_back(std::move(group));
  return table;
}

}  // namespace

std::string score_table(const ScanScore& score, const std::vector<FixFirst>& first, std::string_view judges,
                        const report::TableStyle& style) {
  std::string out = report::paint(head(score), Tone::Heading, style.color) + "\n" +
                    report::printable_line(judged_text(judges)) + "\n";
  if (const report::Table table = control_table(score); !table.groups.empty())
    out += "\n" + report::to_text(table, style);
  const std::vector<std::string> lines = left_out(score);
  if (!lines.empty()) out += "\n";
  for (const std::string& line : lines)
    for (const std::string& part : report::wrap(report::printable(line), style.width))
      out += part + "\n";
  out += "\n" + report::paint(open_text(score), Tone::Heading, style.color) + "\n";
  if (!first.empty()) out += "\n" + report::to_text(first_table(first), style);
  return out;
}

std::string score_markdown(const ScanScore& score, const std::vector<FixFirst>& first,
                           std::string_view judges) {
  std::string out = fmt::format("## {}\n\n{}\n", report::markdown_text(head(score)),
                                report::markdown_text(judged_text(judges)));
  for (std::size_t i = 0; i < score.subscriptions.size(); ++i) {
    std::string rows;
    for (std::size_t control = 0; control < score.controls.size(); ++control) {
      const HealthCounts& counts = score.secure.subscriptions[i].controls[control];
      if (!is_shown(counts)) continue;
      rows += fmt::format("| {} | {} | {} | {} | {} |\n", report::markdown_text(score.controls[control].name),
                          control_text(score.controls[control], counts), counts.healthy, counts.unhealthy,
                          counts.unknown);
    }
    if (rows.empty()) continue;
    out += fmt::format(
        "\n### {}\n\n| control | points | healthy | unhealthy | unknown |\n"
        "| --- | ---: | ---: | ---: | ---: |\n{}",
        report::markdown_text(subscription_title(score, i)), rows);
  }
  const std::vector<std::string> lines = left_out(score);
  if (!lines.empty()) out += "\n";
  for (const std::string& line : lines)
    out += fmt::format("- {}\n", report::markdown_text(line));
  out += fmt::format("\n### {}\n", report::markdown_text(open_text(score)));
  if (!first.empty()) out += "\n";
  for (std::size_t i = 0; i < first.size(); ++i) {
    const Finding& finding = first[i].finding;
    out += fmt::format("{}. **{}** on {}: {}  \n   {}\n", i + 1, report::markdown_text(shown_name(finding)),
                       report::markdown_code(finding.resource->name),
                       report::markdown_text(first[i].why + gain_text(first[i].ranked->gain)),
                       report::markdown_text(finding.fix.empty() ? finding.reason : "fix: " + finding.fix));
  }
  return out;
}

}  // namespace redoubt::posture

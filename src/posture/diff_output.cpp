#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "doc/json.h"
#include "posture/diff.h"

namespace redoubt::posture {

using doc::JsonWriter;
using report::Tone;

namespace {

constexpr std::string_view kKinds[] = {"added", "removed", "changed"};

/// The lists of a comparison: their name in JSON, their heading, and what the other side's state is called.
struct Section {
  std::string_view name;
  std::string_view title;
  std::string_view other;
  std::vector<DiffRow> Diff::* rows;
  Tone tone;
};
constexpr Section kSections[] = {
    {"worse", "newly noncompliant", "was", &Diff::worse, Tone::Bad},
    {"better", "no longer noncompliant", "now", &Diff::better, Tone::Good},
    {"newlyUnknown", "newly unknown", "was", &Diff::newly_unknown, Tone::Notice},
    {"noLongerUnknown", "no longer unknown", "now", &Diff::no_longer_unknown, Tone::Good}};

const std::string& shown_name(const SideRow& row) {
  return row.display_name.empty() ? row.policy : row.display_name;
}
const SidePolicy& policy_of(const PolicyChange& change) {
  return change.after == nullptr ? *change.before : *change.after;
}
const std::string& shown_name(const SidePolicy& policy) {
  return policy.display_name.empty() ? policy.name : policy.display_name;
}

void write_row(JsonWriter& json, const DiffRow& one, std::string_view other) {
  const SideRow& row = *one.row;
  json.begin_object().key("id").text(row.id).key("policy").begin_object().key("name").text(row.policy);
  json.key("displayName").text(row.display_name).end_object();
  json.key("resource").begin_object().key("id").text(row.resource_id).key("type").text(row.resource_type);
  json.key("name").text(row.resource_name).end_object().key("path").text(row.path);
  json.key("state").text(row.state).key(other).text(one.other);
  json.key("effect").text(row.effect).key("severity").text(name_of(row.severity));
  json.key("reason").text(row.reason);
  if (!row.fix.empty()) json.key("fix").text(row.fix);
  json.key("location").begin_object().key("file").text(row.location.file);
  json.key("line").integer(row.location.line).key("column").integer(row.location.column).end_object();
  json.end_object();
}

void write_side(JsonWriter& json, const DiffSide& side) {
  json.begin_object().key("name").text(side.name()).key("summary").begin_object();
  for (const StateCount& count : kStateCounts)
    json.key(count.name).integer(static_cast<std::int64_t>(side.summary().*count.member));
  json.end_object().end_object();
}

void write_resources(JsonWriter& json, std::string_view key, const std::vector<const SideResource*>& list) {
  json.key(key).begin_array();
  for (const SideResource* one : list)
    json.begin_object()
        .key("id")
        .text(one->id)
        .key("type")
        .text(one->type)
        .key("name")
        .text(one->name)
        .end_object();
  json.end_array();
}

void write_variants(JsonWriter& json, std::string_view key, const SidePolicy* policy) {
  if (policy == nullptr || policy->variants.empty()) return;
  json.key(key).begin_array();
  for (const SideVariant& variant : policy->variants)
    json.begin_object()
        .key("parameters")
        .raw(variant.parameters)
        .key("effect")
        .text(variant.effect)
        .end_object();
  json.end_array();
}

void write_policy(JsonWriter& json, const PolicyChange& change) {
  const SidePolicy& policy = policy_of(change);
  json.begin_object().key("name").text(policy.name).key("displayName").text(policy.display_name);
  json.key("change").text(kKinds[static_cast<std::size_t>(change.kind)]).key("changed").begin_array();
  if (change.parameters) json.text("parameters");
  if (change.effect) json.text("effect");
  if (change.rule) json.text("rule");
  json.end_array();
  write_variants(json, "before", change.before);
  write_variants(json, "after", change.after);
  for (const auto& [key, ids] : {std::pair("newlyHits", &change.hits), std::pair("frees", &change.frees)}) {
    json.key(key).begin_array();
    for (const std::string& id : *ids)
      json.text(id);
    json.end_array();
  }
  json.end_object();
}

std::string variants_text(const SidePolicy* policy, std::string SideVariant::* member) {
  std::string out;
  std::string_view last;
  for (const SideVariant& variant : policy->variants) {
    const std::string& text = variant.*member;
    if (!out.empty() && text == last) continue;
    out += (out.empty() ? "" : " | ") + (text.empty() ? "(open)" : text);
    last = text;
  }
  return out.empty() ? "not told" : out;
}

std::vector<std::string> notes_of(const PolicyChange& change) {
  std::vector<std::string> out;
  const bool told = change.before != nullptr && change.after != nullptr && !change.before->variants.empty() &&
                    !change.after->variants.empty();
  const auto note = [&](bool changed, std::string_view what, std::string SideVariant::* member) {
    if (changed)
      out.push_back(told ? fmt::format("{}: {} -> {}", what, variants_text(change.before, member),
                                       variants_text(change.after, member))
                         : fmt::format("{} changed", what));
  };
  note(change.parameters, "parameters", &SideVariant::parameters);
  note(change.effect, "effect", &SideVariant::effect);
  if (change.rule) out.emplace_back("its rule changed");
  if (!change.hits.empty() || !change.frees.empty())
    out.push_back(fmt::format("newly hits {}, frees {}", change.hits.size(), change.frees.size()));
  return out;
}

report::Row table_row(const DiffRow& one, const Section& section) {
  const SideRow& row = *one.row;
  const std::string state = row.state == "noncompliant" ? std::string(name_of(row.severity)) : row.state;
  report::Row out{{{fmt::format("{:<8}", state), section.tone},
                   {fmt::format("{}: {} {}", shown_name(row), row.resource_type, row.resource_name)}},
                  {}};
  if (!row.reason.empty()) out.notes.push_back({row.reason});
  out.notes.push_back({fmt::format("{} {}", section.other, one.other), Tone::Muted});
  if (row.location.line != 0) out.notes.push_back({"at " + row.location.text(), Tone::Muted});
  if (section.rows == &Diff::worse && !row.fix.empty()) out.notes.push_back({"fix: " + row.fix, Tone::Good});
  return out;
}

void add_group(std::string& out, std::string title, std::vector<report::Row> rows,
               const report::TableStyle& style) {
  if (rows.empty()) return;
  report::Table table;
  table.columns = {{""}, {""}};
  table.groups.push_back({{fmt::format("{} ({})", title, rows.size()), Tone::Heading}, std::move(rows)});
  out += report::to_text(table, style) + "\n";
}

std::string counts_line(const Diff& diff) {
  return fmt::format("{} worse, {} better, {} newly unknown, {} no longer unknown", diff.worse.size(),
                     diff.better.size(), diff.newly_unknown.size(), diff.no_longer_unknown.size());
}

std::string side_line(const DiffSide& side) {
  const Summary& counts = side.summary();
  return fmt::format("{} noncompliant, {} unknown, {}, {} compliant, {} exempt", counts.noncompliant,
                     counts.unknown, counted(counts.error, "error"), counts.compliant, counts.exempt);
}

/// Text inside a cell of markdown.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("|\\`<>*_[]").find(c) != std::string_view::npos) out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

constexpr std::string_view kFirst = "the first pass, nothing to compare with";
constexpr std::string_view kContentsUnknown =
    "a saved result without --all does not tell which resources and policies there were";

}  // namespace

std::string diff_json(const Diff& diff) {
  JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.diff/1").key("before");
  write_side(json, *diff.before);
  json.key("after");
  write_side(json, *diff.after);
  for (const Section& section : kSections) {
    json.key(section.name).begin_array();
    for (const DiffRow& row : diff.*section.rows)
      write_row(json, row, section.other);
    json.end_array();
  }
  if (diff.first) json.key("first").boolean(true);
  json.key("contentsKnown").boolean(diff.contents_known);
  write_resources(json, "resourcesAdded", diff.added);
  write_resources(json, "resourcesRemoved", diff.removed);
  json.key("policies").begin_array();
  for (const PolicyChange& change : diff.policies)
    write_policy(json, change);
  json.end_array().end_object();
  return json.take() + "\n";
}

std::string diff_table(const Diff& diff, const report::TableStyle& style) {
  std::string out;
  if (diff.first) return fmt::format("{}: {}\n", kFirst, side_line(*diff.after));
  for (const Section& section : kSections) {
    std::vector<report::Row> rows;
    for (const DiffRow& row : diff.*section.rows)
      rows.push_back(table_row(row, section));
    add_group(out, std::string(section.title), std::move(rows), style);
  }
  std::vector<report::Row> policies;
  for (const PolicyChange& change : diff.policies) {
    policies.push_back({{{fmt::format("{:<8}", kKinds[static_cast<std::size_t>(change.kind)])},
                         {shown_name(policy_of(change))}},
                        {}});
    for (std::string& note : notes_of(change))
      policies.back().notes.push_back({std::move(note), Tone::Muted});
  }
  add_group(out, "policies", std::move(policies), style);
  std::vector<report::Row> resources;
  for (const auto& [word, list] : {std::pair("added", &diff.added), std::pair("removed", &diff.removed)})
    for (const SideResource* one : *list)
      resources.push_back({{{fmt::format("{:<8}", word)}, {one->type + " " + one->name}}, {}});
  add_group(out, "resources", std::move(resources), style);
  const Tone tone = diff.worse.empty() ? Tone::Good : Tone::Heading;
  out += report::paint(counts_line(diff), tone, style.color) + "\n";
  out += fmt::format("before: {}\nafter:  {}\n", side_line(*diff.before), side_line(*diff.after));
  if (!diff.contents_known) out += fmt::format("{}\n", kContentsUnknown);
  return out;
}

std::string diff_markdown(const Diff& diff) {
  static constexpr std::size_t kShown = 50;
  if (diff.first) return fmt::format("### Policy: {}\n\n{}\n", kFirst, side_line(*diff.after));
  std::string out =
      fmt::format("### Policy: {}\n\n| | before | after |\n| --- | ---: | ---: |\n", counts_line(diff));
  for (const StateCount& count : kStateCounts)
    out += fmt::format("| {} | {} | {} |\n", count.name, diff.before->summary().*count.member,
                       diff.after->summary().*count.member);
  const auto more = [&](std::size_t all) {
    if (all > kShown) out += fmt::format("\nand {} more\n", all - kShown);
  };
  for (const Section& section : kSections) {
    const std::vector<DiffRow>& rows = diff.*section.rows;
    if (rows.empty()) continue;
    out += fmt::format(
        "\n#### {} ({})\n\n| severity | resource | policy | why | {} | where |\n"
        "| --- | --- | --- | --- | --- | --- |\n",
        section.title, rows.size(), section.other);
    for (std::size_t i = 0; i < std::min(kShown, rows.size()); ++i) {
      const SideRow& row = *rows[i].row;
      out += fmt::format(
          "| {} | {} {} | {} | {} | {} | {} |\n", name_of(row.severity), cell(row.resource_type),
          cell(row.resource_name), cell(shown_name(row)), cell(row.reason), rows[i].other,
          cell(row.location.line == 0 ? row.location.file
                                      : fmt::format("{}:{}", row.location.file, row.location.line)));
    }
    more(rows.size());
  }
  if (!diff.policies.empty())
    out += "\n#### policies\n\n| policy | | what | newly hits | frees |\n| --- | --- | --- | ---: | ---: |\n";
  for (std::size_t i = 0; i < std::min(kShown, diff.policies.size()); ++i) {
    const PolicyChange& change = diff.policies[i];
    std::string notes;
    for (const std::string& note : notes_of(change))
      if (!note.starts_with("newly hits")) notes += (notes.empty() ? "" : "; ") + note;
    out += fmt::format("| {} | {} | {} | {} | {} |\n", cell(shown_name(policy_of(change))),
                       kKinds[static_cast<std::size_t>(change.kind)], cell(notes), change.hits.size(),
                       change.frees.size());
  }
  more(diff.policies.size());
  if (!diff.added.empty() || !diff.removed.empty())
    out += fmt::format("\nResources: {} added, {} removed.\n", diff.added.size(), diff.removed.size());
  if (!diff.contents_known) out += fmt::format("\n_{}_\n", kContentsUnknown);
  return out;
}

}  // namespace redoubt::posture

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "doc/json.h"
#include "posture/compare.h"

namespace redoubt::posture {

using doc::JsonWriter;
using report::Tone;

namespace {

constexpr std::size_t kAzureAbsent = kAzureStates - 1;

std::string_view azure_name(std::size_t state) {
  return state == kAzureAbsent ? "absent" : name_of(static_cast<AzureState>(state));
}

std::int64_t number(std::uint64_t count) { return static_cast<std::int64_t>(count); }

void write_place(JsonWriter& json, std::string_view key, const Where& where) {
  json.key(key).begin_object().key("file").text(where.file).key("line").integer(where.line);
  json.key("column").integer(where.column).end_object();
}

void write_counts(JsonWriter& json, const Comparison& of) {
  json.key("summary").begin_object().key("rows").integer(number(of.rows_read));
  json.key("rowsSkipped").integer(number(of.rows_skipped)).key("decided").integer(number(of.decided));
  json.key("agreed").integer(number(of.agreed));
  json.key("disagreed").integer(number(of.decided - of.agreed)).key("agreement");
  if (of.decided == 0)
    json.null();
  else
    json.real(static_cast<double>(of.agreed) / static_cast<double>(of.decided));
  json.end_object().key("matrix").begin_array();
  for (std::size_t ours = 0; ours < kOurStates; ++ours)
    for (std::size_t azure = 0; azure < kAzureStates; ++azure) {
      if (of.matrix[ours][azure] == 0) continue;
      json.begin_object().key("ours").text(name_of(static_cast<OurState>(ours)));
      json.key("azure").text(azure_name(azure)).key("count").integer(number(of.matrix[ours][azure]));
      json.end_object();
    }
  json.end_array().key("leftOut").begin_array();
  for (std::size_t i = 0; i < kLeftOuts; ++i) {
    if (of.left_out[i] == 0) continue;
    const auto reason = static_cast<LeftOut>(i);
    json.begin_object().key("reason").text(name_of(reason)).key("text").text(text_of(reason));
    json.key("count").integer(number(of.left_out[i])).end_object();
  }
  json.end_array();
}

void write_disagreement(JsonWriter& json, const Disagreement& one) {
  json.begin_object().key("resource").begin_object().key("id").text(one.resource_id);
  json.key("type").text(one.resource_type).key("name").text(one.resource_name).end_object();
  json.key("policy").begin_object().key("name").text(one.policy_name);
  json.key("displayName").text(one.display_name).end_object();
  if (!one.assignment_id.empty()) {
    json.key("assignment").begin_object().key("id").text(one.assignment_id);
    json.key("name").text(one.assignment_name).key("referenceId").text(one.reference_id).end_object();
  }
  json.key("ours").text(name_of(one.ours)).key("azure").text(name_of(one.azure));
  json.key("reason").text(one.reason).key("path").text(one.path);
  if (!one.value.empty()) json.key("value").raw(one.value);
  write_place(json, "location", one.location);
  if (one.azure_time) json.key("azureTimestamp").text(to_text(*one.azure_time));
  write_place(json, "azureLocation", one.azure_location);
  json.key("causes").begin_array();
  for (const Cause& cause : one.causes)
    json.begin_object().key("name").text(cause.name).key("text").text(cause.text).end_object();
  json.end_array().end_object();
}

bool used(const std::array<std::uint64_t, kAzureStates>& row) {
  return std::any_of(row.begin(), row.end(), [](std::uint64_t count) { return count != 0; });
}

std::string matrix_text(const Comparison& of, const report::TableStyle& style) {
  std::vector<std::size_t> columns;
  for (std::size_t azure = 0; azure < kAzureStates; ++azure)
    for (std::size_t ours = 0; ours < kOurStates; ++ours)
      if (of.matrix[ours][azure] != 0) {
        columns.push_back(azure);
        break;
      }
  if (columns.empty()) return "there is nothing to compare: no verdict here and no row of Azure\n";
  report::Table table;
  table.columns = {{"here \\ Azure"}};
  for (const std::size_t azure : columns)
    table.columns.push_back({std::string(azure_name(azure)), true});
  report::Group group;
  for (std::size_t ours = 0; ours < kOurStates; ++ours) {
    if (!used(of.matrix[ours])) continue;
    report::Row row{{{std::string(name_of(static_cast<OurState>(ours)))}}, {}};
    for (const std::size_t azure : columns)
      row.cells.push_back({std::to_string(of.matrix[ours][azure])});
    group.rows.push_back(std::move(row));
  }
  table.groups.push_back(std::move(group));
  return report::to_text(table, style);
}

report::Row row_of(const Disagreement& one) {
  report::Row row{{{fmt::format("{} here, {} there", name_of(one.ours), name_of(one.azure)), Tone::Bad},
                   {one.display_name.empty() ? one.policy_name : one.display_name}},
                  {}};
  std::string reason = one.reason;
  std::string_view shown = one.value;
  if (shown.size() > 1 && shown.starts_with('"')) shown = shown.substr(1, shown.size() - 2);
  if (!one.value.empty() && reason.find(shown) == std::string::npos)
    reason += fmt::format(" ({} is {})", one.path, one.value);
  if (!reason.empty()) row.notes.push_back({std::move(reason), Tone::Plain});
  if (one.location.line != 0) row.notes.push_back({"at " + one.location.text(), Tone::Muted});
  if (!one.assignment_name.empty())
    row.notes.push_back({fmt::format("assigned by {}{}", one.assignment_name,
                                     one.reference_id.empty() ? "" : ", reference " + one.reference_id),
                         Tone::Muted});
  row.notes.push_back(
      {fmt::format("Azure: {}{}", one.azure_location.text(),
                   one.azure_time ? ", evaluated " + to_text(*one.azure_time) : std::string()),
       Tone::Muted});
  for (const Cause& cause : one.causes)
    row.notes.push_back({"likely: " + cause.text, Tone::Notice});
  return row;
}

std::string disagreements_text(const Comparison& of, const report::TableStyle& style) {
  static constexpr std::size_t kShown = 100;
  std::string out;
  for (std::size_t i = 0; i < std::min(kShown, of.disagreements.size());) {
    const std::string& resource = of.disagreements[i].resource_id;
    report::Table table;
    table.columns = {{""}, {""}};
    report::Group group{{resource, Tone::Heading}, {}};
    for (; i < std::min(kShown, of.disagreements.size()) && of.disagreements[i].resource_id == resource; ++i)
      group.rows.push_back(row_of(of.disagreements[i]));
    table.groups.push_back(std::move(group));
    out += "\n" + report::to_text(table, style);
  }
  if (of.disagreements.size() > kShown)
    out += fmt::format("\nand {} more; -f json lists them\n", of.disagreements.size() - kShown);
  return out;
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
  JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.compare/1");
  json.key("by").text(comparison.by == PolicyStates::By::Assignment ? "assignment" : "definition");
  write_counts(json, comparison);
  json.key("disagreements").begin_array();
  for (const Disagreement& one : comparison.disagreements)
    write_disagreement(json, one);
  json.end_array().end_object();
  return json.take() + "\n";
}

std::string comparison_table(const Comparison& comparison, const report::TableStyle& style) {
  std::string out = matrix_text(comparison, style);
  out += disagreements_text(comparison, style);
  const std::uint64_t disagreed = comparison.decided - comparison.agreed;
  std::string line = "no key is decided on both sides";
  if (comparison.decided != 0) {
    // Rounded down: a hundred per cent means all of them.
    const std::uint64_t tenths = comparison.agreed * 1000 / comparison.decided;
    line = fmt::format("agreement on {} of {} that both sides decide: {}.{} %; {} disagree{}",
                       comparison.agreed, counted(comparison.decided, "key"), tenths / 10, tenths % 10,
                       disagreed, disagreed == 1 ? "s" : "");
  }
  out += "\n" + report::paint(line, disagreed == 0 ? Tone::Good : Tone::Heading, style.color) + "\n";
  bool headed = false;
  for (std::size_t i = 0; i < kLeftOuts; ++i) {
    if (comparison.left_out[i] == 0) continue;
    if (!headed) out += "left out:\n";
    headed = true;
    out += fmt::format("  {:>6} {}\n", comparison.left_out[i], text_of(static_cast<LeftOut>(i)));
  }
  return out;
}

}  // namespace redoubt::posture

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "doc/json.h"
#include "posture/assignments.h"
#include "posture/detail/finding_text.h"
#include "posture/findings.h"
#include "report/csv.h"

namespace redoubt::posture {

namespace {

/// Names behind each other, `; ` between them, each once.
class Names {
 public:
  void add(std::string_view name) {
    if (name.empty() || last_ == name) return;
    last_ = name;
    text_.append(text_.empty() ? "" : "; ").append(name);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::string_view last_;
};

std::string initiatives_of(const Finding& finding) {
  Names names;
  for (const InitiativeUse& use : finding.policy->initiatives)
    names.add(use.id);
  return names.take();
}

std::string assignments_of(const Finding& finding) {
  Names names;
  for (const AssignedPolicy* pair : finding.pairs)
    names.add(pair->assignment->name);
  return names.take();
}

std::string unknowns_of(const Finding& finding) {
  std::string out;
  for (const auto& [field, origin] : finding.unknown)
    out.append(out.empty() ? "" : "; ").append(field.empty() ? "" : field + ": ").append(origin);
  return out;
}

std::string number(std::uint32_t value) { return value == 0 ? std::string() : fmt::format("{}", value); }

/// A column: what it is called, and what stands in it. Names are a contract (docs/scanning.md).
struct Field {
  std::string_view name;
  std::string (*text)(const Finding&);
};

std::string_view of_resource(const Finding& finding, std::string_view estate::Resource::* part) {
  return finding.resource == nullptr ? std::string_view() : finding.resource->*part;
}

using F = const Finding&;
using R = estate::Resource;
constexpr auto kFields = std::to_array<Field>({
    {"id", [](F f) { return f.id; }},
    {"state", [](F f) { return f.state; }},
    {"severity", [](F f) { return std::string(name_of(f.severity)); }},
    {"policy", [](F f) { return f.policy->definition->name; }},
    {"policyDisplayName", [](F f) { return f.policy->definition->display_name; }},
    {"effect", [](F f) { return f.effect; }},
    {"resourceId", [](F f) { return std::string(of_resource(f, &R::id)); }},
    {"resourceType", [](F f) { return std::string(of_resource(f, &R::type)); }},
    {"resourceName", [](F f) { return std::string(of_resource(f, &R::name)); }},
    {"subscription", [](F f) { return std::string(of_resource(f, &R::subscription)); }},
    {"resourceGroup", [](F f) { return std::string(of_resource(f, &R::resource_group)); }},
    {"owner", [](F f) { return std::string(f.owner); }},
    {"environment", [](F f) { return std::string(f.environment); }},
    {"reason", [](F f) { return f.reason; }},
    {"path", [](F f) { return f.path; }},
    {"value", [](F f) { return f.value; }},
    {"file", [](F f) { return place_to_change(f).file; }},
    {"line", [](F f) { return number(place_to_change(f).line); }},
    {"usedFile", [](F f) { return f.value_location.line == 0 ? std::string() : f.location.file; }},
    {"usedLine", [](F f) { return number(f.value_location.line == 0 ? 0 : f.location.line); }},
    {"fix", [](F f) { return f.fix; }},
    {"fixPath", [](F f) { return f.fix_path; }},
    {"fixValue", [](F f) { return f.fix_value; }},
    {"unknown", unknowns_of},
    {"initiatives", initiatives_of},
    {"assignments", assignments_of},
    {"exemption", [](F f) { return f.exemption == nullptr ? std::string() : f.exemption->name; }},
    {"accepted", [](F f) { return f.accepted == nullptr ? std::string() : acceptance_text(*f.accepted); }},
});

/// A row about what has no finding because it was not judged. Only the columns that are about all have a
/// cell.
std::string not_judged_row(const Diagnostic& diagnostic) {
  std::array<std::string, kFields.size()> texts;
  const auto set = [&](std::string_view column, std::string text) {
    for (std::size_t i = 0; i < kFields.size(); ++i)
      if (kFields[i].name == column) texts[i] = std::move(text);
  };
  set("state", "notJudged");
  set("reason", fmt::format("{}: {}", diagnostic.code, diagnostic.message));
  set("file", diagnostic.where.file);
  set("line", number(diagnostic.where.line));
  set("fix", diagnostic.hint);
  std::array<std::string_view, kFields.size()> cells;
  std::copy(texts.begin(), texts.end(), cells.begin());
  return report::csv_row(cells);
}

}  // namespace

void write_findings_csv(Scan& scan, const ScanNotes& notes, const Write& write) {
  std::array<std::string_view, kFields.size()> header;
  for (std::size_t i = 0; i < kFields.size(); ++i)
    header[i] = kFields[i].name;
  write(report::csv_row(header));
  scan.render(
      [](const Finding& finding, std::string& out) {
        std::array<std::string, kFields.size()> texts;
        std::array<std::string_view, kFields.size()> cells;
        for (std::size_t i = 0; i < kFields.size(); ++i)
          cells[i] = texts[i] = kFields[i].text(finding);
        out += report::csv_row(cells);
      },
      write);
  for (const Diagnostic& diagnostic : not_judged(notes))
    write(not_judged_row(diagnostic));
}

}  // namespace redoubt::posture

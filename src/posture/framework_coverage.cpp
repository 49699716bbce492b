#include "posture/framework_coverage.h"

#include <fmt/format.h>

#include <algorithm>

#include "doc/json.h"
#include "posture/compliance_output.h"
#include "report/markdown.h"

namespace redoubt::posture {

namespace {

constexpr std::string_view kNone = "-";

struct Covered {
  bool ours = false;
  bool azure = false;
};

std::vector<Covered> covered(std::size_t number, const Framework& framework, const AzureControls& azure,
                             const std::vector<ControlMapping>& mappings) {
  std::vector<Covered> out(framework.controls.size());
  for (const ControlMapping& mapping : mappings)
    if (mapping.framework == number)
      for (const auto& [control, checks] : mapping.controls)
        out[control].ours = out[control].ours || !checks.empty();
  for (const auto& [control, policies] : azure.all()[number].controls)
    out[control].azure = std::any_of(policies.begin(), policies.end(), [&](const std::string& policy) {
      return !azure.repeats_another(policy);
    });
  return out;
}

CoverageCounts counts_of(const Framework& framework, const std::vector<Covered>& covered,
                         std::string_view prefix) {
  CoverageCounts out;
  for (std::size_t i = 0; i < covered.size(); ++i) {
    if (!framework.controls[i].counts() || !framework.controls[i].id.starts_with(prefix)) continue;
    ++out.controls;
    out.ours += covered[i].ours ? 1 : 0;
    out.azure += covered[i].azure ? 1 : 0;
    out.either += covered[i].ours || covered[i].azure ? 1 : 0;
  }
  return out;
}

std::string share(std::uint64_t count, std::uint64_t of) {
  return of == 0 ? std::string(kNone) : fmt::format("{} ({} %)", count, count * 100 / of);
}

report::Row row_of(std::string title, const CoverageCounts& counts, bool has_azure) {
  const auto azure = [&](std::uint64_t count) {
    return has_azure ? share(count, counts.controls) : std::string(kNone);
  };
  return {{{std::move(title)},
           {std::to_string(counts.controls)},
           {share(counts.ours, counts.controls)},
           {azure(counts.azure)},
           {azure(counts.either)}},
          {}};
}

report::Table table_of(const std::vector<FrameworkShare>& shares) {
  report::Table table;
  table.columns = {{"framework"}, {"controls", true}, {"here", true}, {"Azure", true}, {"both", true}};
  std::vector<report::Row>& rows = table.groups.emplace_back().rows;
  for (const FrameworkShare& one : shares) {
    const bool has_azure = !one.initiatives.empty();
    rows.push_back(
        row_of(fmt::format("{} {}", one.framework->title, one.framework->version), one.counts, has_azure));
    for (const auto& [title, counts] : one.parts)
      rows.push_back(row_of(fmt::format("of it: {}", title), counts, has_azure));
  }
  return table;
}

void write_counts(doc::JsonWriter& json, const CoverageCounts& counts, bool has_azure) {
  const auto number = [&](std::string_view key, std::uint64_t count) {
    json.key(key).integer(static_cast<std::int64_t>(count));
  };
  number("controls", counts.controls);
  number("ours", counts.ours);
  if (has_azure) {
    number("azure", counts.azure);
    number("both", counts.either);
  } else {
    json.key("azure").null().key("both").null();
  }
}

}  // namespace

std::vector<FrameworkShare> framework_coverage(const Frameworks& frameworks, const AzureControls& azure,
                                               const std::vector<ControlMapping>& mappings,
                                               const std::vector<std::size_t>& chosen) {
  std::vector<FrameworkShare> out;
  for (const std::size_t number : chosen) {
    const Framework& framework = frameworks.all()[number];
    const std::vector<Covered> marks = covered(number, framework, azure, mappings);
    FrameworkShare share;
    share.framework = &framework;
    share.counts = counts_of(framework, marks, {});
    share.initiatives = azure.all()[number].initiatives;
    for (const Control& control : framework.controls) {
      share.withdrawn += control.withdrawn ? 1 : 0;
      share.groups += control.group ? 1 : 0;
      share.manual += control.manual ? 1 : 0;
    }
    for (const FrameworkPart& part : framework.parts)
      share.parts.emplace_back(part.title, counts_of(framework, marks, part.prefix));
    out.push_back(std::move(share));
  }
  return out;
}

std::string coverage_table(const std::vector<FrameworkShare>& shares, const report::TableStyle& style) {
  return report::to_text(table_of(shares), style);
}

std::string coverage_markdown(const std::vector<FrameworkShare>& shares) {
  return report::markdown_table(table_of(shares));
}

std::string coverage_json(const std::vector<FrameworkShare>& shares) {
  doc::JsonWriter json(true);
  json.begin_object().key("schema").text("redoubt.compliance-coverage/1").key("frameworks").begin_array();
  for (const FrameworkShare& one : shares) {
    const bool has_azure = !one.initiatives.empty();
    json.begin_object().key("id").text(one.framework->id).key("title").text(one.framework->title);
    json.key("version").text(one.framework->version);
    write_counts(json, one.counts, has_azure);
    json.key("withdrawn").integer(static_cast<std::int64_t>(one.withdrawn));
    json.key("groups").integer(static_cast<std::int64_t>(one.groups));
    json.key("manual").integer(static_cast<std::int64_t>(one.manual));
    json.key("initiatives").begin_array();
    for (const std::string& initiative : one.initiatives)
      json.text(initiative);
    json.end_array().key("parts").begin_array();
    for (const auto& [title, counts] : one.parts) {
      json.begin_object().key("title").text(title);
      write_counts(json, counts, has_azure);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

}  // namespace redoubt::posture

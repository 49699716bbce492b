#include "coverage_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "testing/paths.h"

namespace redoubt::query {

namespace {

constexpr std::string_view kHead =
    "<!-- made by the test QueryCoverage with RD_UPDATE_CASES=1; add cases to tests/query/cases instead -->\n"
    "# What of KQL is run, and by which cases\n\n"
    "A function, operator, aggregate or plugin is `working` here when a case with an expected answer runs it "
    "and passes: one made by hand (`tests/query/cases`), one of the documents' examples that Microsoft's "
    "engine has answered, or one of those that public reports led to. Which names a case runs is taken from "
    "its bound plan, not from its text. Where no answer can be fixed (`now`, `rand`, `new_guid`, `render`) "
    "the case checks what the documents say of any answer.\n\n"
    "Everything is run in memory; `SQL` says that one of the cases has the event engine do it, too. Names "
    "that neither Azure Monitor nor Microsoft Sentinel offers, and functions of the documents' library, are "
    "[excluded](reference/kql-differences.md#names-that-are-excluded). What each name takes and gives is in "
    "the [list of functions](reference/kql-functions.md).\n";

std::string cell(std::string_view text) { return replace_all(on_one_line(text), "|", "\\|"); }

/// A page that a name shares with the one that took its place is not its own.
bool documented(const kql::CatalogueEntry& entry) {
  const kql::Function* const row = entry.function;
  if (row == nullptr) return true;
  const std::string_view present = row->alias_of.empty() ? row->instead : row->alias_of;
  const kql::Function* const later = present.empty() ? nullptr : kql::find_function(present, row->kind);
  return !row->link.empty() && !entry.internal && (later == nullptr || later->link != row->link);
}

/// `all` are the products that the pages of the documents are marked with.
std::string offered(std::uint8_t availability) {
  constexpr std::uint8_t kMarked = kql::kLogAnalytics | kql::kSentinel | kql::kAdx | kql::kFabric;
  const bool all = (availability & kMarked) == kMarked;
  std::vector<std::string_view> out;
  if (all) out.emplace_back("all");
  for (const kql::Product& product : kql::products())
    if ((availability & product.bit) != 0 && !(all && (kMarked & product.bit) != 0))
      out.push_back(product.name);
  return join(out, ", ");
}

struct Count {
  std::size_t all = 0;
  std::size_t working = 0;
  std::size_t in_sql = 0;

  void add(const NameCoverage& name) {
    ++all;
    working += name.works() ? 1U : 0U;
    in_sql += name.in_sql ? 1U : 0U;
  }
  std::string row(std::string_view what) const {
    return fmt::format("| {} | {} | {} | {} |\n", what, all, working, in_sql);
  }
};

std::string summary(const std::vector<NameCoverage>& names) {
  std::string out = "\n| what | names | working | of these in SQL |\n| --- | --- | --- | --- |\n";
  Count geo;
  Count all;
  for (const std::string_view kind : kql::catalogue_kinds()) {
    Count count;
    for (const NameCoverage& name : names)
      if (name.entry.kind == kind && !name.geo()) count.add(name);
    if (count.all != 0) out += count.row(kind);
  }
  for (const NameCoverage& name : names)
    (name.geo() ? geo : all).add(name);
  return out + all.row("together") + geo.row("`geo_...` functions and plugins");
}

std::string name_row(const NameCoverage& name, const CoverageReasons& reasons) {
  const auto count = [&](CaseOrigin origin) {
    const auto found = name.cases.find(origin);
    return found == name.cases.end() ? std::size_t{0} : found->second;
  };
  const auto reason = reasons.names.find({std::string(name.entry.kind), std::string(name.entry.name)});
  const std::string why = reason == reasons.names.end() ? "no case" : reason->second;
  return fmt::format("| [`{}`]({}) | {} | {} | {} | {} | {} | {} | {} |\n", cell(name.entry.name),
                     name.entry.link, offered(name.entry.availability), count(CaseOrigin::Own),
                     count(CaseOrigin::Documented), count(CaseOrigin::Reported), cell(name.example),
                     name.in_sql    ? "memory, SQL"
                     : name.works() ? "memory"
                                    : "",
                     name.works() ? "working" : cell(why));
}

std::string name_table(const std::vector<NameCoverage>& names, std::string_view kind, bool geo,
                       const CoverageReasons& reasons) {
  std::string rows;
  for (const NameCoverage& name : names)
    if (name.geo() == geo && (geo || name.entry.kind == kind)) rows += name_row(name, reasons);
  if (rows.empty()) return rows;
  return fmt::format(
             "\n## {}\n\n| name | offered by | own cases | documented examples | reported cases | for "
             "example | runs in | status |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
             geo ? "geo functions and plugins" : kind) +
         rows;
}

std::string examples(const std::vector<CoverageCase>& cases, const CoverageReasons& reasons) {
  std::size_t all[2] = {};
  std::size_t good[2] = {};
  std::map<std::string, std::vector<std::string_view>> failing;
  for (const CoverageCase& one : cases) {
    if (one.origin != CaseOrigin::Documented) continue;
    const bool geo = one.query.find("geo_") != std::string::npos;
    ++all[geo ? 1 : 0];
    good[geo ? 1 : 0] += one.wrong.empty() ? 1U : 0U;
    if (one.wrong.empty()) continue;
    const auto reason = reasons.examples.find(one.id);
    failing[reason == reasons.examples.end() ? "not looked into" : reason->second].push_back(one.id);
  }
  std::string out = fmt::format(
      "\n## Documented examples\n\nOf {} examples of the language reference the answer of Microsoft's engine "
      "is known and the same each time. Names, types and values of the columns are the same, and rows in the "
      "order that the query asks for, in {} of {} without `geo_` and in {} of {} with it. The others:\n\n| "
      "why | examples |\n| --- | --- |\n",
      all[0] + all[1], good[0], all[0], good[1], all[1]);
  for (const auto& [why, ids] : failing)
    out += fmt::format("| {} | `{}` |\n", cell(why), join(ids, "`, `"));
  return out;
}

}  // namespace

std::vector<NameCoverage> coverage_of(const std::vector<CoverageCase>& cases) {
  std::vector<NameCoverage> out;
  for (kql::CatalogueEntry& entry : kql::catalogue()) {
    if (!entry.excluded.empty() || !documented(entry)) continue;
    NameCoverage name{.entry = std::move(entry)};
    const LanguageKey key(name.entry.kind, name.entry.name);
    for (const CoverageCase& one : cases) {
      if (!one.wrong.empty() || !one.names.contains(key)) continue;
      ++name.cases[one.origin];
      if (name.example.empty()) name.example = one.id;
      name.in_sql = name.in_sql || one.in_sql.contains(key);
    }
    out.push_back(std::move(name));
  }
  return out;
}

CoverageReasons coverage_reasons() {
  CoverageReasons out;
  doc::Sources sources;
  const std::string text = testing::read_file(testing::source_root() / "tests/query/coverage/reasons.jsonl");
  for (const doc::Value& one : doc::read_json_lines(sources, "reasons.jsonl", text).value.rows) {
    std::string reason(one.text_of("reason").value_or(""));
    if (const auto example = one.text_of("example"))
      out.examples.emplace(*example, std::move(reason));
    else
      out.names.emplace(LanguageKey(one.text_of("kind").value_or(""), one.text_of("name").value_or("")),
                        std::move(reason));
  }
  return out;
}

std::string coverage_page(const std::vector<NameCoverage>& names, const std::vector<CoverageCase>& cases,
                          const CoverageReasons& reasons) {
  std::string out(kHead);
  out += summary(names);
  out += examples(cases, reasons);
  for (const std::string_view kind : kql::catalogue_kinds())
    out += name_table(names, kind, false, reasons);
  return out + name_table(names, {}, true, reasons);
}

}  // namespace redoubt::query

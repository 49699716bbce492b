#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "core/arena.h"
#include "coverage_page.h"
#include "doc/json.h"
#include "testing/paths.h"

// docs/kql-coverage.md: which names of the language a case with an expected answer runs, and which documented
// examples get the answer of Microsoft's engine. RD_UPDATE_CASES=1 writes it.

namespace redoubt::query {
namespace {

/// Names without geo_ that cases made here alone show to be working.
constexpr std::size_t kByOwnCases = 340;
/// ... with those of the corpora, of 515; and names with geo_, of 55.
constexpr std::size_t kWorking = 509;
constexpr std::size_t kGeoWorking = 37;
/// Documented examples without geo_, of 373; and with it, of 137.
constexpr std::size_t kExamples = 371;
constexpr std::size_t kGeoExamples = 87;

std::size_t working(const std::vector<NameCoverage>& names, bool geo) {
  return static_cast<std::size_t>(std::count_if(
      names.begin(), names.end(), [&](const NameCoverage& one) { return one.works() && one.geo() == geo; }));
}

std::size_t answered(const std::vector<CoverageCase>& cases, bool geo) {
  return static_cast<std::size_t>(std::count_if(cases.begin(), cases.end(), [&](const CoverageCase& one) {
    const bool with_geo = one.query.find("geo_") != std::string::npos;
    return one.origin == CaseOrigin::Documented && one.wrong.empty() && with_geo == geo;
  }));
}

/// A reason is given for all that does not work, and for nothing else.
void check_reasons(const CoverageReasons& reasons, const std::vector<NameCoverage>& names,
                   const std::vector<CoverageCase>& cases) {
  std::map<LanguageKey, bool> works;
  for (const NameCoverage& one : names)
    works.emplace(LanguageKey(one.entry.kind, one.entry.name), one.works());
  for (const auto& [key, good] : works)
    EXPECT_EQ(good, !reasons.names.contains(key)) << key.first << " " << key.second;
  for (const auto& [key, reason] : reasons.names)
    EXPECT_TRUE(works.contains(key)) << key.second << ": " << reason;
  for (const CoverageCase& one : cases) {
    if (one.origin != CaseOrigin::Documented) continue;
    EXPECT_EQ(one.wrong.empty(), !reasons.examples.contains(one.id)) << one.id << "\n" << one.wrong;
  }
}

void check_page(const std::string& page) {
  const std::filesystem::path file = testing::source_root() / "docs/kql-coverage.md";
  if (const char* const update = std::getenv("RD_UPDATE_CASES"); update != nullptr && *update == '1') {
    std::ofstream(file, std::ios::binary) << page;
    return;
  }
  EXPECT_TRUE(testing::read_file(file) == page)
      << file << " is out of date: run this test with RD_UPDATE_CASES=1";
}

TEST(QueryCoverage, OfCasesMadeHereIsNotLessThanItWas) {
  const std::vector<CoverageCase> cases = own_cases();
  const std::size_t count = working(coverage_of(cases), false);
  std::cout << count << " names working by cases made here\n";
  EXPECT_GE(count, kByOwnCases);
}

TEST(QueryCoverage, PageIsWhatTheCasesGive) {
  const auto corpora = testing::corpora();
  if (!corpora) return;
  std::vector<CoverageCase> cases = own_cases();
  for (CoverageCase& one : corpus_cases(*corpora))
    cases.push_back(std::move(one));
  const std::vector<NameCoverage> names = coverage_of(cases);
  const CoverageReasons reasons = coverage_reasons();
  std::cout << working(names, false) << " names working, " << working(names, true) << " with geo_; "
            << answered(cases, false) << " documented examples answered, " << answered(cases, true)
            << " with geo_\n";
  check_reasons(reasons, names, cases);
  EXPECT_GE(working(names, false), kWorking);
  EXPECT_GE(working(names, true), kGeoWorking);
  EXPECT_GE(answered(cases, false), kExamples);
  EXPECT_GE(answered(cases, true), kGeoExamples);
  check_page(coverage_page(names, cases, reasons));
}

TEST(QueryCoverage, NamesAreThoseOfTheDocuments) {
  const auto file = testing::corpora("kql/documented-names.json");
  if (!file) return;
  Arena arena;
  const std::string text = testing::read_file(*file);
  const Result<doc::Value> list = doc::parse_json(arena, text);
  ASSERT_TRUE(list) << list.error().text();
  std::set<LanguageKey> wanted;
  const std::map<std::string_view, std::string_view> kinds = {
      {"aggregation", "aggregate"}, {"graph-function", "graph"}, {"tabular-function", "table"}};
  for (const doc::Value& one : list->find("names")->items()) {
    const bool offered = one.find("azure_monitor")->as_bool() || one.find("sentinel")->as_bool();
    const std::string_view kind = *one.text_of("kind");
    if (!offered || kind == "library-function") continue;
    const auto own = kinds.find(kind);
    wanted.emplace(own == kinds.end() ? kind : own->second, *one.text_of("name"));
  }
  EXPECT_EQ(wanted.size(), 570U);
  for (const NameCoverage& one : coverage_of({}))
    EXPECT_EQ(wanted.erase({std::string(one.entry.kind), std::string(one.entry.name)}), 1U)
        << one.entry.kind << " " << one.entry.name;
  for (const auto& [kind, name] : wanted)
    ADD_FAILURE() << kind << " " << name << " is not in the catalogue";
}

}  // namespace
}  // namespace redoubt::query

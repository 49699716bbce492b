#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <string>

#include "kql/parser.h"
#include "kql/query_files.h"
#include "testing/paths.h"

namespace redoubt::kql {
namespace {

/// Bytes that are written without an escape anywhere, and must be found again where the map leads.
bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '|' || c == '(';
}

std::size_t misplaced(const doc::Sources& sources, const FoundQuery& query) {
  const std::string& text = sources.text(query.file);
  std::size_t count = 0;
  for (std::size_t at = 0; at < query.query.size(); ++at)
    if (is_plain(query.query[at]) && text[query.place(at).offset] != query.query[at]) ++count;
  return count;
}

struct Figures {
  std::map<std::string_view, std::size_t> kinds;
  std::size_t queries = 0;
  std::size_t misplaced = 0;
  std::size_t with_problems = 0;
  QueryFileCounts counts;
};

Figures figures_of(const std::filesystem::path& folder) {
  doc::Sources sources;
  const Reading<FoundQueries> found = find_queries(sources, folder.string());
  Figures out;
  out.counts = found.value.counts;
  out.queries = found.value.queries.size();
  for (const FoundQuery& query : found.value.queries) {
    ++out.kinds[name_of(query.kind)];
    out.misplaced += misplaced(sources, query);
    const Syntax syntax = parse(query.query);
    if (!syntax.has_errors()) continue;
    ++out.with_problems;
    const Problem& problem = syntax.problems[0];
    std::cout << query.where(sources, problem.offset).text() << ": " << problem.message << "\n";
  }
  for (const Diagnostic& diagnostic : found.diagnostics)
    if (diagnostic.severity == Severity::Error) ADD_FAILURE() << diagnostic.text();
  std::cout << folder.filename().string() << ": " << out.queries << " queries of " << out.counts.files
            << " files, " << out.with_problems << " with problems, open " << out.counts.open_queries << "\n";
  for (const auto& [kind, count] : out.kinds)
    std::cout << "  " << kind << " " << count << "\n";
  return out;
}

TEST(CorpusQueryFiles, AnalyticsRulesAreFoundWithTheirPlaces) {
  const auto folder = redoubt::testing::corpora("sentinel/rules");
  if (!folder) return;
  const Figures figures = figures_of(*folder);
  EXPECT_EQ(figures.queries, 261u);
  EXPECT_EQ(figures.kinds.at("analytics rule"), 260u) << "one has neither kind nor severity";
  EXPECT_EQ(figures.with_problems, 0u);
  EXPECT_EQ(figures.misplaced, 0u);
}

TEST(CorpusQueryFiles, TemplatesAreFoundWithTheirPlaces) {
  const auto folder = redoubt::testing::corpora("templates");
  if (!folder) return;
  EXPECT_EQ(figures_of(*folder).misplaced, 0u);
}

TEST(CorpusQueryFiles, PlaybooksAreFoundWithTheirPlaces) {
  const auto folder = redoubt::testing::corpora("sentinel/playbooks");
  if (!folder) return;
  EXPECT_EQ(figures_of(*folder).misplaced, 0u);
}

}  // namespace
}  // namespace redoubt::kql

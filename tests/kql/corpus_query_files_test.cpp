#include <gtest/gtest.h>

#include <algorithm>

#include <filesystem>
#include <iostream>
#include <map>
#include <string>

#include "core/text.h"
#include "core/utf8.h"
#include "doc/json.h"
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

/// YAML 1.2.2, 5.1, without what libyaml takes for the end of a line.
bool is_printable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Character character = decode_utf8(text, at);
    const char32_t code = character.code;
    if (code == 0x2028 || code == 0x2029 || code == 0xfeff || (code >= 0x7f && code < 0xa0)) return false;
    if (code < 0x20 && code != '\n' && code != '\t') return false;
    at += character.bytes;
  }
  return true;
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

std::string indented(std::string_view query, std::string_view margin) {
  std::string out;
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = std::min(query.find('\n', at), query.size());
    out += std::string(margin) + std::string(query.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return out;
}

std::string json_text(std::string_view text) { return doc::JsonWriter().text(text).take(); }

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? "''" : c == '\n' ? "\n\n  " : std::string(1, c);
  return out + "'";
}

/// A query in a form, and what has to be found in it; blanks around line breaks are not kept by every form.
void check_form(const std::string& name, const std::string& text, const std::string* query,
                std::string_view id) {
  doc::Sources sources;
  const Reading<FoundQueries> found = find_queries_in_text(sources, name, text);
  ASSERT_EQ(found.value.queries.size(), 1u) << id << "\n" << text;
  if (query != nullptr) {
    EXPECT_EQ(found.value.queries[0].query, *query) << id << " " << name;
  }
  EXPECT_EQ(misplaced(sources, found.value.queries[0]), 0u) << id << " " << name << "\n" << text;
}

/// Commands that create functions: a function each, and other commands between them.
bool are_functions(const std::string& text, std::string_view id) {
  doc::Sources sources;
  const Reading<FoundQueries> found = find_queries_in_text(sources, "a.kql", text);
  if (std::ranges::none_of(found.value.queries,
                           [](const FoundQuery& query) { return query.kind == QueryKind::Function; }))
    return false;
  for (const FoundQuery& query : found.value.queries)
    EXPECT_EQ(misplaced(sources, query), 0u) << id << "\n" << text;
  return true;
}

TEST(CorpusQueryFiles, RealQueriesAreFoundInEveryForm) {
  const auto file = redoubt::testing::corpora("kql/real-queries.jsonl");
  if (!file) return;
  doc::Sources sources;
  const Result<std::string> lines = doc::read_text_file(file->string());
  ASSERT_TRUE(lines.has_value());
  const Reading<doc::LineDocument> rows = doc::read_json_lines(sources, "rows", *lines);
  std::size_t count = 0;
  for (const doc::Value& row : rows.value.rows) {
    const std::string_view id = row.text_of("id").value_or("");
    std::string query = replace_all(row.text_of("query").value_or(""), "\r", "");
    // What YAML takes for the end of a line, and what it does not take at all without an escape.
    const bool plain = is_printable(query);
    query = std::string(trim(query)) + "\n";
    const std::string rule = "queryPeriod: 1d\n";
    if (!are_functions(query, id)) check_form("a.kql", query, &query, id);
    check_form("a.json", R"({"queryPeriod": 1, "query": )" + json_text(query) + "}", &query, id);
    const std::string book =
        R"({"version": "Notebook/1.0", "items": [{"content": {"queryType": 0, "query": )" + json_text(query) +
        "}}]}";
    check_form("b.json", R"({"serializedData": )" + json_text(book) + "}", &query, id);
    check_form("b.yaml", rule + "query: " + json_text(query), &query, id);
    if (plain) {
      check_form("c.yaml", rule + "query: |2\n" + indented(query, "  ") + "version: 1\n", &query, id);
      // On one line a comment in front is all there is.
      if (!query.starts_with("//"))
        check_form("d.yaml", rule + "query: >2\n" + indented(query, "  ") + "version: 1\n", nullptr, id);
      check_form("e.yaml", rule + "query: " + single_quoted(query) + "\nversion: 1\n", nullptr, id);
    }
    if (query.find("```") == std::string::npos)
      check_form("f.md", "- x\n\n  ```kql\n" + indented(query, "  ") + "  ```\n", &query, id);
    if (::testing::Test::HasFatalFailure()) return;
    ++count;
  }
  std::cout << count << " queries in every form\n";
  EXPECT_GE(count, 9'700u);
}

}  // namespace
}  // namespace redoubt::kql

#include "kql/query_files.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "kql/lexer.h"
#include "testing/cases.h"
#include "testing/escapes.h"
#include "testing/paths.h"

namespace redoubt::kql {
namespace {

namespace fs = std::filesystem;

std::string place_text(const Where& where) { return fmt::format("{}:{}", where.line, where.column); }

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '|';
}

/// Every token of a text behind its place in the file, the lines as in the text.
void add_tokens(std::string& out, std::string_view text, const auto& token_text) {
  std::size_t line = 0;
  bool first = true;
  for (const Token& token : tokenize(text)) {
    const std::size_t breaks =
        static_cast<std::size_t>(std::ranges::count(text.substr(line, token.offset - line), '\n'));
    out += breaks != 0 ? "\n" : first ? "" : " ";
    first = false;
    line = token.offset;
    out += token_text(token);
  }
  out += "\n";
}

/// WRONG where the file has another letter there, but for workbooks, whose parameters are filled in.
std::string token_text(const doc::Sources& sources, const FoundQuery& query, const Token& token) {
  const std::string_view text = std::string_view(query.query).substr(token.offset, token.size);
  const bool wrong = query.kind != QueryKind::Workbook && !text.empty() && is_word(text[0]) &&
                     sources.text(query.file)[query.place(token.offset).offset] != text[0];
  return place_text(query.where(sources, token.offset)) + " " +
         (token.kind == TokenKind::End ? "end" : std::string(text)) + (wrong ? " WRONG" : "");
}

void add_head(std::string& out, const doc::Sources& sources, const FoundQuery& query) {
  const FunctionHead& head = *query.function;
  for (const std::string& name : head.names)
    out += fmt::format("called `{}`\n", name);
  add_tokens(out, head.parameters, [&](const Token& token) {
    const doc::Place place{query.file, head.parameters_map[token.offset]};
    return place_text(sources.where(place)) + " " +
           (token.kind == TokenKind::End ? "end of parameters"
                                         : head.parameters.substr(token.offset, token.size));
  });
}

std::string render_all(const doc::Sources& sources, const Reading<FoundQueries>& found) {
  std::string out;
  for (const FoundQuery& query : found.value.queries) {
    out += fmt::format("{} `{}` id `{}`\n", name_of(query.kind), query.name, query.id);
    if (query.function) add_head(out, sources, query);
    add_tokens(out, query.query, [&](const Token& token) { return token_text(sources, query, token); });
    for (const TakenColumn& taken : query.taken)
      out += fmt::format("{} {} for {}\n", place_text(sources.where({query.file, taken.begin})), taken.name,
                         taken.use);
  }
  if (found.value.queries.empty()) out += "no query\n";
  for (const Diagnostic& diagnostic : found.diagnostics)
    out += diagnostic.text() + "\n";
  return out;
}

// The first line names the file; behind ` \` the text has escapes.
std::string render(std::string_view input) {
  const std::size_t line = std::min(input.find('\n'), input.size());
  std::string_view name = input.substr(0, line);
  std::string text(input.substr(std::min(line + 1, input.size())));
  if (name.ends_with(" \\")) {
    name.remove_suffix(2);
    text = testing::unescape(text);
  } else {
    text += '\n';
  }
  doc::Sources sources;
  return render_all(sources, find_queries_in_text(sources, std::string(name), std::move(text)));
}

[[maybe_unused]] const bool registered =
    testing::register_cases("KqlQueryFiles", "tests/kql/cases/query_files", render);

/// A folder that is gone after the test.
class Folder {
 public:
  Folder() : path_(fs::path(::testing::TempDir()) / fmt::format("redoubt_query_files_{}", getpid())) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  std::string path(const std::string& name = {}) const {
    return name.empty() ? path_.string() : (path_ / name).string();
  }

 private:
  fs::path path_;
};

std::vector<std::string> files_of(const doc::Sources& sources, const Reading<FoundQueries>& found,
                                  const Folder& folder) {
  std::vector<std::string> out;
  for (const FoundQuery& query : found.value.queries)
    out.push_back(fs::path(sources.name(query.file)).lexically_relative(folder.path()).string());
  return out;
}

TEST(KqlQueryFolders, AreWalkedInOrderHiddenOnesAndPackagesPassedOver) {
  const Folder folder;
  folder.write("b.kql", "T");
  folder.write("a/z.csl", "T");
  folder.write("a/b/rule.yml", "queryPeriod: 1d\nquery: T\n");
  folder.write("c.md", "```kql\nT\n```\n");
  folder.write(".git/x.kql", "T");
  folder.write("node_modules/x.kql", "T");
  folder.write("notes.txt", "nothing but words\n");
  folder.write("q.txt", "T\n| where A == 1\n");
  folder.write("values.json", R"({"a": 1})");
  folder.write("main.bicep", "param x string");
  folder.write("binary.kql", std::string("T\0T", 3));
  folder.write("utf16.kql", "\xff\xfeT");
  fs::create_directory_symlink(folder.path(), folder.path("loop"));
  doc::Sources sources;
  const Reading<FoundQueries> found = find_queries(sources, folder.path());
  EXPECT_EQ(files_of(sources, found, folder),
            (std::vector<std::string>{"a/b/rule.yml", "a/z.csl", "b.kql", "c.md", "q.txt"}));
  const QueryFileCounts& counts = found.value.counts;
  EXPECT_EQ(counts.files, 7u);
  EXPECT_EQ(counts.without, 2u);
  EXPECT_EQ(counts.other, 1u);
  EXPECT_EQ(counts.binary, 1u);
  EXPECT_EQ(counts.unreadable, 1u);
  EXPECT_EQ(counts.folders, 3u);
  EXPECT_EQ(found.diagnostics.size(), 2u) << "the binary file and UTF-16 are told";
}

TEST(KqlQueryFolders, NameWhatCannotBeRead) {
  const Folder folder;
  folder.write("big.kql", std::string(200, 'T'));
  folder.write("cut.yaml", "id: x\nqueryPeriod: 1d\nquery: \"T\n");
  folder.write("chart.yaml", "{{- if .query }}\nx: y\n");
  fs::create_symlink(folder.path("nowhere"), folder.path("gone.kql"));
  doc::Sources sources;
  const Reading<FoundQueries> found = find_queries(sources, folder.path(), {.max_bytes = 100});
  EXPECT_TRUE(found.value.queries.empty());
  EXPECT_EQ(found.value.counts.too_large, 1u);
  EXPECT_EQ(found.value.counts.unreadable, 3u);
  std::string told;
  for (const Diagnostic& diagnostic : found.diagnostics)
    told += fmt::format("{} {} {}\n", fs::path(diagnostic.where.file).filename().string(), diagnostic.code,
                        diagnostic.severity == Severity::Error ? "error" : "warning");
  EXPECT_EQ(told,
            "big.kql DOC0103 warning\nchart.yaml DOC0203 warning\ncut.yaml DOC0201 error\n"
            "gone.kql DOC0001 error\n");
}

TEST(KqlQueryFolders, AFileThatIsNotThereIsAnError) {
  doc::Sources sources;
  const Reading<FoundQueries> found = find_queries(sources, "/nowhere/at/all.kql");
  ASSERT_TRUE(found.has_errors());
  EXPECT_EQ(found.diagnostics[0].code, "DOC0001");
}

TEST(KqlQueryFolders, LimitsAreTold) {
  const Folder folder;
  folder.write("a/b/c/d.kql", "T");
  folder.write("a/x.kql", "T");
  folder.write("a/y.kql", "T");
  doc::Sources sources;
  Reading<FoundQueries> found = find_queries(sources, folder.path(), {.max_folders = 2});
  EXPECT_EQ(found.value.queries.size(), 2u);
  ASSERT_EQ(found.diagnostics.size(), 1u);
  EXPECT_EQ(found.diagnostics[0].code, "KQL0024");
  found = find_queries(sources, folder.path(), {.max_files = 2});
  EXPECT_EQ(found.value.queries.size(), 2u);
  ASSERT_EQ(found.diagnostics.size(), 1u);
  EXPECT_EQ(found.diagnostics[0].code, "KQL0024");
  EXPECT_TRUE(find_queries(sources, folder.path(), {.max_files = 3, .max_folders = 3}).diagnostics.empty());
}

std::vector<std::string> codes_of(std::string name, std::string text, const QueryFileLimits& limits) {
  doc::Sources sources;
  std::vector<std::string> codes;
  for (const Diagnostic& diagnostic :
       find_queries_in_text(sources, std::move(name), std::move(text), limits).diagnostics)
    codes.push_back(diagnostic.code);
  return codes;
}

TEST(KqlQueryLimits, HoldAtAndPastEach) {
  using Codes = std::vector<std::string>;
  const std::string json = R"({"a": {"tactics": [], "query": "T"}})";
  EXPECT_EQ(codes_of("a.json", json, {.max_bytes = json.size()}), Codes{});
  EXPECT_EQ(codes_of("a.json", json, {.max_bytes = json.size() - 1}), Codes{"KQL0024"});
  EXPECT_EQ(codes_of("a.json", json, {.max_depth = 3}), Codes{});
  EXPECT_EQ(codes_of("a.json", json, {.max_depth = 2}), Codes{"DOC0103"});
  EXPECT_EQ(codes_of("a.json", json, {.max_nodes = 4}), Codes{});
  EXPECT_EQ(codes_of("a.json", json, {.max_nodes = 3}), Codes{"DOC0103"});
  const std::string yaml = "tactics: []\nquery: T\n---\ntactics: []\nquery: T\n";
  EXPECT_EQ(codes_of("a.yaml", yaml, {.max_documents = 2}), Codes{});
  EXPECT_EQ(codes_of("a.yaml", yaml, {.max_documents = 1}), Codes{"KQL0024"});
  EXPECT_EQ(codes_of("a.yaml", yaml, {.max_queries = 2}), Codes{});
  EXPECT_EQ(codes_of("a.yaml", yaml, {.max_queries = 1}), Codes{"KQL0024"});
  const std::string deep = std::string(100'000, '[');
  EXPECT_EQ(codes_of("a.json", "{\"query\":" + deep, {}), Codes{"DOC0103"});
  EXPECT_EQ(codes_of("a.yaml", "query: " + deep, {}), Codes{"DOC0103"});
}

TEST(KqlQueryLimits, WorkbooksInWorkbooksEnd) {
  std::string text = R"({"version": "Notebook/1.0", "items": [{"content": {"query": "T"}}]})";
  for (int level = 0; level < 3; ++level) {
    std::string escaped;
    for (const char c : text) {
      if (c == '"' || c == '\\') escaped += '\\';
      escaped += c;
    }
    text = R"({"x": ")" + escaped + R"("})";
  }
  doc::Sources sources;
  const Reading<FoundQueries> found = find_queries_in_text(sources, "a.json", text);
  ASSERT_EQ(found.value.queries.size(), 1u);
  const FoundQuery& query = found.value.queries[0];
  EXPECT_EQ(sources.text(query.file)[query.place(0).offset], 'T');
  EXPECT_EQ(codes_of("a.json", text, {.max_embedded = 3}), std::vector<std::string>{});
  EXPECT_EQ(codes_of("a.json", text, {.max_embedded = 2}), std::vector<std::string>{"KQL0024"});
}

TEST(KqlTextMap, GoesThroughAnother) {
  const TextMap inner({{0, 2}, {1, 4}, {5, 8}});
  const TextMap outer({{0, 10}, {3, 20}, {6, 30}, {9, 33}});
  const TextMap both = inner.through(outer);
  ASSERT_EQ(both.size(), inner.size());
  for (std::size_t at = 0; at <= inner.size() + 2; ++at)
    EXPECT_EQ(both[at], outer[inner[at]]) << at;
}

}  // namespace
}  // namespace redoubt::kql

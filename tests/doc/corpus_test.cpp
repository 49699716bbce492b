#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <vector>

#include "doc/yaml.h"
#include "testing/paths.h"

namespace redoubt::doc {
namespace {

std::vector<std::filesystem::path> yaml_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// Nodes whose place does not lie in the file.
std::size_t misplaced(Sources& sources, const Document& document, const Value& value) {
  const Place place = value.place();
  std::size_t count =
      place.file != document.file || place.offset > sources.text(document.file).size() ? 1 : 0;
  if (value.is_array())
    for (const Value& item : value.items())
      count += misplaced(sources, document, item);
  if (value.is_object())
    for (const Member& member : value.members())
      count += misplaced(sources, document, member.value);
  return count;
}

TEST(CorpusYaml, AnalyticsRulesAreRead) {
  const auto folder = redoubt::testing::corpora("sentinel/rules");
  if (!folder) return;
  std::size_t rules = 0;
  std::uint64_t nodes = 0;
  std::size_t warnings = 0;
  for (const std::filesystem::path& path : yaml_files(*folder)) {
    Sources sources;
    const Result<Reading<Document>> read = read_yaml_file(sources, path.string());
    ASSERT_TRUE(read.has_value()) << read.error().text();
    const Document& document = read->value;
    EXPECT_EQ(misplaced(sources, document, document.root), 0u) << path;
    for (const char* name : {"id", "name", "kind", "query", "version"}) {
      const Value* value = document.root.find(name);
      if (value == nullptr) continue;
      EXPECT_TRUE(value->is_string()) << path << ": " << name;
    }
    const Value* query = document.root.find("query");
    ASSERT_NE(query, nullptr) << path;
    const char mark = sources.text(document.file)[query->place().offset];
    const bool lines = query->as_string().find('\n') != std::string_view::npos;
    EXPECT_TRUE(!lines || std::string_view("|>'\"").find(mark) != std::string_view::npos)
        << path << ": " << mark;
    ++rules;
    nodes += inspect(document.root, 1'000'000).nodes;
    warnings += read->diagnostics.size();
  }
  EXPECT_EQ(rules, 261u);
  EXPECT_EQ(warnings, 0u);
  std::cout << "rules " << rules << ", nodes " << nodes << ", warnings " << warnings << "\n";
}

}  // namespace
}  // namespace redoubt::doc

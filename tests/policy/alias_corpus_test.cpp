#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

#include "core/text.h"
#include "doc/json.h"
#include "policy/alias_catalogue.h"
#include "policy/built_in.h"
#include "testing/paths.h"

namespace redoubt::policy {
namespace {

/// The content of a .gz file, through the program gzip: only this test reads one.
std::string unzipped(const std::filesystem::path& path) {
  const std::string command = "gzip -dc '" + path.string() + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string out;
  std::string buffer(1 << 16, '\0');
  for (std::size_t got = 1; pipe && got > 0; out.append(buffer, 0, got))
    got = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
  return out;
}

std::vector<std::string> paths_of(const AliasEntry& entry) {
  std::vector<std::string> paths = {entry.path};
  if (!entry.variants.empty()) paths.clear();
  for (const AliasPath& variant : entry.variants)
    paths.push_back(variant.path);
  return paths;
}

std::vector<std::string> texts(const doc::Value& value) {
  if (value.is_string()) return {std::string(value.as_string())};
  std::vector<std::string> out;
  for (const doc::Value& item : value.items())
    out.emplace_back(item.as_string());
  return out;
}

/// 1 when the table has exactly these paths.
std::size_t listed(const AliasTable& table, const std::string& alias, const std::vector<std::string>& paths) {
  const std::optional<AliasEntry> entry = table.find(alias);
  if (entry && paths_of(*entry) == paths) return 1;
  ADD_FAILURE() << alias << (entry ? " has other paths, the first " + entry->path : " is not in the table");
  return 0;
}

TEST(AliasCorpus, EveryAliasOfTheDumpHasItsPaths) {
  const auto path = redoubt::testing::corpora("azure-policy/aliases.json.gz");
  if (!path) return;
  Arena arena;
  const std::string text = unzipped(*path);
  const Result<doc::Value> dump = doc::parse_json(arena, text);
  ASSERT_TRUE(dump) << dump.error().text();
  const AliasTable table = built_in_aliases();
  std::size_t found = 0;
  for (const doc::Member& type : dump->find("types")->members()) {
    const std::string prefix = std::string(type.name) + "/";
    if (const doc::Value* names = type.value.find("p"))
      for (const doc::Value& name : names->items())
        found += listed(table, prefix + std::string(name.as_string()),
                        {"properties." + std::string(name.as_string())});
    if (const doc::Value* names = type.value.find("x"))
      for (const doc::Member& name : names->members())
        found += listed(table, prefix + std::string(name.name), texts(name.value));
  }
  constexpr std::size_t kNewerThanTheDump = 14;  // content/azure/generate.py
  EXPECT_EQ(found + kNewerThanTheDump, table.size());
  std::printf("aliases found with their paths: %zu of %zu\n", found, table.size());
}

TEST(AliasCorpus, EveryAliasThatBuiltInsUseIsInTheTable) {
  const auto path = redoubt::testing::corpora("azure-policy/aliases-used.json");
  if (!path) return;
  Arena arena;
  const std::string text = redoubt::testing::read_file(*path);
  const Result<doc::Value> used = doc::parse_json(arena, text);
  ASSERT_TRUE(used) << used.error().text();
  const AliasTable table = built_in_aliases();
  const AliasCatalogue catalogue(table);
  std::size_t found = 0;
  for (const doc::Member& alias : used->find("aliases")->members()) {
    found += listed(table, std::string(alias.name), texts(*alias.value.find("paths")));
    EXPECT_FALSE(catalogue.resolve(alias.name).guessed()) << alias.name;
  }
  EXPECT_GE(found, 1'242U);
}

TEST(AliasCorpus, GuessesAreRightWhereTheAnswerIsKnown) {
  const AliasTable table = built_in_aliases();
  const AliasCatalogue catalogue(table);
  constexpr std::size_t kEvery = 7;
  std::size_t visited = 0;
  std::size_t right = 0;
  table.for_each({}, [&](const AliasEntry& entry) {
    if (visited++ % kEvery == 0 && equal_any_case(catalogue.guess(entry.name).path, entry.path)) ++right;
    return true;
  });
  const double share = static_cast<double>(right * kEvery) / static_cast<double>(visited);
  std::printf("guesses that are right: %.1f %%\n", 100 * share);
  EXPECT_GE(share, 0.98);
}

TEST(AliasCorpus, EveryResourceTypeHasItsFacts) {
  const auto path = redoubt::testing::corpora("azure-policy/resource-types.jsonl");
  if (!path) return;
  doc::Sources sources;
  const Reading<doc::LineDocument> read =
      doc::read_json_lines(sources, "resource-types.jsonl", redoubt::testing::read_file(*path));
  const TypeTable table = built_in_types();
  for (const doc::Value& row : read.value.rows) {
    const std::optional<TypeEntry> entry = table.find(row.find("type")->as_string());
    ASSERT_TRUE(entry) << row.find("type")->as_string();
    EXPECT_EQ(entry->name, row.find("type")->as_string());
    EXPECT_EQ(entry->api_version, row.find("apiVersion")->as_string());
    EXPECT_EQ(entry->tags, row.find("tags")->as_bool());
    EXPECT_EQ(entry->location, row.find("location")->as_bool());
    EXPECT_EQ(entry->scopes, row.find("scopes")->as_int());
  }
  EXPECT_EQ(read.value.rows.size(), table.size());
}

}  // namespace
}  // namespace redoubt::policy

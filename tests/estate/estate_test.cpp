#include "estate/estate.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "core/text.h"
#include "estate/detail/id_parts.h"
#include "estate/load.h"
#include "temporary_folder.h"

namespace redoubt::estate {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemplate =
    R"({"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",)"
    R"("contentVersion":"1.0.0.0","resources":[{"type":"Microsoft.KeyVault/vaults","apiVersion":"2023-07-01",)"
    R"("name":"kv","properties":{}}]})";

TEST(Load, LinksBetweenFoldersEnd) {
  const testing::TemporaryFolder folder;
  folder.write("a/main.json", kTemplate);
  fs::create_directory_symlink("..", folder.path() / "a" / "up");
  fs::create_directory_symlink("a", folder.path() / "b");
  fs::create_symlink("a/main.json", folder.path() / "same.json");
  fs::create_symlink("nowhere", folder.path() / "broken.json");
  doc::Sources sources;
  arm::Origins origins;
  const Reading<Inventory> loaded =
      load(sources, origins, {folder.path().string(), (folder.path() / "a").string()}, {});
  EXPECT_EQ(loaded.value.templates.size(), 1u);
  EXPECT_EQ(loaded.value.estate.resources().size(), 1u);
  EXPECT_FALSE(loaded.has_errors());
}

TEST(Load, ReportsProgress) {
  const testing::TemporaryFolder folder;
  folder.write("a.json", kTemplate);
  folder.write("b.json", kTemplate);
  doc::Sources sources;
  arm::Origins origins;
  std::string steps;
  LoadOptions options;
  options.progress = [&](const Progress& progress) {
    steps += fmt::format("{} {}/{};", progress.step, progress.done, progress.total);
  };
  EXPECT_EQ(load(sources, origins, {folder.path().string()}, options).value.templates.size(), 2u);
  EXPECT_EQ(steps, "reading files 0/2;reading files 1/2;expanding templates 0/2;expanding templates 1/2;");
}

TEST(Load, TooDeepIsOneError) {
  const testing::TemporaryFolder folder;
  folder.write("deep.json", std::string(1'000'000, '['));
  folder.write("fine.json", kTemplate);
  doc::Sources sources;
  arm::Origins origins;
  const Reading<Inventory> loaded = load(sources, origins, {folder.path().string()}, {});
  ASSERT_EQ(loaded.diagnostics.size(), 1u);
  EXPECT_EQ(loaded.diagnostics[0].code, "DOC0103");
  EXPECT_EQ(loaded.value.estate.resources().size(), 1u);
}

TEST(Load, SizeLimitHolds) {
  const testing::TemporaryFolder folder;
  folder.write("fine.json", kTemplate);
  doc::Sources sources;
  arm::Origins origins;
  LoadOptions options;
  options.limits.json.max_bytes = kTemplate.size();
  EXPECT_FALSE(load(sources, origins, {folder.path().string()}, options).has_errors());
  options.limits.json.max_bytes = kTemplate.size() - 1;
  const Reading<Inventory> loaded = load(sources, origins, {folder.path().string()}, options);
  ASSERT_EQ(loaded.diagnostics.size(), 1u);
  EXPECT_EQ(loaded.diagnostics[0].code, "DOC0103");
  EXPECT_EQ(loaded.value.skipped.size(), 1u);
}

TEST(Load, InventoryOutlivesItsMoves) {
  const testing::TemporaryFolder folder;
  folder.write("main.json", kTemplate);
  doc::Sources sources;
  arm::Origins origins;
  auto first = std::make_unique<Inventory>(load(sources, origins, {folder.path().string()}, {}).value);
  const Inventory second = std::move(*first);
  first.reset();
  const Estate& estate = second.estate;
  ASSERT_EQ(estate.resources().size(), 1u);
  EXPECT_EQ(estate.find(estate.resources()[0]->id), estate.resources()[0]);
  EXPECT_EQ(estate.of_type("microsoft.keyvault/vaults")[0]->name, "kv");
  EXPECT_EQ(estate.resources()[0]->body.text_of("name"), "kv");
}

/// Every look-up of an estate agrees with a search through all resources.
TEST(Estate, IndexesAgreeWithSearch) {
  Estate estate;
  constexpr std::string_view kTypes[] = {"Ns.A/x", "Ns.B/y", "ns.b/Y"};
  for (int i = 0; i < 3'000; ++i) {
    Resource resource;
    const std::string group = fmt::format("/subscriptions/S{}/resourceGroups/g{}", i % 3, i % 7);
    const std::string id = fmt::format("{}/providers/{}/n{}", i % 11 == 0 ? "" : group, kTypes[i % 3], i);
    resource.id = estate.arena().copy(std::string_view(id));
    resource.type = kTypes[i % 3];
    resource.name = estate.arena().copy(std::string_view(fmt::format("n{}", i)));
    estate.add(resource);
  }
  const doc::Sources sources;
  EXPECT_TRUE(estate.finish(sources).empty());
  for (const std::string_view type : {"ns.a/X", "NS.B/y"})
    for (const std::string_view subscription : {"", "s0", "S1", "s2", "none"})
      for (const std::string_view group : {"", "G0", "g6", "none"}) {
        std::size_t expected = 0;
        for (const Resource* resource : estate.resources())
          expected += equal_any_case(resource->type, type) &&
                      equal_any_case(resource->subscription, subscription) &&
                      (group.empty() || equal_any_case(resource->resource_group, group));
        EXPECT_EQ(estate.of_type_in(type, subscription, group).size(), expected)
            << subscription << "/" << group;
      }
  EXPECT_EQ(estate.inside("S1").size() + estate.inside("s0").size() + estate.inside("s2").size() +
                estate.inside("").size(),
            estate.resources().size());
  for (const Resource* resource : estate.resources())
    EXPECT_EQ(estate.find(lower(resource->id)), resource);
}

TEST(Estate, EmptyOneAnswers) {
  Estate estate;
  const doc::Sources sources;
  EXPECT_TRUE(estate.finish(sources).empty());
  EXPECT_EQ(estate.find("/x"), nullptr);
  EXPECT_TRUE(estate.of_type("x").empty());
  EXPECT_TRUE(estate.of_type_in("x", "s").empty());
  EXPECT_TRUE(estate.inside("s").empty());
  EXPECT_TRUE(estate.below("/x", "y").empty());
}

TEST(IdParts, HugeIdsAreLinear) {
  std::string id = "/subscriptions/s/resourceGroups/g/providers/Ns";
  for (int i = 0; i < 200'000; ++i)
    id += "/a/{";
  EXPECT_TRUE(detail::split_id(id));
  id += "/b";
  EXPECT_FALSE(detail::split_id(id));
}

}  // namespace
}  // namespace redoubt::estate

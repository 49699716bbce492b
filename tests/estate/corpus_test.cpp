#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "core/text.h"
#include "estate/load.h"
#include "testing/paths.h"

namespace redoubt::estate {
namespace {

std::size_t skipped_because(const Inventory& inventory, std::string_view reason) {
  return static_cast<std::size_t>(
      std::count_if(inventory.skipped.begin(), inventory.skipped.end(),
                    [&](const Skipped& skipped) { return skipped.reason.starts_with(reason); }));
}

TEST(Corpus, AllTemplatesAreOneFolder) {
  const auto folder = redoubt::testing::corpora("templates/arm");
  if (!folder) return;
  doc::Sources sources;
  arm::Origins origins;
  const Reading<Inventory> loaded = load(sources, origins, {folder->string()}, {});
  const Inventory& inventory = loaded.value;
  EXPECT_EQ(inventory.templates.size(), 157u);
  EXPECT_EQ(skipped_because(inventory, "parameter file"), 49u);
  EXPECT_EQ(skipped_because(inventory, "no template and no export"), 3u);
  EXPECT_EQ(inventory.skipped.size(), 52u);
  EXPECT_EQ(skipped_because(inventory, "parameter file of no template"), 0u);
  EXPECT_TRUE(inventory.exports.empty());
  for (const Resource* resource : inventory.estate.resources()) {
    EXPECT_FALSE(resource->id.empty());
    EXPECT_EQ(resource->type.find("/providers/"), std::string_view::npos) << resource->id;
    EXPECT_TRUE(resource->body.is_object()) << resource->id;
    EXPECT_NE(inventory.estate.find(resource->id), nullptr) << resource->id;
  }
  std::size_t typed = 0;
  for (const auto& [type, count] : inventory.estate.types()) {
    EXPECT_EQ(inventory.estate.of_type(type).size(), count) << type;
    typed += count;
  }
  EXPECT_EQ(typed, inventory.estate.resources().size());
  std::cout << "resources " << typed << ", types " << inventory.estate.types().size() << ", diagnostics "
            << loaded.diagnostics.size() << "\n";
}

TEST(Corpus, TerraformFilesAreNamed) {
  const auto folder = redoubt::testing::corpora("templates/terraform");
  if (!folder) return;
  doc::Sources sources;
  arm::Origins origins;
  const Reading<Inventory> loaded = load(sources, origins, {folder->string()}, {});
  EXPECT_EQ(loaded.value.estate.resources().size(), 0u);
  EXPECT_GT(skipped_because(loaded.value, "Terraform source"), 300u);
}

}  // namespace
}  // namespace redoubt::estate

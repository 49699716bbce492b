#include "policy/alias_table.h"

#include <gtest/gtest.h>

#include "policy/built_in.h"
#include "table_bytes.h"
#include "testing/paths.h"

namespace redoubt::policy {
namespace {

using testing::numbers;
using testing::small_alias_table;
using testing::TableBytes;

AliasTable opened(std::string_view bytes) {
  Result<AliasTable> table = AliasTable::open(bytes);
  EXPECT_TRUE(table) << table.error().text();
  return table ? *table : AliasTable();
}

/// Every operation on bytes that may be damaged; the result does not matter, only that it ends.
void exercise(std::string_view bytes) {
  const Result<AliasTable> table = AliasTable::open(bytes);
  if (!table) {
    EXPECT_EQ(table.error().code, "POL0901");
    return;
  }
  std::size_t visited = 0;
  table->for_each({}, [&](const AliasEntry& entry) {
    EXPECT_LE(entry.name.size(), detail::RecordTable::kMaxText);
    return ++visited < 1'000;
  });
  EXPECT_LE(visited, table->size());
  for (const std::string_view alias :
       {"", "contoso.shop/carts/limit", "Contoso.Shop/carts/sku.name", "zzzz"}) {
    const std::optional<AliasEntry> entry = table->find(alias);
    EXPECT_TRUE(!entry || entry->name.size() == alias.size());
  }
}

TEST(AliasTable, FindsInAnyCaseAndKeepsAzuresSpelling) {
  const std::string bytes = small_alias_table();
  const AliasTable table = opened(bytes);
  const std::optional<AliasEntry> entry = table.find("CONTOSO.SHOP/carts/LIMIT");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->name, "Contoso.Shop/Carts/limit");
  EXPECT_EQ(entry->path, "properties.limit");
  EXPECT_EQ(entry->modifiable, Modifiable::No);
  EXPECT_TRUE(entry->variants.empty());
}

TEST(AliasTable, DecodesEveryFormOfPath) {
  const std::string bytes = small_alias_table();
  const AliasTable table = opened(bytes);
  EXPECT_EQ(table.find("contoso.shop/carts/policy.mode")->path, "properties.policy.mode");
  EXPECT_EQ(table.find("contoso.shop/carts/sku.name")->path, "sku.name");
  EXPECT_EQ(table.find("contoso.shop/carts/zoneenabled")->path, "sku.Enabled");
}

TEST(AliasTable, GivesThePathOfAnApiVersion) {
  const std::string bytes = small_alias_table();
  const std::optional<AliasEntry> entry = opened(bytes).find("Contoso.Shop/carts/policy.mode");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->modifiable, Modifiable::Yes);
  ASSERT_EQ(entry->variants.size(), 1U);
  ASSERT_NE(entry->variant_for("", "2021-01-01"), nullptr);
  EXPECT_EQ(entry->variant_for("", "2021-01-01")->path, "old");
  EXPECT_EQ(entry->variant_for("", "2021-01-01")->modifiable, Modifiable::No);
  EXPECT_EQ(entry->variant_for("", "2022-01-01"), nullptr);
}

TEST(AliasTable, FindsNothingBesideTheListedNames) {
  const std::string bytes = small_alias_table();
  const AliasTable table = opened(bytes);
  for (const std::string_view alias :
       {"", "a", "Contoso.Shop/carts/limi", "Contoso.Shop/carts/limits", "z", "\xff\xff"})
    EXPECT_FALSE(table.find(alias)) << alias;
  EXPECT_FALSE(AliasTable().find("Contoso.Shop/carts/limit"));
}

TEST(AliasTable, VisitsAPrefixInOrderUntilToldToStop) {
  const std::string bytes = small_alias_table();
  std::vector<std::string> names;
  opened(bytes).for_each("contoso.shop/CARTS/", [&](const AliasEntry& entry) {
    names.push_back(entry.name);
    return names.size() < 3;
  });
  EXPECT_EQ(names, (std::vector<std::string>{"Contoso.Shop/Carts/limit", "Contoso.Shop/carts/policy.mode",
                                             "Contoso.Shop/carts/sku.name"}));
}

TEST(AliasTable, RefusesBytesThatAreNoTable) {
  const std::string bytes = small_alias_table();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(AliasTable::open(bytes.substr(0, size))) << size;
  EXPECT_FALSE(AliasTable::open(bytes + "x"));
  EXPECT_FALSE(TypeTable::open(bytes));
  std::string huge = bytes;
  huge.replace(8, 4, "\xff\xff\xff\xff");
  EXPECT_FALSE(AliasTable::open(huge));
}

TEST(AliasTable, SurvivesEveryDamagedByte) {
  const std::string bytes = small_alias_table();
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (const char value : {'\x00', '\x01', '\x7f', '\x80', '\xff'}) {
      std::string damaged = bytes;
      damaged[at] = value;
      exercise(damaged);
    }
}

TEST(AliasTable, StopsAtRecordsThatReferOutsideTheTable) {
  exercise(TableBytes('A').raw_record(7, "a", numbers({0})).bytes());
  exercise(TableBytes('A').record("a/b", numbers({0})).raw_record(9, "c", numbers({0})).bytes());
  exercise(TableBytes('A').record("a/b", numbers({0})).raw_record(2, "\xff", numbers({0})).bytes());
  exercise(TableBytes('A').record("a/b", numbers({2, 99, 1})).bytes());
  exercise(TableBytes('A').record("a/b", numbers({2, 0, 99})).bytes());
  exercise(TableBytes('A').record("a/b", numbers({1 << 4, 0xffffffff})).bytes());
  exercise(TableBytes('A').record("a/b", numbers({1 << 4, 1, 99, 0, 0, 0xffffffff})).bytes());
}

TEST(AliasTable, BoundsTextThatPackingWouldMultiply) {
  TableBytes table('A');
  table.text(std::string(2'000, 'x'));
  const std::string bytes =
      table.record("a/b", numbers({0})).raw_record(2, std::string(4'000, '\x80'), "").bytes();
  exercise(bytes);
  EXPECT_FALSE(opened(bytes).find(std::string(5'000, 'x')));
}

TEST(BuiltInAliases, WalkIsWholeAndInOrder) {
  const AliasTable table = built_in_aliases();
  EXPECT_EQ(table.size(), 65'502U);
  std::size_t visited = 0;
  std::string before;
  table.for_each({}, [&](const AliasEntry& entry) {
    EXPECT_LT(detail::compare_any_case(before, entry.name), 0) << entry.name;
    before = entry.name;
    return ++visited != 0;
  });
  EXPECT_EQ(visited, table.size());
}

TEST(BuiltInAliases, AnOldAliasHasOnePathForEachResourceType) {
  const std::optional<AliasEntry> entry = built_in_aliases().find("microsoft.compute/imagepublisher");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->name, "Microsoft.Compute/imagePublisher");
  EXPECT_EQ(entry->path, "properties.storageProfile.imageReference.publisher");
  const AliasPath* disk = entry->variant_for("microsoft.compute/Disks", "");
  ASSERT_NE(disk, nullptr);
  EXPECT_EQ(disk->path, "properties.creationData.imageReference.id");
  ASSERT_TRUE(disk->pattern);
  EXPECT_EQ(extract(*disk->pattern,
                    "/subscriptions/0/providers/Microsoft.Compute/locations/westeurope/publishers/Canonical"
                    "/artifactTypes/VMImage/offers/ubuntu/skus/22_04/versions/1.0"),
            "Canonical");
}

TEST(BuiltInAliases, SaysHowAPathIsKnown) {
  const AliasTable table = built_in_aliases();
  EXPECT_EQ(table.find("Microsoft.Storage/storageAccounts/sku.name")->provenance, Provenance::Azure);
  EXPECT_EQ(table.find("Microsoft.Web/sites/sshEnabled")->provenance, Provenance::TypeSchema);
  EXPECT_EQ(table.find("Microsoft.KeyVault.Data/vaults/keys/keySize")->provenance, Provenance::DataPlaneRule);
  EXPECT_EQ(table.find("Microsoft.MobileNetwork/simGroups/encryptionKey.keyUrl")->provenance,
            Provenance::PropertiesRule);
}

TEST(BuiltInTypes, GivesTheFactsOfAType) {
  const TypeTable table = built_in_types();
  EXPECT_EQ(table.size(), 3'405U);
  const std::optional<TypeEntry> entry = table.find("MICROSOFT.STORAGE/storageaccounts");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->name, "Microsoft.Storage/storageAccounts");
  EXPECT_TRUE(entry->indexed());
  EXPECT_EQ(entry->scopes, kResourceGroupScope);
  EXPECT_EQ(entry->api_version.size(), std::string_view("2025-01-01").size());
  EXPECT_FALSE(table.find("Microsoft.Storage/storageAccounts/blobServices/containers")->indexed());
  EXPECT_FALSE(table.find("Microsoft.Storage"));
  EXPECT_EQ(table.closest_name("Microsoft.Storage/storageAcounts"), "Microsoft.Storage/storageAccounts");
}

TEST(AliasPattern, TakesAPartOfTheText) {
  const AliasPattern pattern{"/a/{one}/b/{two}", "{two}"};
  EXPECT_EQ(extract(pattern, "/A/x/B/y"), "y");
  EXPECT_EQ(extract(pattern, "/a/x/c/y"), std::nullopt);
  EXPECT_EQ(extract(pattern, "/a/x/b"), std::nullopt);
  EXPECT_EQ(extract(pattern, "/a/x/b/y/z"), std::nullopt);
  EXPECT_EQ(extract(pattern, ""), std::nullopt);
}

}  // namespace
}  // namespace redoubt::policy

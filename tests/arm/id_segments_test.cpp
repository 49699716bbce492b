#include "arm/id_segments.h"

#include <gtest/gtest.h>

#include "arm/resource_id.h"

namespace redoubt::arm {
namespace {

using Parts = std::vector<std::string_view>;

TEST(IdSegments, OpenPartsAreOnePiece) {
  EXPECT_EQ(id_segments("a/b"), (Parts{"a", "b"}));
  EXPECT_EQ(id_segments("{f(/x/y)}-pe/{g('/')}"), (Parts{"{f(/x/y)}-pe", "{g('/')}"}));
  EXPECT_EQ(id_segments("/a/"), (Parts{"", "a", ""}));
  EXPECT_EQ(id_segments(""), (Parts{""}));
  // A brace that is left open is a character.
  EXPECT_EQ(id_segments("a{/b"), (Parts{"a{", "b"}));
}

TEST(IdSegments, IdsOfOpenNamesAreTakenApartAsTheyWereMade) {
  const std::string id = make_resource_id("/subscriptions/s/resourceGroups/g", "Microsoft.Network/a/b",
                                          "{uniqueString(/subscriptions/s)}-pe/default");
  EXPECT_EQ(id,
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/a/"
            "{uniqueString(/subscriptions/s)}-pe/b/default");
  const std::optional<ResourceId> parsed = ResourceId::parse(id);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->type, "Microsoft.Network/a/b");
  EXPECT_EQ(parsed->name, "{uniqueString(/subscriptions/s)}-pe/default");
  EXPECT_EQ(parsed->scope, "/subscriptions/s/resourceGroups/g");
}

TEST(IdSegments, ProvidersInsideAnOpenPartAreNoProvider) {
  const std::optional<ResourceId> parsed = ResourceId::parse(
      "/subscriptions/s/resourceGroups/g/providers/A.B/c/{reference(/x/providers/D.E/f/g).h}");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->type, "A.B/c");
}

}  // namespace
}  // namespace redoubt::arm

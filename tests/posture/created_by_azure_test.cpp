#include "posture/created_by_azure.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "policy/built_in.h"

namespace redoubt::posture {
namespace {

TEST(CreatedByAzure, RowsNameTypesThatThereAre) {
  const policy::TypeTable types = policy::built_in_types();
  for (const CreatedByAzure& row : created_by_azure()) {
    SCOPED_TRACE(row.type);
    EXPECT_TRUE(types.find(row.type).has_value());
    for (const std::string_view made : row.creates)
      EXPECT_TRUE(made.empty() || made == "Microsoft.Resources/subscriptions/resourceGroups" ||
                  types.find(made).has_value())
          << made;
  }
}

TEST(CreatedByAzure, RowsAreWhole) {
  std::set<std::string> seen;
  for (const CreatedByAzure& row : created_by_azure()) {
    SCOPED_TRACE(row.type);
    EXPECT_FALSE(row.where.empty());
    EXPECT_FALSE(row.creates.front().empty());
    EXPECT_TRUE(row.source.starts_with("https://learn.microsoft.com/"));
    EXPECT_TRUE(row.group_named.empty() || !row.group.empty());
    // No type is made twice of one type under the same conditions.
    for (const std::string_view made : row.creates)
      EXPECT_TRUE(made.empty() ||
                  seen.insert(fmt::format("{} {} {}", row.type, made, row.unless.front())).second)
          << made;
  }
}

}  // namespace
}  // namespace redoubt::posture

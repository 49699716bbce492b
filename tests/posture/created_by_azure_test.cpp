#include "posture/created_by_azure.h"

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
    EXPECT_TRUE(
        seen.insert(std::string(row.type) + " " +
                    std::string(row.creates.back().empty() ? row.creates.front() : row.creates.back()) +
                    std::string(row.unless))
            .second);
  }
}

}  // namespace
}  // namespace redoubt::posture

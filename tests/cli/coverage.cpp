#include "cli/coverage.h"

#include <gtest/gtest.h>

#include "cli/kql_functions_report.h"
#include "testing/paths.h"

namespace redoubt::cli {
namespace {

TEST(Coverage, ReferencePageIsCurrent) {
  EXPECT_EQ(testing::read_file(testing::source_root() / "docs/reference/coverage.md"), coverage_reference())
      << "write it anew: redoubt docs coverage -o docs/reference/coverage.md";
}

TEST(KqlFunctions, ReferencePageIsCurrent) {
  EXPECT_EQ(testing::read_file(testing::source_root() / "docs/reference/kql-functions.md"),
            kql_function_reference())
      << "write it anew: redoubt docs kql-functions -o docs/reference/kql-functions.md";
}

TEST(KqlDifferences, ReferencePageIsCurrent) {
  EXPECT_EQ(testing::read_file(testing::source_root() / "docs/reference/kql-differences.md"),
            kql_difference_reference())
      << "write it anew: redoubt docs kql-differences -o docs/reference/kql-differences.md";
}

}  // namespace
}  // namespace redoubt::cli

#include "report/line_diff.h"

#include <gtest/gtest.h>

#include <string>

#include "testing/cases.h"

namespace redoubt::report {
namespace {

/// Two texts with a line `====` between them. A backslash at the end of the first one takes its line break
/// away.
std::string render(std::string_view input) {
  constexpr std::string_view kMiddle = "====\n";
  const std::size_t middle = input.find(kMiddle);
  std::string before(input.substr(0, middle));
  if (before.ends_with(" \\\n")) before.resize(before.size() - 3);
  std::string after(input.substr(middle + kMiddle.size()));
  if (!after.empty()) after += '\n';
  const std::string out = unified_diff("a.kql", before, after);
  return out.empty() ? "no difference\n" : out;
}

[[maybe_unused]] const bool registered =
    testing::register_cases("LineDiff", "tests/report/cases/line_diff", render);

TEST(LineDiff, LargeDifferencesAreBounded) {
  std::string before;
  std::string after;
  for (int i = 0; i < 20'000; ++i) {
    before += std::to_string(i) + "\n";
    after += std::to_string(i * 2 + 1) + " x\n";
  }
  const std::string out = unified_diff("a", before, after);
  EXPECT_TRUE(out.starts_with("--- a\n+++ a\n@@ -1,20000 +1,20000 @@\n"));
}

}  // namespace
}  // namespace redoubt::report

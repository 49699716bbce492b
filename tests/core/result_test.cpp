#include "core/result.h"

#include <gtest/gtest.h>

namespace redoubt {
namespace {

Result<int> positive(int value) {
  if (value > 0) return value;
  return fail(Error::Kind::InvalidInput, "TEST0001", "not positive",
              {.file = "a.json", .line = 3, .column = 7}, "add one");
}

Result<int> sum(int left, int right) {
  const int a = RD_TRY(positive(left));
  const int b = RD_TRY(positive(right));
  return a + b;
}

TEST(Result, TryPassesTheFirstErrorUp) {
  EXPECT_EQ(sum(1, 2).value(), 3);
  EXPECT_EQ(sum(1, -2).error().code, "TEST0001");
}

TEST(Result, ErrorIsOneLineWithPlaceCodeAndHint) {
  EXPECT_EQ(positive(0).error().text(), "a.json:3:7: error TEST0001: not positive (add one)");
}

TEST(Result, PlaceIsThePathWhereThereIsNoLine) {
  EXPECT_EQ((Where{.path = "resources[2].name"}).text(), "resources[2].name");
  EXPECT_EQ((Where{.file = "a.json", .path = "resources[2]"}).text(), "a.json (resources[2])");
  EXPECT_EQ((Where{.file = "a.json", .line = 1, .column = 2, .path = "x"}).text(), "a.json:1:2");
  EXPECT_EQ(Where{}.text(), "");
}

TEST(Result, DiagnosticKeepsWhatTheErrorSaid) {
  const Diagnostic diagnostic = to_diagnostic(positive(0).error());
  EXPECT_EQ(diagnostic.severity, Severity::Error);
  EXPECT_EQ(diagnostic.text(), positive(0).error().text());
}

TEST(Result, ReadingHasErrorsOnlyWhenOneIsAnError) {
  Reading<int> reading{1, {Diagnostic{.severity = Severity::Warning}}};
  EXPECT_FALSE(reading.has_errors());
  reading.diagnostics.push_back(Diagnostic{.severity = Severity::Error});
  EXPECT_TRUE(reading.has_errors());
}

TEST(ResultDeathTest, CheckStopsTheProgram) {
  EXPECT_DEATH(RD_CHECK(1 == 2), "internal check failed: 1 == 2 at tests/core/result_test.cpp");
}

}  // namespace
}  // namespace redoubt

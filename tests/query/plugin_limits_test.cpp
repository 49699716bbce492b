#include <gtest/gtest.h>

#include <string>

#include "kql/pattern.h"
#include "query/memory_tables.h"
#include "query/run.h"

// What plugins make of a few rows can be much: each of these would make more than the budget has.

namespace redoubt::query {
namespace {

class PluginLimits : public ::testing::TestWithParam<const char*> {};

TEST_P(PluginLimits, TheBudgetStopsThem) {
  kql::PatternCache patterns;
  RunOptions options;
  options.evaluation = {.now = {638'400'000'000'000'000}, .limits = {}, .patterns = &patterns};
  options.rewrites.context = &options.evaluation;
  options.limits.max_cells = 300'000;
  MemoryTables tables;
  const Result<Answer> answer = run(GetParam(), tables.schemas(), tables, options);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "QRY0002") << answer.error().text();
}

INSTANTIATE_TEST_SUITE_P(
    Query, PluginLimits,
    ::testing::Values(
        "range i from 1 to 2000 step 1 | extend d = bag_pack(tostring(i), 1) | evaluate bag_unpack(d)",
        "range i from 1 to 2000 step 1 | extend k = tostring(i) | evaluate pivot(k, count(), i)",
        "range i from 1 to 30000 step 1 | extend a = 1, b = 2, c = 3, d = 4 | evaluate narrow()",
        "let N = range i from 1 to 1000 step 1 | extend n = '10.0.0.0/8'; range j from 1 to 1000 step 1 "
        "| extend ip = '10.1.1.1' | evaluate ipv4_lookup(N, ip, n)",
        "range i from 1 to 1000 step 1 | evaluate sliding_window_counts(i, i, 1, 100000, 100000, 1)",
        "range i from 1 to 3000 step 1 | evaluate new_activity_metrics(i, i, 1, 3000, 1)",
        "range i from 1 to 3000 step 1 | extend x = 1 | evaluate active_users_count(x, i, 1, 3000, 3000, 1, "
        "1, 1)",
        "range i from 1 to 3000 step 1 | evaluate rolling_percentile(i, 50, i, 1, 3000)",
        "range i from 1 to 300 step 1 | evaluate sequence_detect(i, 999, 999, a=(i > 0), b=(i > 0), c=(i > "
        "0))",
        "range i from 1 to 1500 step 1 | extend a = i % 2, b = i / 2 % 2, c = i / 4 % 2, d = i / 8 % 2, e = "
        "i "
        "/ 16 % 2, "
        "f = i / 32 % 2, g = hash(i, 2), h = hash(i, 3), j = hash(i, 5) | evaluate basket(0.0001, '~', 20)",
        "range i from 1 to 60000 step 1 | extend a = tostring(i) | evaluate autocluster()"));

}  // namespace
}  // namespace redoubt::query

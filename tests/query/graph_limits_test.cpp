#include <gtest/gtest.h>

#include <string>

#include "query/memory_tables.h"
#include "query/run.h"

namespace redoubt::query {
namespace {

// Every node leads to every other: there are more paths than anybody could wait for.
constexpr std::string_view kDense =
    "range s from 1 to 40 step 1 | extend k = 1 | join kind=inner (range t from 1 to 40 step 1 | extend k = "
    "1) on k"
    " | project s, t | make-graph s --> t with_node_id=n | ";

std::string code_of(std::string_view operators, const QueryLimits& limits) {
  MemoryTables tables;
  RunOptions options;
  options.limits = limits;
  const Result<Answer> answer =
      run(std::string(kDense) + std::string(operators), tables.schemas(), tables, options);
  return answer ? "answered" : answer.error().code;
}

TEST(GraphLimits, MatchesThatAreTooManyEndTheQuery) {
  const QueryLimits limits{.max_cells = 200'000};
  EXPECT_EQ(code_of("graph-match (x)-[e*1..30]->(y) project n = array_length(e)", limits), "QRY0002");
  EXPECT_EQ(code_of("graph-match (a)-->(b)-->(c)-->(d)-->(f) project a.n", limits), "QRY0002");
}

TEST(GraphLimits, AVainSearchEndsInTime) {
  const QueryLimits limits{.max_time = std::chrono::milliseconds(300)};
  EXPECT_EQ(code_of("graph-match (x)-[e*1..30]->(y) where array_sum(map(e, s)) < 0 project x.n", limits),
            "QRY0003");
  EXPECT_EQ(code_of("graph-match cycles=all (x)-[e*30..30]->(y) where any(e, s < 0) project x.n", limits),
            "QRY0003");
  EXPECT_EQ(
      code_of("graph-shortest-paths (x)-[e*1..30]->(y) where array_sum(map(e, s)) < 0 project x.n", limits),
      "QRY0003");
}

TEST(GraphLimits, ShortestPathsOfADenseGraphAreFound) {
  EXPECT_EQ(code_of("graph-shortest-paths (x)-[e*1..1000000]->(y) project x.n, y.n", {}), "answered");
  EXPECT_EQ(code_of("graph-shortest-paths output=all (x)-[e*2..2]->(y) where x.n == 1 project x.n, y.n", {}),
            "answered");
}

TEST(GraphLimits, AQueryCanBeStopped) {
  std::stop_source source;
  source.request_stop();
  MemoryTables tables;
  RunOptions options;
  options.stop = source.get_token();
  const Result<Answer> answer = run(std::string(kDense) + "graph-match (x)-[e*1..30]->(y) project x.n",
                                    tables.schemas(), tables, options);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "QRY0004");
}

}  // namespace
}  // namespace redoubt::query

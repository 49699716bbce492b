#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <utility>

#include "engine_fixture.h"

namespace redoubt::store {
namespace {

using EmbeddedInput = EngineTest;

const std::vector<ColumnShape> kShapes = {
    {"b", CellType::Bool, false},    {"i", CellType::Int32, false},  {"l", CellType::Int64, false},
    {"d", CellType::Float64, false}, {"s", CellType::String, false}, {"bn", CellType::Bool, true},
    {"in", CellType::Int32, true},   {"ln", CellType::Int64, true},  {"dn", CellType::Float64, true},
    {"sn", CellType::String, true},
};

/// Rows that begin with the number `first`; every third is null where it can be.
Block rows_of(std::int64_t first, std::int64_t count) {
  Block out = make_block(kShapes);
  for (std::int64_t row = first; row < first + count; ++row) {
    const std::string text = row % 5 == 0 ? "" : "a\xFF\x01 " + std::to_string(row);
    append(out.columns[0], row % 2 == 0);
    append(out.columns[1], static_cast<std::int32_t>(-row));
    append(out.columns[2], row == 1 ? std::numeric_limits<std::int64_t>::min() : row * 1'000'000'007);
    append(out.columns[3], static_cast<double>(row) / 7);
    append(out.columns[4], text);
    for (std::size_t i = 5; i < out.columns.size(); ++i)
      if (row % 3 == 0) append_null(out.columns[i]);
    if (row % 3 == 0) continue;
    append(out.columns[5], row % 2 == 1);
    append(out.columns[6], static_cast<std::int32_t>(row));
    append(out.columns[7], row);
    append(out.columns[8], -static_cast<double>(row) / 3);
    append(out.columns[9], text);
  }
  return out;
}

/// Blocks of `size` rows, `count` rows in all.
BlockSource source(std::int64_t count, std::int64_t size) {
  return [count, size, at = std::int64_t{0}]() mutable -> Result<std::optional<Block>> {
    if (at >= count) return std::nullopt;
    const std::int64_t first = std::exchange(at, at + size);
    return rows_of(first, std::min(size, count - first));
  };
}

BlockSource once(Block block) {
  return [block = std::optional<Block>(std::move(block))]() mutable -> Result<std::optional<Block>> {
    return std::exchange(block, std::nullopt);
  };
}

Query query_of(std::string sql, BlockSource blocks) {
  return {.sql = std::move(sql),
          .inputs = {{.name = "mine", .columns = kShapes, .blocks = std::move(blocks)}}};
}

TEST_F(EmbeddedInput, ComesBackAsItWas) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(answer(*engine, query_of("SELECT * FROM mine ORDER BY i DESC", source(100, 7))),
            to_text(rows_of(0, 100)));
}

TEST_F(EmbeddedInput, KeepsNumbersThatAreNone) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  const std::vector<ColumnShape> shapes = {{"d", CellType::Float64, false}};
  Block block = make_block(shapes);
  for (const double number :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -0.0})
    append(block.columns[0], number);
  const Query query{
      .sql = "SELECT d FROM numbers_of_mine",
      .inputs = {{.name = "numbers_of_mine", .columns = shapes, .blocks = once(std::move(block))}}};
  EXPECT_EQ(answer(*engine, query), "d Float64\nnan\ninf\n-0\n");
}

TEST_F(EmbeddedInput, MayBeNamedTwice) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(
      answer(*engine, query_of("WITH t AS (SELECT * FROM mine) SELECT count() AS c, sum(x.ln = y.ln) AS s "
                               "FROM t AS x JOIN t AS y ON x.i = y.i",
                               source(1'000, 100))),
      "c Int64 | s Int64?\n1000 | 666\n");
}

TEST_F(EmbeddedInput, OfAMillionRows) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(answer(*engine,
                   query_of("SELECT count() AS c, sum(i) AS i, count(ln) AS n, uniqExact(s) AS s FROM mine",
                            source(1'000'000, 65'536))),
            "c Int64 | i Int64 | n Int64 | s Int64\n1000000 | -499999500000 | 666666 | 800001\n");
}

TEST_F(EmbeddedInput, OfNoRows) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  const std::string sql = "SELECT count() AS c, sum(l) AS s FROM mine";
  EXPECT_EQ(answer(*engine, query_of(sql, source(0, 1))), "c Int64 | s Int64\n0 | 0\n");
  EXPECT_EQ(answer(*engine, query_of(sql, once(make_block(kShapes)))), "c Int64 | s Int64\n0 | 0\n");
  EXPECT_EQ(answer(*engine, query_of("SELECT b, sn FROM mine", source(0, 1))), "b Bool | sn String?\n");
}

TEST_F(EmbeddedInput, Several) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  Query query =
      query_of("SELECT mine.i AS a, other.i AS b FROM mine LEFT JOIN other ON mine.i = other.i ORDER BY a",
               source(3, 1));
  query.inputs.push_back({.name = "other", .columns = kShapes, .blocks = source(2, 1)});
  // join_use_nulls
  EXPECT_EQ(answer(*engine, query), "a Int32 | b Int32?\n-2 | -\n-1 | -1\n0 | 0\n");
}

TEST_F(EmbeddedInput, IsGoneAfterTheQuery) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(answer(*engine, query_of("SELECT count() AS c FROM mine", source(3, 1))), "c Int64\n3\n");
  EXPECT_NE(answer(*engine, "SELECT count() AS c FROM mine").find("STO0009"), std::string::npos);
  EXPECT_EQ(answer(*engine, query_of("SELECT count() AS c FROM mine", source(4, 1))), "c Int64\n4\n");
}

TEST_F(EmbeddedInput, IsInserted) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  ASSERT_EQ(run(*engine, "CREATE TABLE kept (i Int32, s String) ENGINE = MergeTree ORDER BY i"), "done");
  const Result<QueryStatistics> done =
      engine->execute(query_of("INSERT INTO kept SELECT i, s FROM mine", source(1'000, 100)), {});
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(answer(*engine, "SELECT count() AS c, max(i) AS m FROM kept"), "c Int64 | m Int32\n1000 | 0\n");
}

TEST_F(EmbeddedInput, FailsAsItsSource) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  const auto code = [&](BlockSource blocks) {
    const BlockSink ignore = [](const Block&) -> Result<void> { return {}; };
    return code_of(engine->query(query_of("SELECT count() FROM mine", std::move(blocks)), ignore, {}));
  };
  EXPECT_EQ(code([] { return fail(Error::Kind::Io, "TEST", "broken"); }), "TEST");
  EXPECT_EQ(code([]() -> Result<std::optional<Block>> { throw std::runtime_error("thrown"); }), "STO0015");
  Block other = rows_of(0, 3);
  other.columns.pop_back();
  EXPECT_EQ(code(once(std::move(other))), "STO0015");
  EXPECT_EQ(code(source(3, 1)), "done");
}

TEST_F(EmbeddedInput, HasToBeWhole) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  for (const char* name : {"", "1a", "a b", "a`b", "a'b"}) {
    Query query = query_of("SELECT 1 AS x", source(1, 1));
    query.inputs[0].name = name;
    EXPECT_NE(answer(*engine, query).find("STO0015"), std::string::npos) << name;
  }
  Query query = query_of("SELECT 1 AS x", source(1, 1));
  query.inputs[0].columns.clear();
  EXPECT_NE(answer(*engine, query).find("STO0015"), std::string::npos);
  query = query_of("SELECT 1 AS x", {});
  EXPECT_NE(answer(*engine, query).find("STO0015"), std::string::npos);
}

TEST_F(EmbeddedInput, CountsForTheLimits) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  Query query = query_of("SELECT count() AS c FROM mine", source(1'000'000'000, 65'536));
  query.limits.max_memory_bytes = 50'000'000;
  EXPECT_NE(answer(*engine, query).find("STO0006"), std::string::npos);
  query = query_of("SELECT count() AS c FROM mine", source(1'000'000'000, 65'536));
  query.limits.max_time = std::chrono::milliseconds(200);
  EXPECT_NE(answer(*engine, query).find("STO0005"), std::string::npos);
  query = query_of("SELECT max(sipHash64(number)) AS m FROM numbers(1000000000000000)", source(10, 1));
  query.limits.max_time = std::chrono::milliseconds(200);
  EXPECT_NE(answer(*engine, query).find("STO0005"), std::string::npos);
}

TEST_F(EmbeddedInput, StopsWithTheQuery) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  std::stop_source stop;
  int blocks = 0;
  const Query query = query_of("SELECT count() AS c FROM mine", [&]() -> Result<std::optional<Block>> {
    if (++blocks == 5) stop.request_stop();
    return rows_of(0, 10);
  });
  EXPECT_EQ(answer(*engine, query, stop.get_token()), "error STO0008: the query was stopped");
}

}  // namespace
}  // namespace redoubt::store

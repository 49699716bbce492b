#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "engine_fixture.h"

namespace redoubt::store {
namespace {

using EmbeddedQuery = EngineTest;

TEST_F(EmbeddedQuery, GivesEveryTypeOfCell) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(
      answer(*engine,
             "SELECT if(number = 1, true, false) AS b, toInt32(number - 1) AS i, toInt64(-number) AS l, "
             "multiIf(number = 0, nan, number = 1, -inf, 0.1) AS d, if(number = 0, '', 'a\\xFF\\0b') AS s "
             "FROM numbers(3) ORDER BY number"),
      "b Bool | i Int32 | l Int64 | d Float64 | s String\n"
      "false | -1 | 0 | nan | \"\"\n"
      "true | 0 | -1 | -inf | \"a\\xFF\\x00b\"\n"
      "false | 1 | -2 | 0.1 | \"a\\xFF\\x00b\"\n");
}

TEST_F(EmbeddedQuery, GivesNullsOfEveryType) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(
      answer(*engine,
             "SELECT nullIf(true, number = 0) AS b, nullIf(toInt32(5), number + 5) AS i, "
             "nullIf(toInt64(6), number + 6) AS l, nullIf(7.5, number + 7.5) AS d, "
             "number = 0 ? NULL : 'x' AS s, NULL::Nullable(String) AS n FROM numbers(2) ORDER BY number"),
      "b Bool? | i Int32? | l Int64? | d Float64? | s String? | n String?\n"
      "- | - | - | - | - | -\n"
      "true | 5 | 6 | 7.5 | \"x\" | -\n");
}

TEST_F(EmbeddedQuery, WidensSmallerNumbersAndKeys) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(answer(*engine,
                   "SELECT count() AS c, 1 = 1 AS t, toInt16(-1) AS i, toUInt32(4294967295) AS u, "
                   "toFloat32(0.5) AS f, toLowCardinality('k') AS k, "
                   "CAST(NULL AS LowCardinality(Nullable(String))) AS n FROM numbers(4)"),
            "c Int64 | t Int32 | i Int32 | u Int64 | f Float64 | k String | n String?\n"
            "4 | 1 | -1 | 4294967295 | 0.5 | \"k\" | -\n");
}

TEST_F(EmbeddedQuery, ReadsManyKeys) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(answer(*engine,
                   "SELECT uniqExact(k), sum(k = toString(number % 70000)) FROM "
                   "(SELECT toLowCardinality(toString(number % 70000)) AS k, number FROM numbers(200000))"),
            "uniqExact(k) Int64 | sum(equals(k, toString(modulo(number, 70000)))) Int64\n70000 | 200000\n");
  std::size_t same = 0;
  std::size_t rows = 0;
  const BlockSink sink = [&](const Block& block) -> Result<void> {
    for (std::size_t row = 0; row < block.rows(); ++row)
      same += to_text(block.columns[0], row) == to_text(block.columns[1], row) ? 1 : 0;
    rows += block.rows();
    return {};
  };
  const Query query{.sql =
                        "SELECT toLowCardinality(number % 9 = 0 ? NULL : toString(number % 70000)) AS k, "
                        "CAST(k AS Nullable(String)) AS s FROM numbers(200000)"};
  EXPECT_EQ(code_of(engine->query(query, sink, {})), "done");
  EXPECT_EQ(rows, 200'000U);
  EXPECT_EQ(same, rows);
}

TEST_F(EmbeddedQuery, TellsTheColumnsOfNoRows) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(
      answer(*engine, "SELECT true AS b, NULL::Nullable(Int64) AS l, toLowCardinality('') AS s WHERE false"),
      "b Bool | l Int64? | s String\n");
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x WHERE false UNION ALL SELECT 2 WHERE false -- nothing"),
            "x Int32\n");
  EXPECT_EQ(
      answer(*engine, "WITH t AS (SELECT 1.5 AS x) SELECT x FROM t WHERE x > 2 SETTINGS max_threads = 1"),
      "x Float64\n");
}

TEST_F(EmbeddedQuery, RefusesTypesThatDoNotCross) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  const std::string array = answer(*engine, "SELECT [1, 2] AS many");
  EXPECT_TRUE(array.starts_with("error STO0012: a column has a type that is not read: many Array(UInt8)"))
      << array;
  const std::string none = answer(*engine, "SELECT now64(7) AS moment WHERE false");
  EXPECT_TRUE(none.starts_with("error STO0012: a column has a type that is not read: moment DateTime64(7)"))
      << none;
  const std::string large = answer(*engine, "SELECT toUInt64(-1) AS large");
  EXPECT_TRUE(large.starts_with("error STO0012: a number is too large for Int64: large UInt64")) << large;
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
}

TEST_F(EmbeddedQuery, StreamsAMillionRows) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  std::int64_t sum = 0;
  std::size_t bytes = 0;
  int blocks = 0;
  const BlockSink sink = [&](const Block& block) -> Result<void> {
    for (const std::int64_t number : std::get<std::vector<std::int64_t>>(block.columns[0].cells))
      sum += number;
    bytes += std::get<Strings>(block.columns[1].cells).bytes().size();
    ++blocks;
    return {};
  };
  const Result<QueryStatistics> done =
      engine->query({.sql = "SELECT number, toString(number) FROM numbers(1000000)"}, sink, {});
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(sum, 499'999'500'000);
  EXPECT_EQ(bytes, 5'888'890U);
  EXPECT_GT(blocks, 10);
  EXPECT_EQ(done->result_rows, 1'000'000U);
  EXPECT_GT(done->rows_read, 0U);
  EXPECT_GT(done->bytes_read, 0U);
  EXPECT_GE(done->result_bytes, 16'000'000U);
}

TEST_F(EmbeddedQuery, CountsWhatItReads) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  ASSERT_EQ(run(*engine, "CREATE TABLE t (x Int64) ENGINE = MergeTree ORDER BY x"), "done");
  ASSERT_EQ(run(*engine, "INSERT INTO t SELECT number FROM numbers(1000000)"), "done");
  const BlockSink ignore = [](const Block&) -> Result<void> { return {}; };
  const Result<QueryStatistics> done =
      engine->query({.sql = "SELECT sum(x) FROM t WHERE x >= 0"}, ignore, {});
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_GT(done->rows_read, 0U);
  EXPECT_LE(done->rows_read, 1'000'000U);
  EXPECT_EQ(done->result_rows, 1U);
  EXPECT_EQ(done->result_bytes, 8U);
}

TEST_F(EmbeddedQuery, HasItsSettings) {
  const auto engine = open({.threads = 3, .max_memory_bytes = 1'000'000'000});
  ASSERT_NE(engine, nullptr);
  const Query query{
      .sql =
          "SELECT name, value FROM system.settings WHERE name IN ('session_timezone', 'join_use_nulls', "
          "'enable_extended_results_for_datetime_functions', 'prefer_column_name_to_alias', "
          "'implicit_select', 'max_threads', 'max_execution_time', 'max_memory_usage') ORDER BY name",
      .limits = {.max_time = std::chrono::milliseconds(90'500), .max_memory_bytes = 500'000'000}};
  EXPECT_EQ(answer(*engine, query),
            "name String | value String\n"
            "\"enable_extended_results_for_datetime_functions\" | \"1\"\n"
            "\"implicit_select\" | \"0\"\n"
            "\"join_use_nulls\" | \"1\"\n"
            "\"max_execution_time\" | \"90.5\"\n"
            "\"max_memory_usage\" | \"500000000\"\n"
            "\"max_threads\" | \"3\"\n"
            "\"prefer_column_name_to_alias\" | \"1\"\n"
            "\"session_timezone\" | \"UTC\"\n");
  EXPECT_EQ(
      answer(*engine, "SELECT value FROM system.server_settings WHERE name = 'max_server_memory_usage'"),
      "value String\n\"1000000000\"\n");
  // Times before 1970 stay what they are.
  EXPECT_EQ(answer(*engine,
                   "SELECT toString(toStartOfInterval(toDateTime64('1950-06-15 10:00:00', 7, 'UTC'), "
                   "INTERVAL 1 HOUR)) AS t"),
            "t String\n\"1950-06-15 10:00:00\"\n");
}

TEST_F(EmbeddedQuery, IsLeftAloneByOtherQueries) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(run(*engine, "SET max_threads = 7"), "done");
  EXPECT_EQ(run(*engine, "CREATE TEMPORARY TABLE mine ENGINE = Memory AS SELECT 1 AS x"), "done");
  EXPECT_NE(answer(*engine, "SELECT getSetting('max_threads') AS n"), "n Int64\n7\n");
  EXPECT_NE(answer(*engine, "SELECT x FROM mine").find("STO0009"), std::string::npos);
}

TEST_F(EmbeddedQuery, SeveralAtOnce) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  std::vector<std::string> answers(4);
  {
    std::vector<std::jthread> threads;
    threads.reserve(answers.size());
    for (std::size_t i = 0; i < answers.size(); ++i)
      threads.emplace_back([&, i] {
        for (int turn = 0; turn < 5; ++turn)
          answers[i] =
              answer(*engine, "SELECT sum(number) + " + std::to_string(i) + " AS s FROM numbers(100000)");
      });
  }
  for (std::size_t i = 0; i < answers.size(); ++i)
    EXPECT_EQ(answers[i], "s Int64\n" + std::to_string(4'999'950'000 + i) + "\n");
}

TEST_F(EmbeddedQuery, ReadsNoConfigurationOfTheWorkingFolder) {
  const Folder folder;
  std::ofstream(folder / "config.xml") << "<clickhouse><broken";
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.text());
  const auto engine = open();
  std::filesystem::current_path(before);
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
}

}  // namespace
}  // namespace redoubt::store

#include <gtest/gtest.h>

#include <thread>

#include "engine_fixture.h"

namespace redoubt::store {
namespace {

using EmbeddedLimits = EngineTest;
using std::chrono::milliseconds;

/// Would take days; before the first row, and between rows.
constexpr const char* kNoRowForDays = "SELECT max(sipHash64(number)) AS m FROM numbers(1000000000000000)";
constexpr const char* kRowsForDays = "SELECT number FROM numbers(1000000000000000)";

const BlockSink kIgnore = [](const Block&) -> Result<void> { return {}; };

/// The code and message of what has to fail; and the engine goes on.
std::string failure(EventEngine& engine, const Query& query, const std::stop_token& stop = {}) {
  std::string out = answer(engine, query, stop);
  EXPECT_EQ(answer(engine, "SELECT 1 AS x"), "x Int32\n1\n");
  return out;
}

bool begins(const std::string& text, std::string_view with) { return text.starts_with(with); }

TEST_F(EmbeddedLimits, TimeIsOver) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  for (const char* sql : {kNoRowForDays, kRowsForDays}) {
    const std::string text = failure(*engine, {.sql = sql, .limits = {.max_time = milliseconds(150)}});
    EXPECT_TRUE(begins(text, "error STO0005: the query takes longer than it may: Timeout exceeded")) << text;
  }
}

TEST_F(EmbeddedLimits, MemoryIsOver) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  const std::string text = failure(*engine, {.sql = "SELECT uniqExact(number) FROM numbers(100000000)",
                                             .limits = {.max_memory_bytes = 50'000'000}});
  EXPECT_TRUE(begins(text, "error STO0006: the query needs more memory than it may have")) << text;
}

TEST_F(EmbeddedLimits, MemoryOfTheEngineIsOver) {
  const auto engine = open({.max_memory_bytes = 300'000'000});
  ASSERT_NE(engine, nullptr);
  const std::string text =
      failure(*engine, {.sql = "SELECT length(groupArray(number)) FROM numbers(100000000)"});
  EXPECT_TRUE(begins(text, "error STO0006: the query needs more memory than it may have")) << text;
}

TEST_F(EmbeddedLimits, ResultIsTooLarge) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(failure(*engine, {.sql = kRowsForDays, .limits = {.max_result_rows = 100'000}}),
            "error STO0007: the result has too many rows: more than 100000 (ask for less, or allow more)");
  EXPECT_EQ(failure(*engine, {.sql = kRowsForDays, .limits = {.max_result_bytes = 1'000'000}}),
            "error STO0007: the result has too many bytes: more than 1000000 (ask for less, or allow more)");
  EXPECT_EQ(
      answer(*engine, {.sql = "SELECT 1 AS x", .limits = {.max_result_rows = 1, .max_result_bytes = 4}}),
      "x Int32\n1\n");
}

TEST_F(EmbeddedLimits, StoppedBeforeItBegins) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(failure(*engine, {.sql = kNoRowForDays}, stop.get_token()),
            "error STO0008: the query was stopped");
}

TEST_F(EmbeddedLimits, StoppedBeforeTheFirstRow) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  std::stop_source stop;
  std::jthread stopper([&] {
    const Query running{.sql =
                            "SELECT count() AS c FROM system.processes WHERE query LIKE 'SELECT max(sip%'"};
    while (answer(*engine, running) != "c Int64\n1\n")
      std::this_thread::yield();
    stop.request_stop();
  });
  EXPECT_EQ(failure(*engine, {.sql = kNoRowForDays}, stop.get_token()),
            "error STO0008: the query was stopped");
}

TEST_F(EmbeddedLimits, StoppedWhileItIsBegun) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  for (int turn = 0; turn < 20; ++turn) {
    std::stop_source stop;
    std::jthread stopper([&] { stop.request_stop(); });
    EXPECT_EQ(failure(*engine, {.sql = kNoRowForDays}, stop.get_token()),
              "error STO0008: the query was stopped");
  }
}

TEST_F(EmbeddedLimits, StoppedBetweenRows) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  std::stop_source stop;
  int blocks = 0;
  const BlockSink sink = [&](const Block&) -> Result<void> {
    if (++blocks == 3) stop.request_stop();
    return {};
  };
  EXPECT_EQ(code_of(engine->query({.sql = kRowsForDays}, sink, stop.get_token())), "STO0008");
  EXPECT_EQ(blocks, 3);
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
}

TEST_F(EmbeddedLimits, StoppedStatement) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  ASSERT_EQ(run(*engine, "CREATE TABLE many (n UInt64) ENGINE = Memory"), "done");
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  const Query insert{.sql = "INSERT INTO many SELECT max(sipHash64(number)) FROM numbers(1000000000000000)"};
  EXPECT_EQ(code_of(engine->execute(insert, stop.get_token())), "STO0008");
  EXPECT_EQ(answer(*engine, "SELECT count() AS c FROM many"), "c Int64\n0\n");
}

TEST_F(EmbeddedLimits, EndsWithWhatTheSinkFailsWith) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  const BlockSink sink = [](const Block&) -> Result<void> { return fail(Error::Kind::Io, "TEST", "full"); };
  EXPECT_EQ(code_of(engine->query({.sql = kRowsForDays}, sink, {})), "TEST");
  EXPECT_EQ(code_of(engine->query({.sql = "SELECT 1 WHERE false"}, sink, {})), "TEST");
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
}

TEST_F(EmbeddedLimits, MistakesAreTold) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  const auto said = [&](std::string sql) { return failure(*engine, {.sql = std::move(sql)}); };
  const std::string report = " (report it, with the query that was asked)";
  EXPECT_EQ(
      said("SELECT 'secret' FROM nowhere"),
      "error STO0009: the event engine does not accept the statement: Unknown table expression identifier "
      "'nowhere' (UNKNOWN_TABLE 60)" +
          report);
  EXPECT_EQ(
      said("SELECT 'secret' secret secret"),
      "error STO0009: the event engine does not accept the statement: Syntax error: failed at position 24 "
      "(SYNTAX_ERROR 62)" +
          report);
  EXPECT_EQ(
      said("SELECT 1 FROM numbers(1) WHERE number + 'secret' = 2"),
      "error STO0009: the event engine does not accept the statement: Illegal types UInt64 and String of "
      "arguments of function plus (ILLEGAL_TYPE_OF_ARGUMENT 43)" +
          report);
  EXPECT_EQ(said("SELECT throwIf(number = 150000, 'no such value') FROM numbers(200000)"),
            "error STO0010: the query failed while it ran: no such value "
            "(FUNCTION_THROW_IF_VALUE_IS_NON_ZERO 395)");
  // Only SELECT has rows: a query can't change anything.
  const std::string created = said("CREATE TABLE t (x Int64) ENGINE = Memory");
  EXPECT_TRUE(begins(created, "error STO0009: ")) << created;
  EXPECT_EQ(answer(*engine, "SELECT count() AS c FROM system.tables WHERE name = 't'"), "c Int64\n0\n");
  const std::string other = said("SELECT 1 FORMAT JSON");
  EXPECT_TRUE(begins(other, "error STO001")) << other;
}

}  // namespace
}  // namespace redoubt::store

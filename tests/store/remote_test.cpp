#include "store/remote.h"

#include <gtest/gtest.h>

#include <thread>

#include "remote_fixture.h"

namespace redoubt::store {
namespace {

using std::chrono::milliseconds;

using Remote = RemoteTest;

constexpr const char* kNoRowForDays = "SELECT max(sipHash64(number)) AS m FROM numbers(1000000000000000)";
constexpr const char* kRowsForDays = "SELECT number FROM numbers(1000000000000000)";
constexpr const char* kFailsBehindRows =
    "SELECT throwIf(number = 3000000, 'no such value') AS t, number FROM numbers(4000000)";
const std::string kReport = " (report it, with the query that was asked)";

Block some_rows() {
  Block out = make_block(std::vector<ColumnShape>{{"b", CellType::Bool, true},
                                                  {"i", CellType::Int32, false},
                                                  {"l", CellType::Int64, true},
                                                  {"r", CellType::Float64, false},
                                                  {"s`\"", CellType::String, true}});
  append(out.columns[0], true);
  append_null(out.columns[0]);
  append(out.columns[1], std::int32_t{-7});
  append(out.columns[1], std::int32_t{8});
  append_null(out.columns[2]);
  append(out.columns[2], std::int64_t{1} << 60);
  append(out.columns[3], 0.5);
  append(out.columns[3], -1e300);
  append(out.columns[4], std::string_view("\r\n--redoubt\0\xFF", 13));
  append_null(out.columns[4]);
  return out;
}

Input input(std::string name, Block block) {
  std::vector<ColumnShape> shapes = shapes_of(block);
  return {std::move(name), std::move(shapes), once(std::move(block))};
}

TEST_F(Remote, AnswersQueries) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x, 'a' AS s, NULL::Nullable(Int64) AS n"),
            "x Int32 | s String | n Int64?\n1 | \"a\" | -\n");
  EXPECT_EQ(answer(*engine, "SELECT 'a' AS s, 1.5 AS r WHERE false"), "s String | r Float64\n");
  EXPECT_EQ(
      answer(*engine, "SELECT count() AS c, sum(number) AS s FROM (SELECT number FROM numbers(1000000))"),
      "c Int64 | s Int64\n1000000 | 499999500000\n");
  EXPECT_TRUE(engine->version().starts_with("ClickHouse 2")) << engine->version();
  EXPECT_EQ(code_of(engine->sync()), "done");
}

TEST_F(Remote, SettingsAreThoseOfTheEmbeddedEngine) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(
      answer(
          *engine,
          "SELECT timezone() AS z, getSetting('join_use_nulls') AS j, toInt64(getSetting('readonly')) AS r"),
      "z String | j Bool | r Int64\n\"UTC\" | true | 2\n");
}

TEST_F(Remote, ReadsInputs) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  const std::string expected = "b Bool? | i Int32 | l Int64? | r Float64 | s`\" String?\n" +
                               to_text(some_rows()).substr(to_text(some_rows()).find('\n') + 1);
  Query query{.sql = "SELECT * FROM t ORDER BY i", .inputs = {input("t", some_rows())}};
  EXPECT_EQ(answer(*engine, query), expected);
  query = {.sql =
               "SELECT a.i AS x, b.l AS l FROM t AS a JOIN u AS b ON a.i = b.i JOIN t AS c ON c.i = a.i "
               "ORDER BY x",
           .inputs = {input("t", some_rows()), input("u", some_rows())}};
  EXPECT_EQ(answer(*engine, query), "x Int32 | l Int64?\n-7 | -\n8 | 1152921504606846976\n");
  query = {.sql = "SELECT * FROM t WHERE i = 0", .inputs = {input("t", some_rows())}};
  EXPECT_EQ(answer(*engine, query), "b Bool? | i Int32 | l Int64? | r Float64 | s`\" String?\n");
  query = {.sql = "SELECT i FROM t",
           .inputs = {{"t", shapes_of(some_rows()), once(Block{make_block(shapes_of(some_rows()))})}}};
  EXPECT_EQ(answer(*engine, query), "i Int32\n");
}

TEST_F(Remote, InputsThatAreWrong) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  const auto code = [&](Input one) {
    return answer(*engine, Query{.sql = "SELECT 1 AS x", .inputs = {std::move(one)}});
  };
  EXPECT_TRUE(code({"a b", shapes_of(some_rows()), once(some_rows())}).starts_with("error STO0015"));
  EXPECT_TRUE(code({"t", {{"x", CellType::Bool, false}}, once(some_rows())}).starts_with("error STO0015"));
  EXPECT_TRUE(code({"t",
                    {{"x", CellType::Bool, false}},
                    []() -> Result<std::optional<Block>> { return fail(Error::Kind::Io, "TEST", "broken"); }})
                  .starts_with("error TEST"));
}

TEST_F(Remote, LongStatements) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  const std::string text(230'000, 'x');
  const std::string sql = "SELECT length('" + text + "') AS n";
  EXPECT_EQ(answer(*engine, sql), "n Int64\n230000\n");
  EXPECT_EQ(answer(*engine, Query{.sql = sql + " FROM t LIMIT 1", .inputs = {input("t", some_rows())}}),
            "n Int64\n230000\n");
}

TEST_F(Remote, PackedAnswers) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  RemoteOptions options = options_of(*front);
  options.packed = true;
  const auto engine = connect(options);
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(answer(*engine, "SELECT sum(number) AS s FROM (SELECT number FROM numbers(300000))"),
            "s Int64\n44999850000\n");
  EXPECT_TRUE(answer(*engine, kFailsBehindRows)
                  .starts_with("error STO0010: the query failed while it ran: no such value"));
  EXPECT_TRUE(answer(*engine, "SELECT nothing").starts_with("error STO0009"));
  EXPECT_NE(front::field(front->requests().back().fields, "Accept-Encoding"), "");
}

TEST_F(Remote, MistakesAreTold) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(
      answer(*engine, "SELECT 'secret' FROM nowhere"),
      "error STO0009: the event engine does not accept the statement: Unknown table expression identifier "
      "'nowhere' (UNKNOWN_TABLE 60)" +
          kReport);
  EXPECT_EQ(
      answer(*engine, "SELECT 'secret' secret secret"),
      "error STO0009: the event engine does not accept the statement: Syntax error: failed at position 24 "
      "(SYNTAX_ERROR 62)" +
          kReport);
  const std::string created = answer(*engine, "CREATE TABLE t (x Int64) ENGINE = Memory");
  EXPECT_TRUE(created.starts_with("error STO0031: the user of the server of events lacks a right"))
      << created;
  EXPECT_EQ(answer(*engine, "SELECT count() AS c FROM system.tables WHERE name = 't'"), "c Int64\n0\n");
  EXPECT_EQ(answer(*engine, "SELECT 1 FORMAT JSON"),
            "error STO0011: what the engine sent can't be read: it is in the format JSON (report it, with "
            "the version of "
            "the engine)");
}

TEST_F(Remote, ExceptionsBehindRows) {
  for (const front::Breaking breaking :
       {front::Breaking::Tagged, front::Breaking::Marked, front::Breaking::Plain}) {
    const auto front = serve({.breaking = breaking});
    ASSERT_NE(front, nullptr);
    const auto engine = connect(*front);
    ASSERT_NE(engine, nullptr);
    std::uint64_t rows = 0;
    const BlockSink sink = [&](const Block& block) -> Result<void> {
      rows += block.rows();
      return {};
    };
    const auto done = engine->query({.sql = kFailsBehindRows}, sink, {});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().text(),
              "error STO0010: the query failed while it ran: no such value "
              "(FUNCTION_THROW_IF_VALUE_IS_NON_ZERO 395)");
    EXPECT_GT(rows, 0u);
  }
}

TEST_F(Remote, Limits) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  for (const char* sql : {kNoRowForDays, kRowsForDays}) {
    const std::string text = answer(*engine, {.sql = sql, .limits = {.max_time = milliseconds(150)}});
    EXPECT_TRUE(text.starts_with("error STO0005: the query takes longer than it may")) << text;
  }
  const std::string memory = answer(*engine, {.sql = "SELECT uniqExact(number) FROM numbers(100000000)",
                                              .limits = {.max_memory_bytes = 50'000'000}});
  EXPECT_TRUE(memory.starts_with("error STO0006: the query needs more memory than it may have")) << memory;
  const std::string rows = answer(*engine, {.sql = kRowsForDays, .limits = {.max_result_rows = 100'000}});
  EXPECT_TRUE(rows.starts_with("error STO0007: the result ")) << rows;
  EXPECT_EQ(answer(*engine, {.sql = kRowsForDays, .limits = {.max_result_bytes = 1'000'000}}),
            "error STO0007: the result has too many bytes: more than 1000000 (ask for less, or allow more)");
}

TEST_F(Remote, StopsBeforeTheFirstRowAndBetweenRows) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  std::stop_source stop;
  std::jthread stopper([&] {
    const Query running{.sql =
                            "SELECT count() AS c FROM system.processes WHERE query LIKE 'SELECT max(sip%'"};
    while (answer(*engine, running) != "c Int64\n1\n")
      std::this_thread::yield();
    stop.request_stop();
  });
  EXPECT_EQ(answer(*engine, {.sql = kNoRowForDays}, stop.get_token()),
            "error STO0008: the query was stopped");
  stopper.join();
  std::stop_source between;
  const BlockSink sink = [&](const Block&) -> Result<void> {
    between.request_stop();
    return {};
  };
  EXPECT_EQ(code_of(engine->query({.sql = kRowsForDays}, sink, between.get_token())), "STO0008");
  // Neither goes on there.
  const Query running{
      .sql =
          "SELECT count() AS c FROM system.processes WHERE query LIKE '%1000000000000000%' AND query "
          "NOT LIKE '%processes%'"};
  for (int i = 0; i < 2'000 && answer(*engine, running) != "c Int64\n0\n"; ++i)
    std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(answer(*engine, running), "c Int64\n0\n");
}

TEST_F(Remote, EndsWithWhatTheSinkFailsWith) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  const BlockSink sink = [](const Block&) -> Result<void> { return fail(Error::Kind::Io, "TEST", "full"); };
  EXPECT_EQ(code_of(engine->query({.sql = kRowsForDays}, sink, {})), "TEST");
  EXPECT_EQ(code_of(engine->query({.sql = "SELECT 1 WHERE false"}, sink, {})), "TEST");
}

TEST_F(Remote, EndsStatementsByTheirMark) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  ASSERT_EQ(run(*engine, "CREATE TABLE many (n UInt64) ENGINE = Memory"), "done");
  std::jthread inserter([&] {
    const Query insert{.sql = "INSERT INTO many SELECT max(sipHash64(number)) FROM numbers(1000000000000000)",
                       .mark = "load-7"};
    EXPECT_EQ(code_of(engine->execute(insert, {})), "STO0008");
  });
  const Query running{.sql =
                          "SELECT count() AS c FROM system.processes WHERE query LIKE 'INSERT INTO many%'"};
  while (answer(*engine, running) != "c Int64\n1\n")
    std::this_thread::yield();
  EXPECT_EQ(code_of(engine->end_statements("load-8")), "done");
  EXPECT_EQ(answer(*engine, running), "c Int64\n1\n");
  EXPECT_EQ(code_of(engine->end_statements("load-7")), "done");
  EXPECT_EQ(answer(*engine, running), "c Int64\n0\n");
}

TEST_F(Remote, AsksAgainWhatMayBeAskedAgain) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  front->faults().drop = 2;
  EXPECT_EQ(answer(*engine, Query{.sql = "SELECT sum(i) AS s FROM t", .inputs = {input("t", some_rows())}}),
            "s Int64\n1\n");
  front->faults().busy = 3;
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
  front->faults().busy = 4;
  EXPECT_TRUE(answer(*engine, "SELECT 1 AS x")
                  .starts_with(front->url() + "/: error STO0032: the server of events can't do "
                                              "it now: 503 Service Unavailable"));
  front->faults().drop_answer = 1;
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
}

TEST_F(Remote, DoesNotRepeatWhatMayHaveBeenDone) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  ASSERT_EQ(run(*engine,
                "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS "
                "non_replicated_deduplication_window = 100"),
            "done");
  front->faults().drop_answer = 1;
  EXPECT_EQ(code_of(engine->execute({.sql = "INSERT INTO t SELECT 1"}, {})), "STO0033");
  EXPECT_EQ(answer(*engine, "SELECT count() AS c FROM t"), "c Int64\n1\n");
  front->faults().drop_answer = 1;
  EXPECT_EQ(code_of(engine->execute({.sql = "INSERT INTO t SELECT 2", .deduplication_token = "second"}, {})),
            "done");
  EXPECT_EQ(answer(*engine, "SELECT count() AS c FROM t"), "c Int64\n2\n");
  front->faults().busy = 1;
  EXPECT_EQ(code_of(engine->execute({.sql = "INSERT INTO t SELECT 3"}, {})), "STO0032");
}

TEST_F(Remote, Accounts) {
  const auto front = serve({.user = "redoubt", .password = "hunter2 %&"});
  ASSERT_NE(front, nullptr);
  RemoteOptions options = options_of(*front);
  options.user = "redoubt";
  options.password = "hunter2 %&";
  const auto engine = connect(options);
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
  options.password = "topsecret";
  const auto refused = RemoteEngine::open(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text(),
            "error STO0030: the server of events does not accept the user or the password (see "
            "REDOUBT_CLICKHOUSE_USER "
            "and REDOUBT_CLICKHOUSE_PASSWORD)");
  for (const front::Request& request : front->requests())
    EXPECT_EQ(request.target.find("hunter2"), std::string::npos);
}

TEST_F(Remote, AnswersThatAreBroken) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  const auto engine = connect(*front);
  ASSERT_NE(engine, nullptr);
  const std::string sql = "SELECT number, toString(number) AS s FROM numbers(100000)";
  for (const std::size_t at : {0U, 1U, 100U, 65'536U, 500'000U}) {
    front->faults().cut_at = at;
    front->faults().cut = 1;
    EXPECT_TRUE(answer(*engine, sql).find("error STO0033: the server of events broke off") !=
                std::string::npos)
        << at;
  }
  const auto said = [&](std::string raw) {
    front->faults().raw_answer = std::move(raw);
    front->faults().raw = 4;
    std::string out = answer(*engine, sql);
    front->faults().raw = 0;
    return out;
  };
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  EXPECT_NE(said("garbage\r\n\r\n").find("STO0033"), std::string::npos);
  EXPECT_NE(said(ok + "Content-Length: 20\r\n\r\nwhat is no block atall").find("error STO001"),
            std::string::npos);
  EXPECT_NE(said(ok + "Content-Length: 2000\r\n\r\n\1\1").find("STO0033"), std::string::npos);
  EXPECT_NE(said(ok + "Content-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip").find("STO0011"),
            std::string::npos);
  EXPECT_NE(said(ok + "Content-Encoding: br\r\nContent-Length: 1\r\n\r\nx").find("STO0011"),
            std::string::npos);
  EXPECT_NE(said(ok + "X-Long: " + std::string(200'000, 'x') + "\r\n\r\n").find("STO0033"),
            std::string::npos);
  EXPECT_NE(said("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n").find("STO0034"),
            std::string::npos);
  EXPECT_NE(said("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n").find("STO0030"),
            std::string::npos);
  EXPECT_EQ(answer(*engine, "SELECT 1 AS x"), "x Int32\n1\n");
}

TEST_F(Remote, NobodyIsThere) {
  std::string url;
  {
    const auto front = serve();
    ASSERT_NE(front, nullptr);
    url = front->url();
  }
  RemoteOptions options = *remote_options(url);
  options.pause = milliseconds(1);
  const auto engine = RemoteEngine::open(options);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, "STO0028") << engine.error().text();
  options.url.host = "no-such-host.invalid";
  options.tries = 1;
  EXPECT_EQ(code_of(RemoteEngine::open(options)), "STO0028");
}

TEST_F(Remote, ServersThatSayNothing) {
  const auto front = serve();
  ASSERT_NE(front, nullptr);
  RemoteOptions options = options_of(*front);
  const auto first = connect(options);
  options.idle_time = milliseconds(100);
  options.tries = 1;
  const auto engine = connect(options);
  ASSERT_NE(engine, nullptr);
  const std::string text = answer(*engine, kNoRowForDays);
  EXPECT_NE(text.find("error STO0033: the server of events broke off: the server sent nothing for 0.1 s"),
            std::string::npos)
      << text;
}

TEST(RemoteUrl, IsReadWithoutSecrets) {
  const auto said = [](std::string_view url) {
    const Result<RemoteOptions> options = remote_options(url);
    return options ? options->url.text() : options.error().text();
  };
  const std::string end =
      " (write https://host:8443, and the account in REDOUBT_CLICKHOUSE_USER and _PASSWORD)";
  const std::string begin = "error STO0034: the URL of the server of events can't be used: ";
  EXPECT_EQ(said("https://logs.example:8443"), "https://logs.example:8443/");
  EXPECT_EQ(said("http://localhost:8123/?max_threads=2"), "http://localhost:8123/?max_threads=2");
  EXPECT_EQ(said("https://ann:hunter2@logs.example"), begin + "it holds a user name" + end);
  EXPECT_EQ(said("https://logs.example/?a=1&Password=hunter2"), begin + "it holds a password" + end);
  EXPECT_EQ(said("ftp://logs.example"), begin + "it does not begin with https://" + end);
}

}  // namespace
}  // namespace redoubt::store

#include "query/load_events.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/time.h"
#include "event_folder.h"
#include "kql/evaluate.h"
#include "kql/pattern.h"
#include "load_case.h"
#include "query/answer_json.h"
#include "query/run.h"
#include "query/sql/event_catalog.h"
#include "query/sql/sql_tables.h"
#include "testing/escapes.h"
#include "testing/paths.h"

namespace redoubt::query {
namespace {

namespace fs = std::filesystem;

class EventFilesOf : public EventFolder {
 protected:
  std::string path(std::string_view name, std::string_view text) {
    const fs::path out = folder_ / name;
    std::ofstream(out, std::ios::binary) << text;
    return out.string();
  }

  Result<LoadedEvents> load(const std::string& file, EventLoadOptions options = {}) {
    options.now = kNow;
    diagnostics_.clear();
    return EventFiles(*tables_, *loads_, options).load("T", file, diagnostics_);
  }

  /// Columns and rows of an answer, the rows sorted; or the error.
  std::string answer(std::string_view query) { return text_of(ask(query)); }

  static std::string text_of(const Result<Answer>& answer) {
    if (!answer) return answer.error().text();
    const ResultTable& table = answer->tables.at(0);
    std::string out;
    for (const auto& [name, type] : table.columns)
      out += fmt::format("{}{}:{}", out.empty() ? "" : " ", name, kql::type_name(type));
    std::vector<std::string> rows;
    for (std::size_t row = 0; row < table.rows; ++row) {
      doc::JsonWriter json;
      json.begin_array();
      for (const Cells& cells : table.cells)
        write_cell(json, cells[row]);
      json.end_array();
      rows.push_back(json.take());
    }
    std::sort(rows.begin(), rows.end());
    for (const std::string& row : rows)
      out += "\n" + row;
    return out;
  }

  std::string codes() const {
    std::string out;
    for (const Diagnostic& one : diagnostics_)
      if (one.severity != Severity::Hint) out += one.code + " ";
    return out;
  }

  std::vector<Diagnostic> diagnostics_;
};

// Every file that the loader of tables in memory is tested with has the same rows in a table of events.
TEST_F(EventFilesOf, AgreeWithTablesInMemory) {
  std::size_t compared = 0;
  std::vector<fs::path> cases;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(testing::source_root() / "tests/query/cases/load"))
    cases.push_back(entry.path());
  std::sort(cases.begin(), cases.end());
  for (const fs::path& file : cases) {
    SCOPED_TRACE(file.filename().string());
    const std::string text = testing::read_file(file);
    const std::size_t dashes = text.find("\n----");
    std::vector<Part> parts = parts_of(std::string_view(text).substr(0, dashes));
    kql::Schemas schemas;
    if (parts.front().name == "schema") {
      add_schema(parts.front().text, schemas);
      parts.erase(parts.begin());
    }
    if (parts.size() != 1) continue;  // columns of a table of events are those of the first file
    std::istringstream stream(testing::unescape(parts[0].text));
    TableLoader loader({.schemas = schemas.empty() ? nullptr : &schemas});
    const bool is_read = loader.add("T", stream, parts[0].name).has_value();
    const Result<LoadedEvents> loaded = load(path(parts[0].name, testing::unescape(parts[0].text)),
                                             {.schemas = schemas.empty() ? nullptr : &schemas});
    ASSERT_EQ(loaded.has_value(), is_read) << (loaded ? "" : loaded.error().text());
    if (is_read && tables_->find("T") != nullptr) {
      MemoryTables memory;
      const Reading<Loaded> kept = loader.finish(memory);
      RunOptions options;
      options.evaluation.now = kNow;
      options.rewrites.context = &options.evaluation;
      std::string want = text_of(run("T", memory.schemas(), memory, options));
      EXPECT_EQ(loaded->file.rows, kept.value.files[0].rows);
      EXPECT_EQ(loaded->unfit_values, kept.value.tables[0].unfit_values);
      if (loaded->untimed_rows == 0 || tables_->find("T")->time_column() == nullptr) {
        EXPECT_EQ(answer("T"), want);
        ++compared;
      }
    }
    if (tables_->find("T") != nullptr) {
      ASSERT_TRUE(tables_->drop("T"));
    }
  }
  EXPECT_GE(compared, 20U);
}

TEST_F(EventFilesOf, AreLoadedOnce) {
  const std::string file = path("a.csv", "TimeGenerated,n\n2024-03-01T00:00:00Z,1\n2024-04-01T00:00:00Z,2\n");
  EXPECT_EQ(load(file)->file.rows, 2U);
  EXPECT_TRUE(load(file)->was_loaded);
  // Under another name, too.
  EXPECT_TRUE(load(path("b.csv", testing::read_file(file)))->was_loaded);
  EXPECT_FALSE(load(file, {.again = true})->was_loaded);
  EXPECT_EQ(answer("T | summarize count() by n"), "n:long count_:long\n[1,2]\n[2,2]");
}

TEST_F(EventFilesOf, BringNewColumns) {
  ASSERT_TRUE(load(path("a.json", R"([{"a":1,"s":"x"}])")));
  const Result<LoadedEvents> more =
      load(path("b.json", R"([{"a":2,"b":{"c":[1]},"t":"2024-01-01T00:00:00Z"}])"));
  ASSERT_TRUE(more) << more.error().text();
  EXPECT_EQ(more->new_columns, (std::vector<std::string>{"b", "t"}));
  EXPECT_EQ(answer("T"),
            "a:long s:string b:dynamic t:datetime\n[1,\"x\",null,null]\n"
            "[2,\"\",{\"c\":[1]},\"2024-01-01T00:00:00Z\"]");
  EXPECT_EQ(answer("T | where isnull(b) and isempty(s) == false | count"), "Count:long\n[1]");
}

TEST_F(EventFilesOf, KeepTheTypesOfTheirTable) {
  ASSERT_TRUE(load(path("a.json", R"([{"a":1,"b":true}])")));
  const Result<LoadedEvents> other =
      load(path("b.json", R"([{"a":"no number","b":"false"},{"a":"7","b":null}])"));
  ASSERT_TRUE(other) << other.error().text();
  EXPECT_EQ(other->unfit_values, 1U);
  EXPECT_EQ(codes(), "QRY0014 QRY0017 ");
  EXPECT_EQ(answer("T"), "a:long b:bool\n[1,true]\n[7,null]\n[null,false]");
}

TEST_F(EventFilesOf, HaveTheColumnsOfTheirSchema) {
  kql::Schemas schemas;
  schemas.add_table(
      "T", {{"TimeGenerated", kql::Type::DateTime}, {"Level", kql::Type::Int}, {"d", kql::Type::Decimal}});
  ASSERT_TRUE(load(path("a.json", R"([{"time":"2024-01-01T00:00:00Z","level":"3","d":1.50,"Other":1}])"),
                   {.schemas = &schemas}));
  EXPECT_EQ(answer("T"),
            "TimeGenerated:datetime Level:int d:decimal Other:long\n"
            "[\"2024-01-01T00:00:00Z\",3,\"1.5\",1]");
}

TEST_F(EventFilesOf, RowsWithoutATimeHaveThatOfTheLoad) {
  kql::Schemas schemas;
  schemas.add_table("T", {{"TimeGenerated", kql::Type::DateTime}});
  const std::string rows =
      R"([{"TimeGenerated":"2024-01-01T00:00:00Z","n":1},{"n":2},{"TimeGenerated":"1850-01-01","n":3}])";
  const Result<LoadedEvents> loaded = load(path("a.json", rows), {.schemas = &schemas});
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->untimed_rows, 2U);
  EXPECT_EQ(codes(), "QRY0017 ");
  EXPECT_EQ(answer("T | project n, TimeGenerated"),
            "n:long TimeGenerated:datetime\n[1,\"2024-01-01T00:00:00Z\"]\n[2,\"2024-03-01T00:00:00Z\"]\n"
            "[3,\"2024-03-01T00:00:00Z\"]");
}

TEST_F(EventFilesOf, WithoutATimeSayThatTheyHaveThatOfTheLoad) {
  const Result<LoadedEvents> loaded =
      load(path("a.json", R"([{"created_at":"2020-01-01T00:00:00Z"},{"n":1}])"));
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->untimed_rows, 2U);
  ASSERT_EQ(codes(), "QRY0017 ");
  EXPECT_EQ(diagnostics_.back().message,
            "T was made without times in TimeGenerated or Timestamp: 2 rows have that of the load");
}

// Their rows have a time, which the file says nothing of.
TEST_F(EventFilesOf, WithoutTheTimeOfTheirSchemaSayOneThing) {
  kql::Schemas schemas;
  schemas.add_table("T", {{"TimeGenerated", kql::Type::DateTime}, {"n", kql::Type::Long}});
  ASSERT_TRUE(load(path("a.json", R"([{"n":1},{"n":2}])"), {.schemas = &schemas}));
  EXPECT_EQ(codes(), "QRY0017 ");
}

// Rows of a table that was made without a time are not in the order of one that comes later.
TEST_F(EventFilesOf, MayBringATimeLater) {
  ASSERT_TRUE(load(path("a.json", R"([{"n":1}])")));
  ASSERT_TRUE(load(path("b.json", R"([{"n":2,"TimeGenerated":"2024-01-01T00:00:00Z"}])")));
  ASSERT_TRUE(load(path("c.json", R"([{"n":3}])")));
  const std::string_view rows =
      "n:long TimeGenerated:datetime\n[1,null]\n[2,\"2024-01-01T00:00:00Z\"]\n[3,null]";
  EXPECT_EQ(answer("T | project n, TimeGenerated"), rows);
  tables_.emplace(*store::EventTables::open(*engine_));
  ASSERT_TRUE(load(path("d.json", R"([{"n":4,"TimeGenerated":"2024-01-02T00:00:00Z"}])")));
  EXPECT_EQ(answer("T | project n, TimeGenerated"), fmt::format("{}\n[4,\"2024-01-02T00:00:00Z\"]", rows));
  EXPECT_EQ(answer("T | where TimeGenerated > datetime(2024-01-01) | count"), "Count:long\n[1]");
}

// The portal splits a column in some of its exports, and in others it does not.
TEST_F(EventFilesOf, JoinSplitColumnsWithTheWhole) {
  ASSERT_TRUE(load(path("a.json", R"([{"id":1,"S":{"a":1}}])")));
  ASSERT_TRUE(load(path("b.csv", "id,S_dynamic,S_string\n2,\"{\"\"a\"\":2}\",\n3,,txt\n")));
  ASSERT_TRUE(load(path("c.json", R"([{"id":4,"S_dynamic":{"a":4},"S_string":""},{"id":5,"S":{"a":5}}])")));
  EXPECT_EQ(answer("T"),
            "id:long S:dynamic\n[1,{\"a\":1}]\n[2,{\"a\":2}]\n[3,\"txt\"]\n[4,{\"a\":4}]\n[5,{\"a\":5}]");
}

// Also where they come behind the rows that the columns were made of.
TEST_F(EventFilesOf, JoinSplitColumnsThatComeLater) {
  std::string rows;
  for (int i = 0; i < 40'000; ++i)
    rows += fmt::format("{{\"id\":{},\"S\":{{\"a\":1}}}}\n", i);
  rows += "{\"id\":40000,\"S_dynamic\":{\"a\":1},\"S_string\":\"\"}\n{\"id\":40001,\"S\":{\"a\":1}}\n";
  ASSERT_TRUE(load(path("a.jsonl", rows)));
  EXPECT_EQ(answer("T | summarize count() by a = toint(S.a)"), "a:int count_:long\n[1,40002]");
  EXPECT_EQ(answer("T | getschema | project ColumnName"), "ColumnName:string\n[\"S\"]\n[\"id\"]");
}

TEST_F(EventFilesOf, KeepAColumnThatTheirTableHas) {
  ASSERT_TRUE(load(path("a.json", R"([{"S":"a","S_string":"b"}])")));
  ASSERT_TRUE(load(path("b.json", R"([{"S":"","S_string":"c"}])")));
  EXPECT_EQ(answer("T"), "S:string S_string:string\n[\"\",\"c\"]\n[\"a\",\"b\"]");
}

// Defender's Timestamp is the TimeGenerated of the same table in Sentinel.
TEST_F(EventFilesOf, HaveTheirTimestampForTimeGenerated) {
  kql::Schemas schemas;
  schemas.add_table("T", {{"TimeGenerated", kql::Type::DateTime}, {"Timestamp", kql::Type::DateTime}});
  const std::string rows =
      R"([{"Timestamp":"2024-01-01T00:00:00Z"},{"Timestamp":"2024-01-03T00:00:00Z","TimeGenerated":"2024-01-02T00:00:00Z"}])";
  const Result<LoadedEvents> loaded = load(path("a.json", rows), {.schemas = &schemas});
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->untimed_rows, 0U);
  EXPECT_EQ(codes(), "");
  // The table alone says it as well.
  ASSERT_TRUE(load(path("b.json", R"([{"Timestamp":"2024-02-01T00:00:00Z"}])")));
  EXPECT_EQ(codes(), "");
  EXPECT_EQ(answer("T"),
            "TimeGenerated:datetime Timestamp:datetime\n"
            "[\"2024-01-01T00:00:00Z\",\"2024-01-01T00:00:00Z\"]\n"
            "[\"2024-01-02T00:00:00Z\",\"2024-01-03T00:00:00Z\"]\n"
            "[\"2024-02-01T00:00:00Z\",\"2024-02-01T00:00:00Z\"]");
}

TEST_F(EventFilesOf, HaveTheTimesOfTheColumnThatIsNamed) {
  const std::string rows =
      R"([{"n":1,"ts":"2024-01-01T00:00:00Z"},{"n":2,"ts":1704067200},{"n":3,"ts":1704067200123},
          {"n":4,"ts":"1704067200123456"},{"n":5,"ts":1704067200123456700},{"n":6,"ts":-86400}])";
  const Result<LoadedEvents> loaded = load(path("a.json", rows), {.time_column = "TS"});
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(codes(), "");
  EXPECT_EQ(answer("T | project n, TimeGenerated"),
            "n:long TimeGenerated:datetime\n[1,\"2024-01-01T00:00:00Z\"]\n[2,\"2024-01-01T00:00:00Z\"]\n"
            "[3,\"2024-01-01T00:00:00.123Z\"]\n[4,\"2024-01-01T00:00:00.123456Z\"]\n"
            "[5,\"2024-01-01T00:00:00.1234567Z\"]\n[6,\"1969-12-31T00:00:00Z\"]");
  EXPECT_EQ(answer("T | where n == 3 | project ts"), "ts:string\n[\"1704067200123\"]");
  // Before what the file calls so, which stays where the column has no time.
  const std::string more = R"([{"n":7,"TimeGenerated":"2024-02-02T00:00:00Z","ts":"2024-02-01T00:00:00Z"},
                               {"n":8,"TimeGenerated":"2024-02-02T00:00:00Z","ts":"soon"}])";
  ASSERT_TRUE(load(path("b.json", more), {.time_column = "ts"}));
  EXPECT_EQ(codes(), "");
  EXPECT_EQ(answer("T | where n > 6 | project n, TimeGenerated"),
            "n:long TimeGenerated:datetime\n[7,\"2024-02-01T00:00:00Z\"]\n[8,\"2024-02-02T00:00:00Z\"]");
}

TEST_F(EventFilesOf, KeepTheColumnOfTheirTimeBesideTheSchema) {
  kql::Schemas schemas;
  schemas.add_table("T", {{"TimeGenerated", kql::Type::DateTime}, {"Start", kql::Type::Long}});
  ASSERT_TRUE(load(path("a.json", R"([{"start":1704067200,"time":"2024-03-01T00:00:00Z"}])"),
                   {.schemas = &schemas, .time_column = "start"}));
  EXPECT_EQ(answer("T"), "TimeGenerated:datetime Start:long\n[\"2024-01-01T00:00:00Z\",1704067200]");
  ASSERT_TRUE(load(path("b.json", R"([{"time":"2024-03-01T00:00:00Z"}])"), {.time_column = "time"}));
  EXPECT_EQ(answer("T | where TimeGenerated > datetime(2024-02-01) | project ['time']"),
            "time:datetime\n[\"2024-03-01T00:00:00Z\"]");
  // One that TimeGenerated itself is written in.
  ASSERT_TRUE(load(path("c.json", R"([{"TimeGenerated":1712000000}])"), {.time_column = "TimeGenerated"}));
  EXPECT_EQ(codes(), "");
  EXPECT_EQ(answer("T | where TimeGenerated > datetime(2024-03-02) | project TimeGenerated"),
            "TimeGenerated:datetime\n[\"2024-04-01T19:33:20Z\"]");
}

TEST_F(EventFilesOf, WithoutTheColumnOfTheTimeAreNotLoaded) {
  const Result<LoadedEvents> loaded =
      load(path("a.json", R"([{"start":1,"n":1}])"), {.time_column = "starts"});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, "QRY0025");
  EXPECT_EQ(loaded.error().hint, "did you mean start?");
  EXPECT_EQ(tables_->find("T"), nullptr);
  ASSERT_TRUE(load(path("a.json", R"([{"start":"soon","n":1}])"), {.time_column = "start"}));
  EXPECT_EQ(codes(), "QRY0026 QRY0017 ");
}

// As in Log Analytics, where Type is the table that a row is of.
TEST_F(EventFilesOf, NameTheirTableInTheColumnTypeOfItsSchema) {
  kql::Schemas schemas;
  schemas.add_table("T", {{"n", kql::Type::Long}, {"Type", kql::Type::String}});
  ASSERT_TRUE(load(path("a.json", R"([{"n":1},{"n":2}])"), {.schemas = &schemas}));
  // What an earlier load made counts like a schema.
  ASSERT_TRUE(load(path("b.csv", "n,Type\n3,\n4,Other\n")));
  ASSERT_TRUE(load(path("c.json", R"([{"n":5,"Type":null}])")));
  EXPECT_EQ(answer("T"), "n:long Type:string\n[1,\"T\"]\n[2,\"T\"]\n[3,\"T\"]\n[4,\"Other\"]\n[5,\"T\"]");
}

TEST_F(EventFilesOf, NameNoTableInAColumnTypeThatIsTheirOwn) {
  ASSERT_TRUE(load(path("a.json", R"([{"n":1,"Type":"a"},{"n":2}])")));
  EXPECT_EQ(answer("T"), "n:long Type:string\n[1,\"a\"]\n[2,\"\"]");
  ASSERT_TRUE(tables_->drop("T"));
  kql::Schemas schemas;
  schemas.add_table("T", {{"n", kql::Type::Long}, {"Type", kql::Type::Long}});
  ASSERT_TRUE(load(path("a.json", R"([{"n":1,"Type":7},{"n":2}])"), {.schemas = &schemas}));
  EXPECT_EQ(answer("T"), "n:long Type:long\n[1,7]\n[2,null]");
}

std::string many_rows(int count) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += fmt::format("{{\"n\":{},\"s\":\"text {}\",\"u\":\"{:032x}\"}}\n", i, i % 7, i);
  return out;
}

TEST_F(EventFilesOf, OfManyRowsComeInPieces) {
  const Result<LoadedEvents> loaded = load(path("a.jsonl", many_rows(300'000)));
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(answer("T | summarize count(), dcount(s), sum(n), max(u)"),
            "count_:long dcount_s:long sum_n:long max_u:string\n"
            "[300000,7,44999850000,\"000000000000000000000000000493df\"]");
  // Few texts are kept once each, as many as rows are not.
  EXPECT_TRUE(tables_->find("T")->find("s")->shared_texts);
  EXPECT_FALSE(tables_->find("T")->find("u")->shared_texts);
}

TEST_F(EventFilesOf, ThatStopInTheMiddleAreGoneOnWith) {
  const std::string file = path("a.jsonl", many_rows(300'000));
  for (const std::uint64_t stop_at : {150'000, 250'000, 290'000}) {
    std::stop_source stop;
    const Result<LoadedEvents> stopped =
        load(file, {.stop = stop.get_token(), .progress = [&](const Progress& now) {
                      if (now.done >= stop_at) stop.request_stop();
                    }});
    ASSERT_FALSE(stopped);
    EXPECT_EQ(loads_->unfinished()->size(), 1U);
  }
  const Result<LoadedEvents> loaded = load(file);
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->found_rows, 262'144U);
  EXPECT_EQ(answer("T | summarize count(), sum(n)"), "count_:long sum_n:long\n[300000,44999850000]");
  EXPECT_EQ(answer("T | summarize c = count() by n | where c > 1 | count"), "Count:long\n[0]");
}

// Their first rows have the time of the load, which is not what the second one wants.
TEST_F(EventFilesOf, ThatStopAreBegunAnewWithAnotherTime) {
  std::string rows;
  for (int i = 0; i < 150'000; ++i)
    rows += fmt::format("{{\"ts\":{}}}\n", 1'709'300'000 + i);
  const std::string file = path("a.jsonl", rows);
  std::stop_source stop;
  ASSERT_FALSE(load(file, {.stop = stop.get_token(), .progress = [&](const Progress& now) {
                             if (now.done >= 140'000) stop.request_stop();
                           }}));
  EXPECT_EQ(loads_->unfinished()->size(), 1U);
  const Result<LoadedEvents> loaded = load(file, {.time_column = "ts"});
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->found_rows, 0U);
  EXPECT_EQ(answer("T | summarize count(), countif(TimeGenerated == unixtime_seconds_todatetime(ts))"),
            "count_:long countif_:long\n[150000,150000]");
}

/// Asks to stop when all of it was read.
class StoppingText : public std::stringbuf {
 public:
  StoppingText(const std::string& text, std::stop_source& stop) : std::stringbuf(text), stop_(stop) {}

 protected:
  std::streamsize xsgetn(char* out, std::streamsize count) override {
    const std::streamsize taken = std::stringbuf::xsgetn(out, count);
    if (taken < count) stop_.request_stop();
    return taken;
  }

 private:
  std::stop_source& stop_;
};

// Whether the reader notices it or the engine; and no table stays that was made for no row.
TEST_F(EventFilesOf, SayThatTheLoadWasStopped) {
  const auto gone = [&](const Result<LoadedEvents>& loaded) {
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, "QRY0004");
    EXPECT_EQ(loaded.error().message, "the load was stopped");
    EXPECT_EQ(tables_->find("T"), nullptr);
    EXPECT_TRUE(loads_->unfinished()->empty());
  };
  std::stop_source at_once;
  at_once.request_stop();
  const std::string file = path("a.jsonl", many_rows(40'000));
  gone(load(file, {.stop = at_once.get_token()}));
  std::stop_source later;
  gone(load(file, {.stop = later.get_token(), .progress = [&](const Progress& now) {
                     if (now.done > 35'000) later.request_stop();
                   }}));
  std::stop_source read;
  StoppingText text(many_rows(10), read);
  std::istream stream(&text);
  diagnostics_.clear();
  EventLoadOptions options;
  options.now = kNow;
  options.stop = read.get_token();
  gone(EventFiles(*tables_, *loads_, options).load("T", stream, "<stdin>", diagnostics_));
}

// The rows of another file are no reason to take their table away.
TEST_F(EventFilesOf, ThatAreStoppedLeaveTheRowsBefore) {
  ASSERT_TRUE(load(path("a.json", R"([{"n":1}])")));
  std::stop_source stop;
  ASSERT_FALSE(load(path("a.jsonl", many_rows(40'000)),
                    {.stop = stop.get_token(), .progress = [&](const Progress&) { stop.request_stop(); }}));
  EXPECT_EQ(answer("T | count"), "Count:long\n[1]");
}

// Rows of what was cut are there once when the whole file comes.
TEST_F(EventFilesOf, ThatEndTooEarlyGiveWayToTheWhole) {
  const std::string rows = many_rows(150'000);
  const std::string cut = rows.substr(0, rows.size() - 9);
  const Result<LoadedEvents> first = load(path("a.jsonl", cut));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, "DOC0101");
  EXPECT_EQ(loads_->unfinished()->size(), 1U);
  const Result<LoadedEvents> whole = load(path("a.jsonl", rows));
  ASSERT_TRUE(whole) << whole.error().text();
  EXPECT_TRUE(loads_->unfinished()->empty());
  EXPECT_EQ(answer("T | summarize count(), sum(n)"), "count_:long sum_n:long\n[150000,11249925000]");
  EXPECT_EQ(answer("T | summarize c = count() by n | where c > 1 | count"), "Count:long\n[0]");
}

TEST_F(EventFilesOf, ThatCantBeReadLeaveNothingBehind) {
  for (const char* text : {"", R"([{"a":1},{"a":)", "{\"a\":1}\n{\"a\":", "{'a':1}\n{'a':2}\n"}) {
    const Result<LoadedEvents> loaded = load(path("a.json", text));
    ASSERT_EQ(loaded.has_value(), false);
    EXPECT_TRUE(loads_->unfinished()->empty());
    EXPECT_EQ(tables_->find("T"), nullptr);
  }
  const Result<LoadedEvents> nowhere = load("nowhere.json");
  EXPECT_EQ(nowhere.error().code, "DOC0001");
  EXPECT_EQ(nowhere.error().message, "there is no such file");
}

TEST_F(EventFilesOf, TextsOfAnyKindComeBack) {
  kql::Schemas schemas;
  schemas.add_table(
      "T", {{"a' OR `1`", kql::Type::String}, {"rd_1", kql::Type::Dynamic}, {"_part", kql::Type::Long}});
  ASSERT_TRUE(
      load(path("a.json", R"([{"a' OR `1`":"\u0000\\'`\n\ud83d\ude00","rd_1":{"x":"'\\"},"_part":1}])"),
           {.schemas = &schemas}));
  EXPECT_EQ(answer("T"), R"(a' OR `1`:string rd_1:dynamic _part:long)"
                         "\n"
                         R"(["\u0000\\'`\n😀",{"x":"'\\"},1])");
  EXPECT_EQ(answer(R"(T | where rd_1.x == "'\\" and _part == 1 | count)"), "Count:long\n[1]");
}

}  // namespace
}  // namespace redoubt::query

#include "store/event_tables.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "core/time.h"
#include "engine_fixture.h"
#include "store/sql_text.h"

namespace redoubt::store {
namespace {

using EventTablesOf = EngineTest;

constexpr std::int64_t kMarch = 638'448'480'000'000'000;  // 2024-03-01
constexpr std::int64_t kDay = 864'000'000'000;

EventTable every_kind(std::string name) {
  EventTable out{.name = std::move(name)};
  for (int i = 0; i <= static_cast<int>(ColumnKind::Dynamic); ++i) {
    const auto kind = static_cast<ColumnKind>(i);
    out.columns.push_back({.name = "of_" + std::string(name_of(kind)), .kind = kind});
  }
  out.columns.push_back({.name = "TimeGenerated", .kind = ColumnKind::DateTime});
  return out;
}

Block empty_block(const EventTable& table) {
  std::vector<ColumnShape> shapes;
  for (const EventColumn& column : table.columns)
    shapes.push_back(shape_of(column, &column == table.time_column()));
  return make_block(shapes);
}

/// What the table has of a column, sorted by the time of receiving.
std::string cells(EventEngine& engine, const std::string& table, const std::string& column) {
  return answer(engine, "SELECT " + sql_name(stored_column(column)) + " AS x FROM " + stored_from(table) +
                            " ORDER BY rd_received");
}

std::string said(const Result<void>& result) { return result ? "done" : result.error().text(); }

TEST(EventSchema, KindsHaveKustosNames) {
  for (const char* name :
       {"bool", "int", "long", "real", "decimal", "string", "datetime", "timespan", "guid", "dynamic"})
    EXPECT_EQ(name_of(*find_column_kind(name)), name);
  EXPECT_FALSE(find_column_kind("text"));
}

TEST(EventSchema, NamesThatAreNoPlainWordsAreHashes) {
  for (const char* name : {"SigninLogs", "My_CL", "_ResourceId", "a1", "x"})
    EXPECT_EQ(stored_column(name), name);
  for (const char* name :
       {"", "rd_1", "rd_received", "_part", "_", "1a", "a b", "a.b", "a`b", "a'b", "\xC3\xA9"})
    EXPECT_TRUE(stored_column(name).starts_with("rd_x")) << name;
  EXPECT_EQ(stored_column(std::string(101, 'a')).size(), 44U);
}

TEST(EventSchema, TheTimeColumnIsADatetime) {
  EventTable table{.name = "T",
                   .columns = {{"Timestamp", ColumnKind::DateTime}, {"TimeGenerated", ColumnKind::String}}};
  EXPECT_EQ(table.time_column()->name, "Timestamp");
  table.columns[1].kind = ColumnKind::DateTime;
  EXPECT_EQ(table.time_column()->name, "TimeGenerated");
  table.columns.clear();
  EXPECT_EQ(table.time_column(), nullptr);
}

TEST_F(EventTablesOf, AreThereAgain) {
  const Folder folder;
  EventTable table = every_kind("T");
  table.retention_days = 90;
  table.columns[5].shared_texts = true;
  {
    const auto engine = open({.data_directory = folder.text()});
    ASSERT_NE(engine, nullptr);
    EventTables tables = *EventTables::open(*engine);
    EXPECT_TRUE(tables.tables().empty());
    ASSERT_EQ(said(tables.create(table)), "done");
    const std::vector<EventColumn> more = {
        {.name = "More", .kind = ColumnKind::Dynamic, .shared_texts = true}};
    ASSERT_EQ(said(tables.add_columns("T", more)), "done");
    table.columns.push_back(more[0]);
  }
  const auto engine = open({.data_directory = folder.text()});
  ASSERT_NE(engine, nullptr);
  EventTables tables = *EventTables::open(*engine);
  const EventTable* const found = tables.find("T");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->retention_days, 90);
  ASSERT_EQ(found->columns.size(), table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    EXPECT_EQ(found->columns[i].name, table.columns[i].name);
    EXPECT_EQ(found->columns[i].kind, table.columns[i].kind);
    EXPECT_EQ(found->columns[i].shared_texts, table.columns[i].shared_texts);
  }
  ASSERT_EQ(said(tables.set_retention("T", 0)), "done");
  EXPECT_EQ(EventTables::open(*engine)->find("T")->retention_days, 0);
  ASSERT_EQ(said(tables.drop("T")), "done");
  EXPECT_EQ(tables.find("T"), nullptr);
  EXPECT_TRUE(EventTables::open(*engine)->tables().empty());
}

TEST_F(EventTablesOf, KeepEveryKindOfCell) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EventTables tables = *EventTables::open(*engine);
  const EventTable table = every_kind("T");
  ASSERT_EQ(said(tables.create(table)), "done");
  Block rows = empty_block(table);
  append(rows.columns[0], true);
  append(rows.columns[1], std::int32_t{-7});
  append(rows.columns[2], std::numeric_limits<std::int64_t>::min());
  append(rows.columns[3], 0.5);
  append(rows.columns[4], "12.5");
  append(rows.columns[5], "text");
  append(rows.columns[6], std::int64_t{0});
  append(rows.columns[7], std::int64_t{-1});
  append(rows.columns[8], "1f0ab5a0-0000-4000-8000-000000000000");
  append(rows.columns[9], R"({"a":1})");
  append(rows.columns[10], kMarch + 1);
  Block nulls = empty_block(table);
  for (Column& column : nulls.columns) {
    if (column.nullable)
      append_null(column);
    else if (column.type() == CellType::String)
      append(column, "");
    else
      append(column, kMarch);
  }
  ASSERT_EQ(said(tables.insert("T", std::move(rows), kMarch)), "done");
  ASSERT_EQ(said(tables.insert("T", std::move(nulls), kMarch + 1)), "done");
  EXPECT_EQ(
      answer(*engine,
             "SELECT of_bool, of_int, of_long, of_real, of_decimal, of_string, of_datetime, of_timespan, "
             "of_guid, of_dynamic, reinterpretAsInt64(TimeGenerated) AS t FROM events.T "
             "ORDER BY rd_received"),
      "of_bool Int32? | of_int Int32? | of_long Int64? | of_real Float64? | of_decimal String? | of_string "
      "String | "
      "of_datetime Int64? | of_timespan Int64? | of_guid String? | of_dynamic String | t Int64\n"
      "1 | -7 | -9223372036854775808 | 0.5 | \"12.5\" | \"text\" | 0 | -1 | "
      "\"1f0ab5a0-0000-4000-8000-000000000000\" | \"{\"a\":1}\" | 17092512000000001\n"
      "- | - | - | - | - | \"\" | - | - | - | \"\" | 17092512000000000\n");
}

TEST_F(EventTablesOf, ColumnsThatARowLacksAreNull) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EventTables tables = *EventTables::open(*engine);
  ASSERT_EQ(said(tables.create({.name = "T", .columns = {{"a", ColumnKind::Long}}})), "done");
  Block rows = make_block(std::vector<ColumnShape>{{"a", CellType::Int64, true}});
  append(rows.columns[0], std::int64_t{1});
  ASSERT_EQ(said(tables.insert("T", rows, kMarch)), "done");
  const std::vector<EventColumn> more = {{"b", ColumnKind::Long}, {"s", ColumnKind::String}};
  ASSERT_EQ(said(tables.add_columns("T", more)), "done");
  ASSERT_EQ(said(tables.insert("T", rows, kMarch + 1)), "done");
  EXPECT_EQ(answer(*engine, "SELECT a, b, s FROM events.T"),
            "a Int64? | b Int64? | s String\n1 | - | \"\"\n1 | - | \"\"\n");
  EXPECT_NE(said(tables.add_columns("T", more)).find("STO0020"), std::string::npos);
  EXPECT_NE(said(tables.create({.name = "T"})).find("STO0020"), std::string::npos);
  EXPECT_NE(said(tables.drop("U")).find("STO0021: there is no table of events U"), std::string::npos);
  rows.columns[0].name = "z";
  EXPECT_NE(said(tables.insert("T", rows, kMarch)).find("STO0015"), std::string::npos);
}

std::string hostile(std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {
      "`",   "'", "\"", "\\", "\0", "\n",  "--",   "/*",           "*/",
      ";",   " ", "%",  "{",  "}",  "$$",  "\xFF", "\xE2\x80\x9C", "DROP TABLE",
      "rd_", "a", ".",  ":",  "?",  "\\'", "\\`",  "null",         "1"};
  static constexpr std::string_view kNul("\0", 1);
  std::string out;
  for (std::size_t i = random() % 8 + 1; i > 0; --i) {
    const std::string_view piece = kPieces[random() % std::size(kPieces)];
    out += piece.empty() ? kNul : piece;
  }
  return out;
}

TEST_F(EventTablesOf, HostileNamesAndTextsComeBackAsTheyWere) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EventTables tables = *EventTables::open(*engine);
  std::mt19937 random(7);
  for (int turn = 0; turn < 40; ++turn) {
    EventTable table{.name = hostile(random)};
    if (tables.find(table.name) != nullptr) continue;
    for (int i = 0; i < 4; ++i)
      if (const std::string name = hostile(random); table.find(name) == nullptr)
        table.columns.push_back({.name = name, .kind = ColumnKind::String, .shared_texts = i % 2 == 0});
    ASSERT_EQ(said(tables.create(table)), "done") << table.name;
    Block rows = empty_block(table);
    for (Column& column : rows.columns)
      append(column, hostile(random));
    ASSERT_EQ(said(tables.insert(table.name, rows, kMarch)), "done") << table.name;
    for (const Column& column : rows.columns) {
      Block want;
      want.columns.push_back(column);
      want.columns[0].name = "x";
      EXPECT_EQ(cells(*engine, table.name, column.name), to_text(want));
      EXPECT_EQ(answer(*engine, "SELECT " + sql_text(std::get<Strings>(column.cells)[0]) + " AS x"),
                to_text(want));
    }
  }
  const EventTables again = *EventTables::open(*engine);
  ASSERT_EQ(again.tables().size(), tables.tables().size());
  for (const auto& [name, table] : tables.tables()) {
    ASSERT_NE(again.find(name), nullptr) << name;
    for (const EventColumn& column : table.columns)
      EXPECT_NE(again.find(name)->find(column.name), nullptr) << column.name;
  }
}

TEST_F(EventTablesOf, RowsOfOneMonthAreOnePart) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EventTables tables = *EventTables::open(*engine);
  ASSERT_EQ(said(tables.create({.name = "T", .columns = {{"TimeGenerated", ColumnKind::DateTime}}})), "done");
  const auto insert = [&](std::vector<std::int64_t> times) {
    Block rows = make_block(std::vector<ColumnShape>{{"TimeGenerated", CellType::Int64, false}});
    for (const std::int64_t time : times)
      append(rows.columns[0], time);
    return said(tables.insert("T", std::move(rows), kMarch));
  };
  // Whole months by our count are whole months by the engine's, also before 1970, where it counts backwards.
  for (const int year : {1900, 1901, 1969, 1970, 2024, 2105, 2106, 2107, 2262, 2299})
    for (int month = 1; month <= 12; ++month) {
      const std::int64_t first = instant_of({.year = year, .month = month})->ticks;
      const std::int64_t end = add_months(Instant{first}, 1)->ticks;
      ASSERT_EQ(partition_of(first), partition_of(end - 1));
      ASSERT_EQ(insert({first, first + 1, end - 1, first + kDay}), "done") << year << " " << month;
    }
  EXPECT_NE(insert({kMarch, kMarch - 1}).find("STO0010"), std::string::npos);
  EXPECT_EQ(answer(*engine, "SELECT count() AS c FROM events.T"), "c Int64\n480\n");
  EXPECT_EQ(tables.size("T")->rows, 480U);
  EXPECT_EQ(*tables.size("T")->first_time, kFirstEventTime);
  EXPECT_EQ(*tables.size("T")->last_time, kEventTimesEnd - 1);
}

TEST_F(EventTablesOf, RowsAreFoundAndTakenAwayByWhenTheyWereReceived) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EventTables tables = *EventTables::open(*engine);
  ASSERT_EQ(said(tables.create({.name = "T", .columns = {{"a", ColumnKind::Long}}})), "done");
  Block rows = make_block(std::vector<ColumnShape>{{"a", CellType::Int64, true}});
  for (std::int64_t i = 0; i < 1'000; ++i)
    append(rows.columns[0], i);
  for (const std::int64_t received : {0, 1, 5})
    ASSERT_EQ(said(tables.insert("T", rows, kMarch + received)), "done");
  EXPECT_EQ(*tables.received("T", kMarch + 1, kMarch + 6),
            (std::map<std::int64_t, std::uint64_t>{{kMarch + 1, 1'000}, {kMarch + 5, 1'000}}));
  ASSERT_EQ(said(tables.remove_received("T", kMarch + 1, kMarch + 6)), "done");
  EXPECT_EQ(answer(*engine, "SELECT count() AS c FROM events.T"), "c Int64\n1000\n");
  EXPECT_TRUE(tables.received("T", kMarch + 1, kMarch + 6)->empty());
}

TEST_F(EventTablesOf, OldRowsGo) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EventTables tables = *EventTables::open(*engine);
  ASSERT_EQ(said(tables.create(
                {.name = "T", .columns = {{"TimeGenerated", ColumnKind::DateTime}}, .retention_days = 30})),
            "done");
  const std::int64_t times[] = {now().ticks - 40 * kDay, now().ticks - 20 * kDay};
  for (const std::int64_t time : times) {
    Block rows = make_block(std::vector<ColumnShape>{{"TimeGenerated", CellType::Int64, false}});
    append(rows.columns[0], time);
    ASSERT_EQ(said(tables.insert("T", std::move(rows), kMarch)), "done");
  }
  ASSERT_EQ(run(*engine, "OPTIMIZE TABLE events.T FINAL"), "done");
  EXPECT_EQ(*tables.size("T")->first_time, times[1]);
}

}  // namespace
}  // namespace redoubt::store

#include <gtest/gtest.h>

#include <vector>

#include "engine_fixture.h"
#include "store/event_ddl_text.h"
#include "store/event_tables.h"
#include "store/sql_text.h"

namespace redoubt::store {
namespace {

using EventDdl = EngineTest;

std::vector<EventTable> tables() {
  EventTable every{
      .name = "Every", .columns = {{"TimeGenerated", ColumnKind::DateTime}}, .retention_days = 90};
  for (const char* kind :
       {"bool", "int", "long", "real", "decimal", "string", "datetime", "timespan", "guid", "dynamic"})
    every.columns.push_back({std::string("of ") + kind, *find_column_kind(kind), true, true});
  const EventTable hostile{.name = "x`; DROP TABLE y; -- '\\\n",
                           .columns = {{"a`b'\\\"", ColumnKind::String}, {"", ColumnKind::Long}}};
  return {every, hostile};
}

std::vector<std::string> statements(std::string_view cluster) {
  const std::vector<EventTable> all = tables();
  std::vector<const EventTable*> pointers;
  for (const EventTable& table : all)
    pointers.push_back(&table);
  return table_statements(pointers, cluster);
}

TEST_F(EventDdl, IsAcceptedByTheParser) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  for (const std::string_view cluster : {"", "logs", "o'ne `two`"})
    for (const std::string& statement : statements(cluster)) {
      const std::string said = answer(*engine, "SELECT formatQuery(" + sql_text(statement) + ") != '' AS ok");
      EXPECT_EQ(said, "ok Int32\n1\n") << statement;
    }
  EXPECT_EQ(statements("logs").size(), 6u);
}

TEST_F(EventDdl, MakesWhatIsFoundAgain) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  for (const std::string& statement : statements(""))
    EXPECT_EQ(run(*engine, statement), "done") << statement;
  const EventTables found = *EventTables::open(*engine);
  for (const EventTable& table : tables()) {
    const EventTable* const there = found.find(table.name);
    ASSERT_NE(there, nullptr) << table.name;
    EXPECT_EQ(there->columns.size(), table.columns.size());
    EXPECT_EQ(there->retention_days, table.retention_days);
    EXPECT_EQ(there->cluster, "");
    EXPECT_TRUE(there->has_writers);
  }
}

TEST_F(EventDdl, RowsOfOtherWritersStay) {
  const auto engine = open();
  ASSERT_NE(engine, nullptr);
  EventTables one = *EventTables::open(*engine);
  one.place({.writer = "one"});
  ASSERT_TRUE(one.create({.name = "T", .columns = {{"n", ColumnKind::Long}}}));
  EventTables two = *EventTables::open(*engine);
  two.place({.writer = "two"});
  const auto rows = [](std::int64_t n) {
    Block out = make_block(std::vector<ColumnShape>{{"n", CellType::Int64, true}});
    append(out.columns[0], n);
    return out;
  };
  constexpr std::int64_t kReceived = 638'448'480'000'000'000;
  ASSERT_TRUE(one.insert("T", rows(1), kReceived));
  ASSERT_TRUE(two.insert("T", rows(2), kReceived));
  EXPECT_EQ(one.received("T", kReceived, kReceived + 1)->size(), 1u);
  ASSERT_TRUE(one.remove_received("T", kReceived, kReceived + 1));
  EXPECT_EQ(answer(*engine, "SELECT n FROM events.T"), "n Int64?\n2\n");
  EXPECT_TRUE(one.received("T", kReceived, kReceived + 1)->empty());
}

}  // namespace
}  // namespace redoubt::store

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine_fixture.h"
#include "store/event_tables.h"
#include "store/sql_text.h"

namespace redoubt::store {
namespace {

/// Has no rows of anything, and remembers what it was asked.
class Recorder final : public EventEngine {
 public:
  Result<QueryStatistics> query(const Query& query, const BlockSink&, const std::stop_token&) override {
    asked.push_back(query);
    return QueryStatistics{};
  }
  Result<QueryStatistics> execute(const Query& statement, const std::stop_token&) override {
    asked.push_back(statement);
    return QueryStatistics{};
  }
  Result<void> end_statements(std::string_view) override { return {}; }
  Result<void> sync() override { return {}; }
  std::string version() const override { return "recorder"; }

  std::vector<Query> take() { return std::exchange(asked, {}); }
  std::vector<Query> asked;
};

constexpr std::int64_t kReceived = 638'448'480'000'000'000;

Block one_row() {
  Block out = make_block(std::vector<ColumnShape>{{"n", CellType::Int64, true}});
  append(out.columns[0], std::int64_t{1});
  return out;
}

/// What a table of a cluster is made of, is changed by and ends with.
std::vector<Query> everything(Recorder& engine) {
  EventTables tables = *EventTables::open(engine);
  tables.place({.writer = "w1", .cluster = "logs"});
  const std::vector<EventColumn> more = {{"t", ColumnKind::String, true}};
  EXPECT_TRUE(tables.create({.name = "T", .columns = {{"n", ColumnKind::Long}}, .retention_days = 3}));
  EXPECT_TRUE(tables.add_columns("T", more));
  EXPECT_TRUE(tables.set_retention("T", 30));
  EXPECT_TRUE(tables.set_retention("T", 0));
  EXPECT_TRUE(tables.insert("T", one_row(), kReceived, {}, "load-1"));
  EXPECT_TRUE(tables.received("T", kReceived, kReceived + 1));
  EXPECT_TRUE(tables.remove_received("T", kReceived, kReceived + 1));
  EXPECT_TRUE(tables.row_counts());
  EXPECT_TRUE(tables.damaged_parts());
  EXPECT_TRUE(tables.drop("T"));
  return engine.take();
}

std::vector<const Query*> those_with(const std::vector<Query>& all, std::string_view text) {
  std::vector<const Query*> out;
  for (const Query& one : all)
    if (one.sql.find(text) != std::string::npos) out.push_back(&one);
  return out;
}

TEST(ClusterTables, AreChangedOnAllServers) {
  Recorder engine;
  const std::vector<Query> all = everything(engine);
  EXPECT_EQ(those_with(all, "CREATE ").size(), 4u);
  EXPECT_EQ(those_with(all, "ADD COLUMN").size(), 2u);
  EXPECT_EQ(those_with(all, "ALTER TABLE `events_parts`.`T` ON CLUSTER `logs` MODIFY TTL").size(), 1u);
  EXPECT_EQ(those_with(all, "ALTER TABLE `events_parts`.`T` ON CLUSTER `logs` REMOVE TTL").size(), 1u);
  EXPECT_EQ(those_with(all, "DROP TABLE").size(), 2u);
  EXPECT_EQ(those_with(all, "cluster('logs', system.parts)").size(), 1u);
  EXPECT_EQ(those_with(all, "cluster('logs', system.detached_parts)").size(), 1u);
  for (const char* word : {"CREATE ", "ALTER ", "DROP "})
    for (const Query* one : those_with(all, word))
      EXPECT_NE(one->sql.find(" ON CLUSTER `logs`"), std::string::npos) << one->sql;
}

TEST(ClusterTables, LoadsWaitForTheirShardAndMayBeSentAgain) {
  Recorder engine;
  const std::vector<Query> all = everything(engine);
  const std::vector<const Query*> inserts = those_with(all, "INSERT INTO `events`.`T`");
  ASSERT_EQ(inserts.size(), 1u);
  EXPECT_NE(inserts[0]->sql.find("distributed_foreground_insert = 1"), std::string::npos);
  EXPECT_EQ(inserts[0]->deduplication_token, "w1-638448480000000000");
  EXPECT_EQ(inserts[0]->mark, "load-1");
  const std::vector<const Query*> removals = those_with(all, "DELETE WHERE");
  ASSERT_EQ(removals.size(), 1u);
  EXPECT_NE(removals[0]->sql.find("rd_writer = 'w1'"), std::string::npos);
  EXPECT_NE(removals[0]->sql.find("mutations_sync = 2"), std::string::npos);
}

TEST(ClusterTables, TablesOfOneServerRememberNoInserts) {
  Recorder engine;
  EventTables tables = *EventTables::open(engine);
  tables.place({.writer = "w1"});
  ASSERT_TRUE(tables.create({.name = "T", .columns = {{"n", ColumnKind::Long}}}));
  ASSERT_TRUE(tables.insert("T", one_row(), kReceived));
  EXPECT_EQ(engine.asked.back().deduplication_token, "");
  EXPECT_TRUE(those_with(engine.asked, "CLUSTER").empty());
}

using ClusterStatements = EngineTest;

TEST_F(ClusterStatements, AreAcceptedByTheParser) {
  const auto parser = open();
  ASSERT_NE(parser, nullptr);
  Recorder engine;
  for (const Query& one : everything(engine))
    EXPECT_EQ(answer(*parser, "SELECT formatQuery(" + sql_text(one.sql) + ") != '' AS ok"), "ok Int32\n1\n")
        << one.sql;
}

}  // namespace
}  // namespace redoubt::store

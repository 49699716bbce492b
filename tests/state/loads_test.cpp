#include "state/loads.h"

#include <gtest/gtest.h>

#include <fstream>

#include "folder.h"

namespace redoubt::state {
namespace {

constexpr Instant kNow{638'448'480'000'000'000};

LoadSource source(std::string fingerprint = "1234", std::string events = "T") {
  return {std::move(events), "file.json", std::move(fingerprint), 1};
}

TEST(StateLoads, AreFoundByTheirContent) {
  const Folder folder;
  Loads loads = *Loads::open(folder.text());
  EXPECT_FALSE(*loads.find(source()));
  const Load begun = *loads.begin(source(), kNow);
  EXPECT_EQ(begun.received, kNow);
  ASSERT_TRUE(loads.find(source())->has_value());
  EXPECT_FALSE((*loads.find(source()))->ended);
  EXPECT_FALSE(*loads.find(source("5678")));
  EXPECT_FALSE(*loads.find(source("1234", "U")));
  ASSERT_TRUE(loads.end(begun.id, 42, Instant{kNow.ticks + 5}));
  const Load ended = **loads.find(source());
  EXPECT_EQ(ended.ended->ticks, kNow.ticks + 5);
  EXPECT_EQ(ended.rows, 42);
  EXPECT_EQ(ended.source.name, "file.json");
}

TEST(StateLoads, WithoutContentAreNeverFound) {
  const Folder folder;
  Loads loads = *Loads::open(folder.text());
  ASSERT_TRUE(loads.begin(source(""), kNow));
  EXPECT_FALSE(*loads.find(source("")));
  EXPECT_EQ(loads.unfinished()->size(), 1U);
}

TEST(StateLoads, HaveNoTickInCommon) {
  const Folder folder;
  Loads loads = *Loads::open(folder.text());
  std::int64_t last = 0;
  // Also where the clock stands still, or goes back.
  for (const std::int64_t now : {0, 0, -1'000'000, 5'000'000}) {
    const Load load = *loads.begin(source(std::to_string(last)), Instant{kNow.ticks + now});
    EXPECT_GE(load.received.ticks, last);
    last = load.received.ticks + kLoadPieces;
  }
}

TEST(StateLoads, OutliveTheirConnection) {
  const Folder folder;
  ASSERT_TRUE(Loads::open(folder.text())->begin(source(), kNow));
  Loads loads = *Loads::open(folder.text());
  ASSERT_EQ(loads.unfinished()->size(), 1U);
  ASSERT_TRUE(loads.restart(1, 7));
  EXPECT_EQ(loads.unfinished()->front().source.method, 7);
  ASSERT_TRUE(loads.forget_events("U"));
  EXPECT_EQ(loads.unfinished()->size(), 1U);
  ASSERT_TRUE(loads.forget_events("T"));
  EXPECT_TRUE(loads.unfinished()->empty());
}

void load(Loads& loads, std::int64_t rows, const std::string& fingerprint) {
  const Load begun = *loads.begin(source(fingerprint), kNow);
  ASSERT_TRUE(loads.end(begun.id, rows, kNow));
}

// Of what was loaded while rows went by age, only what stayed is counted on.
TEST(StateLoads, CountRowsThatLast) {
  const Folder folder;
  Loads loads = *Loads::open(folder.text());
  load(loads, 40, "a");
  EXPECT_EQ(loads.lasting_rows()->at("T"), 40U);
  ASSERT_TRUE(loads.keep("T", 7));
  EXPECT_EQ(loads.lasting_rows()->at("T"), 7U);
  load(loads, 5, "b");
  EXPECT_EQ(loads.lasting_rows()->at("T"), 12U);
  ASSERT_TRUE(loads.keep("T", 0));
  EXPECT_EQ(loads.lasting_rows()->at("T"), 0U);
  ASSERT_TRUE(loads.forget_events("T"));
  load(loads, 3, "c");
  EXPECT_EQ(loads.lasting_rows()->at("T"), 3U);
}

// What is taken away of a load that did not end may have been among the rows that stayed.
TEST(StateLoads, CountNoRowsOnceALoadOfBeforeIsTakenAway) {
  for (const bool anew : {false, true}) {
    const Folder folder;
    Loads loads = *Loads::open(folder.text());
    const Load cut_short = *loads.begin(source("a"), kNow);
    ASSERT_TRUE(loads.keep("T", 7));
    load(loads, 5, "b");
    ASSERT_TRUE(anew ? loads.restart(cut_short.id, 1) : loads.forget(cut_short.id));
    EXPECT_EQ(loads.lasting_rows()->at("T"), 5U);
  }
}

// A ledger of before knows no rows that lasted.
TEST(StateLoads, OfAnOlderVersionAreKept) {
  const Folder folder;
  {
    Loads loads = *Loads::open(folder.text());
    load(loads, 40, "a");
    Database database = *Database::open(folder.text() + "/state.db", Access::Write);
    ASSERT_TRUE(database.execute("DROP TABLE kept_rows; PRAGMA user_version = 3"));
  }
  EXPECT_EQ((*Loads::open_to_read(folder.text()))->lasting_rows()->at("T"), 40U);
}

TEST(StateLoads, AreReadWhereThereAreAny) {
  const Folder folder;
  EXPECT_FALSE(*Loads::open_to_read(folder.text()));
  ASSERT_TRUE(Loads::open(folder.text())->begin(source(), kNow));
  EXPECT_EQ((*Loads::open_to_read(folder.text()))->unfinished()->size(), 1U);
}

}  // namespace
}  // namespace redoubt::state

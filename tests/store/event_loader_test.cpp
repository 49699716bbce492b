#include "store/event_loader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/time.h"
#include "engine_fixture.h"

namespace redoubt::store {
namespace {

constexpr Instant kNow{638'448'480'000'000'000};  // 2024-03-01
constexpr std::int64_t kDay = 864'000'000'000;
constexpr PieceSize kSmall{.rows = 100, .bytes = 1 << 20};

class EventLoaderOf : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    engine_ = open({.data_directory = folder_ / "events"});
    ASSERT_NE(engine_, nullptr);
    tables_.emplace(*EventTables::open(*engine_));
    loads_.emplace(*state::Loads::open(folder_.text()));
    ASSERT_TRUE(tables_->create(
        {.name = "T", .columns = {{"TimeGenerated", ColumnKind::DateTime}, {"n", ColumnKind::Long}}}));
  }

  static state::LoadSource source(std::string fingerprint = "a", std::int64_t method = kPieceMethod) {
    return {"T", "file", std::move(fingerprint), method};
  }

  EventLoader begin(const state::LoadSource& of = source(), bool again = false) {
    EventLoader out = *EventLoader::begin(*tables_, *loads_, of, kNow, again);
    out.set_piece_size(kSmall);
    return out;
  }

  /// Rows from `first` on, over three months.
  static Block rows(std::int64_t first, std::int64_t count) {
    Block out = make_block(
        std::vector<ColumnShape>{{"TimeGenerated", CellType::Int64, true}, {"n", CellType::Int64, true}});
    for (std::int64_t n = first; n < first + count; ++n) {
      append(out.columns[0], kNow.ticks + (n % 3) * 31 * kDay + n);
      append(out.columns[1], n);
    }
    return out;
  }

  /// Hands over rows in blocks until so many are; `finish` says whether it ends well.
  void load(EventLoader& loader, std::int64_t until, bool finish) {
    for (std::int64_t first = 0; first < until; first += 70)
      ASSERT_TRUE(loader.add(rows(first, std::min<std::int64_t>(70, until - first))));
    if (!finish) return;
    ASSERT_TRUE(loader.finish(kNow, false));
  }

  std::string counts() {
    return answer(*engine_, "SELECT count() AS c, uniqExact(n) AS u, max(n) AS m FROM events.T");
  }

  Folder folder_;
  std::unique_ptr<EmbeddedEngine> engine_;
  std::optional<EventTables> tables_;
  std::optional<state::Loads> loads_;
};

constexpr std::string_view kThousand = "c Int64 | u Int64 | m Int64?\n1000 | 1000 | 999\n";

TEST_F(EventLoaderOf, BringsEveryRow) {
  EventLoader loader = begin();
  load(loader, 1'000, true);
  EXPECT_EQ(counts(), kThousand);
  EXPECT_EQ(loader.rows(), 1'000U);
  EXPECT_TRUE(loads_->unfinished()->empty());
}

TEST_F(EventLoaderOf, KnowsWhatWasLoaded) {
  EventLoader first = begin();
  load(first, 1'000, true);
  EXPECT_TRUE(begin().was_loaded());
  EXPECT_FALSE(begin(source("b")).was_loaded());
  EventLoader again = begin(source(), true);
  EXPECT_FALSE(again.was_loaded());
  load(again, 1'000, true);
  EXPECT_EQ(counts(), "c Int64 | u Int64 | m Int64?\n2000 | 1000 | 999\n");
}

TEST_F(EventLoaderOf, GoesOnWhereItWasBrokenOff) {
  for (const std::int64_t broken_after : {0, 70, 210, 350, 630, 980}) {
    EventLoader loader = begin();
    load(loader, broken_after, false);
  }
  EventLoader last = begin();
  EXPECT_TRUE(last.goes_on());
  load(last, 1'000, true);
  EXPECT_GT(last.found_rows(), 0U);
  EXPECT_EQ(counts(), kThousand);
}

TEST_F(EventLoaderOf, GoesOnBehindAHole) {
  EventLoader broken = begin();
  load(broken, 700, false);
  // As if two of them had been inserted at once, and only the second were there.
  const std::int64_t received = broken.load().received.ticks;
  ASSERT_TRUE(tables_->remove_received("T", received + 1, received + 2));
  EventLoader last = begin();
  load(last, 1'000, true);
  EXPECT_EQ(counts(), kThousand);
}

TEST_F(EventLoaderOf, StartsAnewWhereRowsBecomeOtherPieces) {
  EventLoader broken = begin(source("a", kPieceMethod - 1));
  load(broken, 700, false);
  EventLoader last = begin();
  EXPECT_EQ(counts(), "c Int64 | u Int64 | m Int64?\n0 | 0 | -\n");
  load(last, 1'000, true);
  EXPECT_EQ(counts(), kThousand);
}

TEST_F(EventLoaderOf, SaysThatOtherRowsWereThere) {
  EventLoader broken = begin();
  load(broken, 700, false);
  EventLoader last = begin();
  last.set_piece_size({.rows = 90, .bytes = 1 << 20});
  Result<void> done;
  for (std::int64_t first = 0; done && first < 1'000; first += 50)
    done = last.add(rows(first, 50));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "STO0023");
  ASSERT_TRUE(last.restart());
  load(last, 1'000, true);
  EXPECT_EQ(counts(), kThousand);
}

TEST_F(EventLoaderOf, TakesAwayWhatCantBeGoneOnWith) {
  for (const char* fingerprint : {"", "a"}) {
    EventLoader broken = begin(source(fingerprint));
    load(broken, 700, false);
  }
  EventLoader other = begin({"T", "other", "c", kPieceMethod});
  load(other, 700, false);
  // The file has another content since; that of another name may yet be gone on with.
  EventLoader last = begin(source("b"));
  load(last, 1'000, true);
  ASSERT_EQ(loads_->unfinished()->size(), 1U);
  EXPECT_EQ(loads_->unfinished()->front().source.name, "other");
  EventLoader rest = begin({"T", "other", "c", kPieceMethod});
  load(rest, 1'000, true);
  EXPECT_EQ(counts(), "c Int64 | u Int64 | m Int64?\n2000 | 1000 | 999\n");
}

TEST_F(EventLoaderOf, ForgetsATableThatIsGone) {
  EventLoader first = begin();
  load(first, 100, true);
  const EventTable table = *tables_->find("T");
  ASSERT_TRUE(tables_->drop("T"));
  EventLoader again = begin();
  EXPECT_FALSE(again.was_loaded());
  ASSERT_TRUE(tables_->create(table));
  load(again, 1'000, true);
  EXPECT_EQ(counts(), kThousand);
}

TEST_F(EventLoaderOf, ForgetsALoadThatBroughtNothing) {
  ASSERT_TRUE(begin().give_up());
  EXPECT_TRUE(loads_->unfinished()->empty());
  EventLoader some = begin();
  load(some, 700, false);
  ASSERT_TRUE(some.give_up());
  EXPECT_EQ(loads_->unfinished()->size(), 1U);
}

TEST_F(EventLoaderOf, GivesRowsWithoutATimeThatOfTheLoad) {
  EventLoader loader = begin();
  Block some = make_block(
      std::vector<ColumnShape>{{"TimeGenerated", CellType::Int64, true}, {"n", CellType::Int64, true}});
  append_null(some.columns[0]);
  for (const std::int64_t time : {kFirstEventTime - 1, kFirstEventTime, kEventTimesEnd - 1, kEventTimesEnd})
    append(some.columns[0], time);
  for (std::int64_t n = 0; n < 5; ++n)
    append(some.columns[1], n);
  ASSERT_TRUE(loader.add(some));
  Block none = make_block(std::vector<ColumnShape>{{"n", CellType::Int64, true}});
  append(none.columns[0], std::int64_t{5});
  ASSERT_TRUE(loader.add(none));
  ASSERT_TRUE(loader.finish(kNow, true));
  EXPECT_EQ(loader.untimed_rows(), 4U);
  EXPECT_EQ(answer(*engine_, "SELECT n, toString(TimeGenerated) AS t FROM events.T ORDER BY n"),
            "n Int64? | t String\n"
            "0 | \"2024-03-01 00:00:00.0000000\"\n"
            "1 | \"2024-03-01 00:00:00.0000000\"\n"
            "2 | \"1900-01-01 00:00:00.0000000\"\n"
            "3 | \"2299-12-31 23:59:59.9999999\"\n"
            "4 | \"2024-03-01 00:00:00.0000000\"\n"
            "5 | \"2024-03-01 00:00:00.0000000\"\n");
}

TEST_F(EventLoaderOf, OneTableIsFilledByManyLoads) {
  for (int turn = 0; turn < 5; ++turn) {
    EventLoader loader = begin(source(std::to_string(turn)));
    load(loader, 200, true);
  }
  EXPECT_EQ(answer(*engine_, "SELECT count() AS c, uniqExact(rd_received) AS r FROM events.T"),
            "c Int64 | r Int64\n1000 | 15\n");
}

}  // namespace
}  // namespace redoubt::store

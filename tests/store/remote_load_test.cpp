#include <gtest/gtest.h>

#include <vector>

#include "remote_fixture.h"
#include "state/loads.h"
#include "store/event_loader.h"

namespace redoubt::store {
namespace {

constexpr Instant kNow{638'448'480'000'000'000};  // 2024-03-01
constexpr std::int64_t kRows = 1'000;

/// Loads into a server that loses answers.
class RemoteLoad : public RemoteTest {
 protected:
  void SetUp() override {
    RemoteTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    front_ = serve();
    ASSERT_NE(front_, nullptr);
    engine_ = connect(*front_);
    ASSERT_NE(engine_, nullptr);
    tables_.emplace(*EventTables::open(*engine_));
    loads_.emplace(*state::Loads::open(folder_.text()));
    tables_->place({.writer = *loads_->writer()});
    ASSERT_TRUE(tables_->create({.name = "T", .columns = {{"n", ColumnKind::Long}}}));
  }

  EventLoader begin() {
    EventLoader out = *EventLoader::begin(*tables_, *loads_, {"T", "file", "a", kPieceMethod}, kNow);
    out.set_piece_size({.rows = 100, .bytes = 1 << 20});
    return out;
  }

  static Block rows(std::int64_t first, std::int64_t count) {
    Block out = make_block(std::vector<ColumnShape>{{"n", CellType::Int64, true}});
    for (std::int64_t n = first; n < first + count; ++n)
      append(out.columns[0], n);
    return out;
  }

  static Result<void> add_all(EventLoader& loader) {
    for (std::int64_t first = 0; first < kRows; first += 100) {
      RD_TRY(loader.add(rows(first, 100)));
    }
    return loader.finish(kNow, true);
  }

  std::string counts() { return answer(*engine_, "SELECT count() AS c, uniqExact(n) AS u FROM events.T"); }

  Folder folder_;
  std::unique_ptr<front::ClickHouseFront> front_;
  std::unique_ptr<RemoteEngine> engine_;
  std::optional<EventTables> tables_;
  std::optional<state::Loads> loads_;
};

constexpr const char* kAll = "c Int64 | u Int64\n1000 | 1000\n";

TEST_F(RemoteLoad, LostAnswersAreLookedFor) {
  EventLoader loader = begin();
  front_->faults().drop_answer = 1;
  ASSERT_TRUE(add_all(loader));
  EXPECT_EQ(counts(), kAll);
}

TEST_F(RemoteLoad, LostRequestsAreSentAgain) {
  EventLoader loader = begin();
  front_->faults().drop = 2;
  ASSERT_TRUE(add_all(loader));
  EXPECT_EQ(counts(), kAll);
}

TEST_F(RemoteLoad, GoesOnWhereItBrokeOff) {
  {
    EventLoader loader = begin();
    for (std::int64_t first = 0; first < 500; first += 100)
      ASSERT_TRUE(loader.add(rows(first, 100)));
    // The server is gone for good.
    front_->faults().drop = 1'000;
    EXPECT_FALSE(loader.add(rows(500, 100)));
    front_->faults().drop = 0;
  }
  EventLoader loader = begin();
  EXPECT_TRUE(loader.goes_on());
  ASSERT_TRUE(add_all(loader));
  EXPECT_EQ(loader.found_rows(), 500u);
  EXPECT_EQ(counts(), kAll);
  EXPECT_TRUE(begin().was_loaded());
}

TEST_F(RemoteLoad, LedgersHaveIdsOfTheirOwn) {
  const Folder other;
  const std::string here = *loads_->writer();
  EXPECT_EQ(here.size(), 32u);
  EXPECT_EQ(*state::Loads::open(folder_.text())->writer(), here);
  EXPECT_NE(*state::Loads::open(other.text())->writer(), here);
}

}  // namespace
}  // namespace redoubt::store

#include "core/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <set>

namespace redoubt {
namespace {

class ThreadPoolSizes : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolSizes, ::testing::Values(1, 2, 3, 8));

TEST_P(ThreadPoolSizes, CallsEveryItemOnce) {
  ThreadPool pool(GetParam());
  EXPECT_EQ(pool.size(), GetParam());
  for (std::size_t count : {0U, 1U, 2U, 1000U}) {
    std::vector<int> calls(count);
    EXPECT_TRUE(pool.parallel_for(count, [&](std::size_t index) { ++calls[index]; }));
    EXPECT_EQ(calls, std::vector<int>(count, 1));
  }
}

TEST_P(ThreadPoolSizes, ManyShortLoopsFollowEachOther) {
  ThreadPool pool(GetParam());
  std::atomic<std::size_t> sum{0};
  for (int i = 0; i < 2000; ++i)
    pool.parallel_for(3, [&](std::size_t index) { sum += index; });
  EXPECT_EQ(sum, 6000U);
}

TEST_P(ThreadPoolSizes, WorkersKeepTheirMemoryToThemselves) {
  ThreadPool pool(GetParam());
  std::vector<std::size_t> sums(pool.size());
  pool.parallel_for_workers(10'000, [&](std::size_t index, std::size_t worker) { sums.at(worker) += index; });
  EXPECT_EQ(std::accumulate(sums.begin(), sums.end(), std::size_t{0}), 49'995'000U);
}

TEST_P(ThreadPoolSizes, LoopInsideALoopRuns) {
  ThreadPool pool(GetParam());
  std::atomic<int> calls{0};
  // Often, because an inner loop may begin while the outer one is already waiting for its end.
  for (int i = 0; i < 300; ++i)
    pool.parallel_for(10, [&](std::size_t) { pool.parallel_for(10, [&](std::size_t) { ++calls; }); });
  EXPECT_EQ(calls, 30'000);
}

TEST_P(ThreadPoolSizes, LoopsOfTwoThreadsBothRun) {
  ThreadPool pool(GetParam());
  std::atomic<int> calls{0};
  const auto loop = [&] { pool.parallel_for(1000, [&](std::size_t) { ++calls; }); };
  std::jthread other(loop);
  loop();
  other.join();
  EXPECT_EQ(calls, 2000);
}

TEST_P(ThreadPoolSizes, StopEndsTheLoopEarly) {
  ThreadPool pool(GetParam());
  std::stop_source stop;
  std::atomic<std::size_t> calls{0};
  const bool all = pool.parallel_for(
      1'000'000,
      [&](std::size_t) {
        if (++calls == 10) stop.request_stop();
      },
      stop.get_token());
  EXPECT_FALSE(all);
  EXPECT_GE(calls, 10U);
  EXPECT_LE(calls, 10U + pool.size());
}

TEST(ThreadPool, HasAThreadForEveryProcessor) { EXPECT_GE(ThreadPool().size(), 1U); }

TEST(ThreadPoolDeathTest, ThrowingBodyEndsTheProgram) {
  EXPECT_DEATH(ThreadPool(1).parallel_for(1, [](std::size_t) { throw 1; }), "");
}

}  // namespace
}  // namespace redoubt

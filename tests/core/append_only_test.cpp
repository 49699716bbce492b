#include "core/append_only.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace redoubt {
namespace {

TEST(AppendOnly, KeepsEveryElementInItsPlace) {
  AppendOnly<std::size_t> list;
  const std::size_t* first = nullptr;
  for (std::size_t i = 0; i < 100'000; ++i) {
    ASSERT_EQ(list.append(i * 3), i);
    if (i == 0) first = &list.at(0);
  }
  EXPECT_EQ(list.size(), 100'000U);
  EXPECT_EQ(first, &list.at(0));
  for (std::size_t i = 0; i < 100'000; ++i)
    ASSERT_EQ(list.at(i), i * 3);
}

TEST(AppendOnly, IsReadWhileItGrows) {
  AppendOnly<std::size_t> list;
  std::atomic<std::size_t> known{0};
  std::thread reader([&] {
    for (std::size_t seen = 0; seen < 50'000;) {
      seen = known.load(std::memory_order_acquire);
      for (std::size_t i = seen > 100 ? seen - 100 : 0; i < seen; ++i)
        ASSERT_EQ(list.at(i), i);
    }
  });
  for (std::size_t i = 0; i < 50'000; ++i) {
    list.append(i);
    known.store(i + 1, std::memory_order_release);
  }
  reader.join();
}

}  // namespace
}  // namespace redoubt

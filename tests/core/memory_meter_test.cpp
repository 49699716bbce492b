#include "core/memory_meter.h"

#include <gtest/gtest.h>

#include <new>
#include <string>
#include <thread>
#include <vector>

namespace redoubt {
namespace {

constexpr std::uint64_t kMegabyte = 1 << 20;

TEST(MemoryMeter, CountsWhatIsHeld) {
  const MemoryMeter meter(0);
  {
    const std::vector<char> held(10 * kMegabyte);
    EXPECT_GE(meter.bytes(), 10 * kMegabyte);
    EXPECT_LT(meter.bytes(), 11 * kMegabyte);
  }
  EXPECT_LT(meter.bytes(), kMegabyte);
}

TEST(MemoryMeter, RefusesWhatIsPastTheLimit) {
  if (!kMemoryIsBounded) GTEST_SKIP() << "under a sanitizer nothing fails";
  const MemoryMeter meter(4 * kMegabyte);
  EXPECT_THROW(std::vector<char>(5 * kMegabyte), std::bad_alloc);
  std::string text;
  const auto grow = [&] {
    for (;;)
      text.append(100'000, 'x');
  };
  EXPECT_THROW(grow(), std::bad_alloc);
  EXPECT_LE(meter.bytes(), 4 * kMegabyte);
  std::string().swap(text);
  EXPECT_NO_THROW(std::vector<char>(3 * kMegabyte));
}

TEST(MemoryMeter, TellsThatItIsExceeded) {
  MemoryMeter meter(0);
  const std::vector<char> held(3 * kMegabyte);
  EXPECT_FALSE(meter.is_exceeded());
  meter.set_max_bytes(4 * kMegabyte);
  EXPECT_FALSE(meter.is_exceeded());
  meter.set_max_bytes(2 * kMegabyte);
  EXPECT_TRUE(meter.is_exceeded());
}

TEST(MemoryMeter, Nests) {
  const MemoryMeter outer(4 * kMegabyte);
  std::vector<char> held;
  {
    const MemoryMeter inner(0);
    held.resize(3 * kMegabyte);
    EXPECT_GE(inner.bytes(), 3 * kMegabyte);
    if (kMemoryIsBounded) {
      EXPECT_THROW(std::vector<char>(2 * kMegabyte), std::bad_alloc);
    }
  }
  EXPECT_GE(outer.bytes(), 3 * kMegabyte);
}

TEST(MemoryMeter, GivesBackWhatCameBefore) {
  std::vector<char> before(3 * kMegabyte);
  const MemoryMeter meter(kMegabyte);
  before = std::vector<char>();
  EXPECT_EQ(meter.bytes(), 0U);
}

TEST(MemoryMeter, IsOfOneThread) {
  const MemoryMeter meter(kMegabyte);
  bool is_done = false;
  std::thread([&] { is_done = std::vector<char>(8 * kMegabyte).size() == 8 * kMegabyte; }).join();
  EXPECT_TRUE(is_done);
  EXPECT_LT(meter.bytes(), kMegabyte / 2);
}

}  // namespace
}  // namespace redoubt

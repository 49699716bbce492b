#include "posture/relations/cells.h"

#include <gtest/gtest.h>

#include <random>

namespace redoubt::posture::relations {
namespace {

constexpr std::size_t kCells = 3;

Box random_box(std::mt19937& random) {
  Box out;
  for (CellSet& set : out) {
    set = CellSet(kCells);
    for (std::size_t i = 0; i < kCells; ++i)
      if (random() % 3 != 0) set.add(i);
  }
  return out;
}

bool holds(const Box& box, const std::array<std::size_t, kDimensions>& point) {
  for (std::size_t i = 0; i < kDimensions; ++i)
    if (!box[i].has(point[i])) return false;
  return true;
}

Cover covered_by(const Box& box, const std::vector<Box>& by, std::size_t steps = 100'000) {
  std::vector<const Box*> all;
  for (const Box& one : by)
    all.push_back(&one);
  return covered(box, all, steps);
}

/// Looks at every point.
bool covered_by_points(const Box& box, const std::vector<Box>& by) {
  std::array<std::size_t, kDimensions> point{};
  for (std::size_t number = 0; number < 243; ++number) {
    std::size_t rest = number;
    for (std::size_t& at : point) {
      at = rest % kCells;
      rest /= kCells;
    }
    if (!holds(box, point)) continue;
    bool any = false;
    for (const Box& one : by)
      any = any || holds(one, point);
    if (!any) return false;
  }
  return true;
}

TEST(Cells, CoverAgreesWithEveryPoint) {
  std::mt19937 random(20'261'126);
  std::size_t yes = 0;
  for (int round = 0; round < 3'000; ++round) {
    const Box box = random_box(random);
    std::vector<Box> by(random() % 12);
    for (Box& one : by)
      one = random_box(random);
    const bool wanted = covered_by_points(box, by);
    yes += wanted ? 1 : 0;
    ASSERT_EQ(covered_by(box, by), wanted ? Cover::Yes : Cover::No) << round;
  }
  EXPECT_GT(yes, 100U);
}

TEST(Cells, AnEmptyBoxIsCovered) {
  Box box;
  for (CellSet& set : box)
    set = CellSet(kCells);
  EXPECT_TRUE(is_empty(box));
  EXPECT_EQ(covered_by(box, {}), Cover::Yes);
}

TEST(Cells, TheLimitIsSaid) {
  std::mt19937 random(1);
  std::vector<Box> by(40);
  for (Box& one : by)
    one = random_box(random);
  Box box;
  for (CellSet& set : box) {
    set = CellSet(kCells);
    for (std::size_t i = 0; i < kCells; ++i)
      set.add(i);
  }
  EXPECT_EQ(covered_by(box, by, 1), Cover::TooMany);
}

}  // namespace
}  // namespace redoubt::posture::relations

#include "core/arena.h"

#include <gtest/gtest.h>

namespace redoubt {
namespace {

TEST(Arena, WhatItHandsOutIsAlignedAndApart) {
  Arena arena;
  for (std::size_t alignment : {1U, 2U, 4U, 8U, 16U}) {
    for (std::size_t bytes : {1U, 3U, 4095U, 5000U, 2'000'000U}) {
      void* memory = arena.allocate(bytes, alignment);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % alignment, 0U);
      std::memset(memory, 0x5A, bytes);
    }
  }
}

TEST(Arena, CopiesStayWhereTheyAreWhenItMoves) {
  Arena arena;
  const std::string_view text = arena.copy(std::string(100'000, 'x'));
  const Arena moved = std::move(arena);
  EXPECT_EQ(text, std::string(100'000, 'x'));
  EXPECT_GE(moved.bytes(), 100'000U);
}

TEST(Arena, MovedFromArenaIsEmptyAndUsable) {
  Arena arena;
  arena.copy(std::string_view("abc"));
  Arena other = std::move(arena);
  arena = Arena();
  EXPECT_EQ(arena.copy(std::string_view("def")), "def");
  EXPECT_EQ(other.copy(std::string_view("ghi")), "ghi");
}

TEST(Arena, MakesValues) {
  struct Pair {
    int first;
    double second;
  };
  Arena arena;
  const Pair* pair = arena.make<Pair>(1, 2.5);
  EXPECT_EQ(pair->first, 1);
  EXPECT_EQ(pair->second, 2.5);
}

}  // namespace
}  // namespace redoubt

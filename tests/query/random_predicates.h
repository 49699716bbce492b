#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "query/run.h"

namespace redoubt::query {

/// Makes conditions over the columns of a result, of which the constants are often values that stand in it:
/// comparisons, text operators, patterns, lists, ranges, null tests, paths into dynamic values, arithmetic of
/// numbers and times, `and`, `or`, `not`.
class PredicateMaker {
 public:
  PredicateMaker(const ResultTable& table, std::uint64_t seed) : table_(table), engine_(seed) {}

  std::string make(int depth);

 private:
  std::string leaf();
  std::string filled(std::string_view text, std::size_t column);
  /// A value of the column; of a type of its own where there is none.
  kql::Value value_of(std::size_t column);
  std::size_t one_of(std::uint64_t count) { return static_cast<std::size_t>(engine_() % count); }

  const ResultTable& table_;
  std::mt19937_64 engine_;
};

}  // namespace redoubt::query

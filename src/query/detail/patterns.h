#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "query/detail/plugin.h"

/// What autocluster, basket and diffpatterns share: rows with the same values in some of their columns.
namespace redoubt::query::detail {

/// Of how many rows, or of what weight, by set; without sets the first is all.
using SetCounts = std::array<double, 2>;

/// The rows of the input as numbers of values, equal ones together.
struct PatternRows {
  std::vector<std::size_t> columns;                ///< the dimensions: which columns of the input
  std::vector<std::vector<std::uint32_t>> values;  ///< by dimension, then by row
  std::vector<std::vector<std::size_t>> examples;  ///< by dimension, then by value: a row of the input
  std::vector<SetCounts> counts;                   ///< by row
  SetCounts totals{};
};

/// Those whose weight is positive. `set_of_row` is 0 or 1, and anything else for rows that are left out.
/// Columns of `left_out` are no dimensions.
Result<PatternRows> pattern_rows(const PluginCall& call, const std::vector<std::size_t>& set_of_row,
                                 const std::vector<const kql::Column*>& left_out);

/// By dimension the value that a pattern asks for.
struct Pattern {
  static constexpr std::uint32_t kAny = UINT32_MAX;

  std::vector<std::uint32_t> values;
  SetCounts counts{};

  std::size_t dimensions() const;
  bool is_part_of(const Pattern& other) const;
};

/// The patterns that have at least this share of a set and cannot say more without losing rows. Of what they
/// ask at most `most` dimensions do not follow from each other.
/// Source: the Apriori algorithm, on closed patterns: Pasquier and others, "Discovering Frequent Closed
/// Itemsets for Association Rules" (1999).
Result<std::vector<Pattern>> frequent_patterns(Budget& budget, const PatternRows& rows, double share,
                                               std::size_t most);

}  // namespace redoubt::query::detail

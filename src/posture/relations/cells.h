#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace redoubt::posture::relations {

/// A set of numbered cells of one dimension.
class CellSet {
 public:
  explicit CellSet(std::size_t size = 0) : words_((size + 63) / 64) {}

  void add(std::size_t cell) { words_[cell / 64] |= std::uint64_t{1} << (cell % 64); }
  void add(const CellSet& other);
  bool empty() const;
  bool has(std::size_t cell) const { return ((words_[cell / 64] >> (cell % 64)) & 1U) != 0; }
  /// What both have, and what `other` lacks. All three are of one size.
  CellSet and_with(const CellSet& other) const;
  CellSet without(const CellSet& other) const;

 private:
  std::vector<std::uint64_t> words_;
};

/// A product of one set for each dimension.
inline constexpr std::size_t kDimensions = 5;
using Box = std::array<CellSet, kDimensions>;

bool is_empty(const Box& box);

enum class Cover : std::uint8_t { Yes, No, TooMany };

/// Whether the boxes together hold all of `box`. Exact; TooMany when more than `max_pieces` would have to be
/// looked at.
Cover covered(const Box& box, std::span<const Box> by, std::size_t max_pieces = 100'000);

}  // namespace redoubt::posture::relations

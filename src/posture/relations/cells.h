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
  /// Whether both have a cell, and whether all of it is in `other`.
  bool touches(const CellSet& other) const;
  bool is_within(const CellSet& other) const;

 private:
  std::vector<std::uint64_t> words_;
};

/// A product of one set for each dimension.
inline constexpr std::size_t kDimensions = 5;
using Box = std::array<CellSet, kDimensions>;

bool is_empty(const Box& box);

bool touches(const Box& left, const Box& right);
bool is_within(const Box& inner, const Box& outer);
Box common(const Box& left, const Box& right);

enum class Cover : std::uint8_t { Yes, No, TooMany };

/// Whether the boxes together hold all of `box`. Exact; TooMany when it takes more than `steps` looks at a
/// box, which are counted down.
Cover covered(const Box& box, std::span<const Box* const> by, std::size_t& steps);

}  // namespace redoubt::posture::relations

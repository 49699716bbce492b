#include "posture/relations/cells.h"

#include <algorithm>

namespace redoubt::posture::relations {

void CellSet::add(const CellSet& other) {
  for (std::size_t i = 0; i < words_.size(); ++i)
    words_[i] |= other.words_[i];
}

bool CellSet::empty() const {
  return std::all_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word == 0; });
}

CellSet CellSet::and_with(const CellSet& other) const {
  CellSet out = *this;
  for (std::size_t i = 0; i < words_.size(); ++i)
    out.words_[i] &= other.words_[i];
  return out;
}

CellSet CellSet::without(const CellSet& other) const {
  CellSet out = *this;
  for (std::size_t i = 0; i < words_.size(); ++i)
    out.words_[i] &= ~other.words_[i];
  return out;
}

bool is_empty(const Box& box) {
  return std::any_of(box.begin(), box.end(), [](const CellSet& set) { return set.empty(); });
}

Cover covered(const Box& box, std::span<const Box> by, std::size_t max_pieces) {
  struct Piece {
    Box box;
    std::size_t next = 0;  ///< of `by`
  };
  std::vector<Piece> open;
  if (!is_empty(box)) open.push_back({box, 0});
  std::size_t pieces = 0;
  while (!open.empty()) {
    if (++pieces > max_pieces) return Cover::TooMany;
    Piece piece = std::move(open.back());
    open.pop_back();
    // Boxes that do not touch it change nothing.
    Box common;
    for (;; ++piece.next) {
      if (piece.next == by.size()) return Cover::No;
      for (std::size_t i = 0; i < kDimensions; ++i)
        common[i] = piece.box[i].and_with(by[piece.next][i]);
      if (!is_empty(common)) break;
    }
    // What is left is cut off one dimension after the other.
    for (std::size_t i = 0; i < kDimensions; ++i) {
      Box rest = piece.box;
      rest[i] = piece.box[i].without(common[i]);
      if (!rest[i].empty()) open.push_back({std::move(rest), piece.next + 1});
      piece.box[i] = common[i];
    }
  }
  return Cover::Yes;
}

}  // namespace redoubt::posture::relations

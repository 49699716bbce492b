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

bool CellSet::touches(const CellSet& other) const {
  for (std::size_t i = 0; i < words_.size(); ++i)
    if ((words_[i] & other.words_[i]) != 0) return true;
  return false;
}

bool CellSet::is_within(const CellSet& other) const {
  for (std::size_t i = 0; i < words_.size(); ++i)
    if ((words_[i] & ~other.words_[i]) != 0) return false;
  return true;
}

bool is_empty(const Box& box) {
  return std::any_of(box.begin(), box.end(), [](const CellSet& set) { return set.empty(); });
}

bool touches(const Box& left, const Box& right) {
  for (std::size_t i = 0; i < kDimensions; ++i)
    if (!left[i].touches(right[i])) return false;
  return true;
}

bool is_within(const Box& inner, const Box& outer) {
  for (std::size_t i = 0; i < kDimensions; ++i)
    if (!inner[i].is_within(outer[i])) return false;
  return true;
}

Box common(const Box& left, const Box& right) {
  Box out;
  for (std::size_t i = 0; i < kDimensions; ++i)
    out[i] = left[i].and_with(right[i]);
  return out;
}

namespace {

struct Piece {
  Box box;
  std::vector<const Box*> by;
};

/// Whether some cell of one dimension is in none of the boxes: then a part of the piece is in none.
bool sticks_out(const Piece& piece) {
  for (std::size_t i = 0; i < kDimensions; ++i) {
    CellSet all = (*piece.by.front())[i];
    for (const Box* one : piece.by)
      all.add((*one)[i]);
    if (!piece.box[i].is_within(all)) return true;
  }
  return false;
}

/// The number of dimensions in which the piece reaches beyond the box: so many pieces are left beside it.
std::size_t rests(const Box& piece, const Box& box) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < kDimensions; ++i)
    out += piece[i].is_within(box[i]) ? 0 : 1;
  return out;
}

/// Cuts off what the box does not hold, one dimension after the other.
void cut(Piece piece, const Box* box, std::vector<Piece>& open) {
  std::erase(piece.by, box);
  for (std::size_t i = 0; i < kDimensions; ++i) {
    CellSet rest = piece.box[i].without((*box)[i]);
    if (!rest.empty()) {
      open.push_back(piece);
      open.back().box[i] = std::move(rest);
    }
    piece.box[i] = piece.box[i].and_with((*box)[i]);
  }
}

}  // namespace

Cover covered(const Box& box, std::span<const Box* const> by, std::size_t& steps) {
  std::vector<Piece> open;
  if (!is_empty(box)) open.push_back({box, {by.begin(), by.end()}});
  while (!open.empty()) {
    Piece piece = std::move(open.back());
    open.pop_back();
    if (steps <= piece.by.size()) return Cover::TooMany;
    steps -= piece.by.size() + 1;
    // Boxes that do not touch it change nothing.
    std::erase_if(piece.by, [&](const Box* one) { return !touches(piece.box, *one); });
    if (piece.by.empty()) return Cover::No;
    const Box* best = nullptr;
    std::size_t fewest = kDimensions + 1;
    for (const Box* one : piece.by)
      if (const std::size_t left = rests(piece.box, *one); left < fewest) {
        fewest = left;
        best = one;
      }
    if (fewest == 0) continue;
    if (sticks_out(piece)) return Cover::No;
    cut(std::move(piece), best, open);
  }
  return Cover::Yes;
}

}  // namespace redoubt::posture::relations

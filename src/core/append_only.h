#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <utility>

#include "core/result.h"

namespace redoubt {

/// A growing list whose elements never move, so that reading needs no lock.
///
/// One thread at a time may append (hold a lock). at() is safe beside that, for an index that was appended
/// before the reader came to know of it.
template <class T>
class AppendOnly {
 public:
  std::size_t append(T value) {
    const Spot spot = spot_of(size_);
    if (spot.offset == 0) blocks_[spot.block] = std::make_unique<T[]>(kFirst << spot.block);
    blocks_[spot.block][spot.offset] = std::move(value);
    return size_++;
  }

  /// Under the same lock as append().
  std::size_t size() const { return size_; }

  const T& at(std::size_t index) const {
    const Spot spot = spot_of(index);
    RD_CHECK(spot.block < blocks_.size() && blocks_[spot.block] != nullptr);
    return blocks_[spot.block][spot.offset];
  }
  T& at(std::size_t index) { return const_cast<T&>(std::as_const(*this).at(index)); }

 private:
  static constexpr std::size_t kFirst = 64;  // elements of the first block; each block doubles the one before

  struct Spot {
    std::size_t block;
    std::size_t offset;
  };
  static Spot spot_of(std::size_t index) {
    const std::size_t block = static_cast<std::size_t>(std::bit_width(index / kFirst + 1)) - 1;
    return {block, index - kFirst * ((std::size_t{1} << block) - 1)};
  }

  std::array<std::unique_ptr<T[]>, 48> blocks_;
  std::size_t size_ = 0;
};

}  // namespace redoubt

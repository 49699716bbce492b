#include "core/arena.h"

#include <algorithm>
#include <utility>

namespace redoubt {

Arena& Arena::operator=(Arena&& other) noexcept {
  blocks_ = std::move(other.blocks_);
  block_ = std::exchange(other.block_, nullptr);
  used_ = std::exchange(other.used_, 0);
  capacity_ = std::exchange(other.capacity_, 0);
  bytes_ = std::exchange(other.bytes_, 0);
  return *this;
}

void Arena::reset() {
  if (blocks_.size() > 1) {
    // Blocks grow: the last is the largest, or made for one large piece.
    blocks_.erase(blocks_.begin(), blocks_.end() - 1);
    bytes_ = capacity_;
  }
  used_ = 0;
}

void* Arena::allocate_block(std::size_t bytes, std::size_t alignment) {
  static constexpr std::size_t kFirst = std::size_t{4} << 10;
  static constexpr std::size_t kLargest = std::size_t{1} << 20;
  std::size_t wanted = std::clamp(bytes_, kFirst, kLargest);
  std::size_t size = std::max(wanted, bytes + alignment);
  blocks_.push_back(std::unique_ptr<char[]>(new char[size]));
  bytes_ += size;
  block_ = blocks_.back().get();
  capacity_ = size;
  // operator new[] aligns for every fundamental type, which is all that is stored here.
  used_ = bytes;
  return block_;
}

}  // namespace redoubt

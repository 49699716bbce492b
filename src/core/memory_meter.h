#pragma once

#include <cstdint>

#include "core/sanitized.h"

namespace redoubt {

/// Whether an allocation past a limit fails: not under a sanitizer, which has an operator new of its own.
/// Meters count there all the same.
inline constexpr bool kMemoryIsBounded = REDOUBT_SANITIZED == 0;

/// Counts what the thread that made it holds more than then of operator new, and bounds it: an allocation
/// past the limit throws std::bad_alloc, as one does for which there is no memory. What the C library and the
/// event engine allocate is not counted, nor are other threads.
///
/// Meters nest; the outer one counts what the inner one does. To be ended by its thread, last made first.
class MemoryMeter {
 public:
  /// 0: nothing bounds it.
  explicit MemoryMeter(std::uint64_t max_bytes);
  ~MemoryMeter();
  MemoryMeter(const MemoryMeter&) = delete;
  MemoryMeter& operator=(const MemoryMeter&) = delete;

  void set_max_bytes(std::uint64_t max_bytes) { max_bytes_ = max_bytes; }

  /// More than the limit is held: it was lowered, or nothing fails here.
  bool is_exceeded() const { return max_bytes_ != 0 && bytes() > max_bytes_; }
  /// That are held now; 0 where more was given back than taken.
  std::uint64_t bytes() const { return held_ > 0 ? static_cast<std::uint64_t>(held_) : 0; }

 private:
  friend struct MeteredMemory;

  bool has_room(std::uint64_t more) const;

  MemoryMeter* outer_;
  std::uint64_t max_bytes_;
  std::int64_t held_ = 0;
};

/// Of the machine, or of the control group that the process is in where that is less.
std::uint64_t machine_memory_bytes();

}  // namespace redoubt

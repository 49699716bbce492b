#pragma once

#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "core/result.h"
#include "store/block.h"
#include "store/detail/arrow.h"

namespace redoubt::store::detail {

/// A table of these columns as Arrow describes it. Strings are large binaries, as they need not be UTF-8.
/// It holds names of its own; the receiver releases it.
void export_schema(std::span<const ColumnShape> columns, ArrowSchema& out);

/// The block as Arrow has it. Numbers and strings are not copied; the receiver releases it.
void export_block(Block block, ArrowArray& out);

/// Blocks as a stream of Arrow. Stays where it is as long as the receiver may ask; one thread at a time is
/// let in.
class ArrowInput {
 public:
  ArrowInput(std::span<const ColumnShape> columns, const BlockSource& blocks, std::stop_token stop);
  ArrowInput(const ArrowInput&) = delete;
  ArrowInput& operator=(const ArrowInput&) = delete;

  ArrowArrayStream& stream() { return stream_; }
  /// What the source failed with, its blocks were not as said (STO0015), or `stop` was requested (STO0008).
  /// To be asked when nobody reads any more.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  int next(ArrowArray& out);
  Result<void> give(ArrowArray& out);

  std::span<const ColumnShape> columns_;
  const BlockSource& blocks_;
  std::stop_token stop_;
  ArrowArrayStream stream_{};
  std::mutex mutex_;
  std::optional<Error> failure_;  // guarded by mutex_, as is ended_
  bool ended_ = false;
};

}  // namespace redoubt::store::detail

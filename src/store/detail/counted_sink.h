#pragma once

#include <string_view>

#include "core/result.h"
#include "store/engine.h"

namespace redoubt::store::detail {

/// Hands blocks on, as many as may be, and counts them. What it is made of must outlive it.
class CountedSink {
 public:
  CountedSink(const BlockSink& sink, const QueryLimits& limits, QueryStatistics& statistics)
      : sink_(sink), limits_(limits), statistics_(statistics) {}

  /// STO0007 (Limit) it is one too many; what the sink fails with.
  Result<void> operator()(Block block);
  bool is_called() const { return is_called_; }
  /// Whether the last block was not taken.
  bool has_failed() const { return has_failed_; }

 private:
  Result<void> take(Block block);
  static Result<void> check(std::string_view what, std::uint64_t number, std::uint64_t max);

  const BlockSink& sink_;
  const QueryLimits& limits_;
  QueryStatistics& statistics_;
  bool is_called_ = false;
  bool has_failed_ = false;
};

}  // namespace redoubt::store::detail

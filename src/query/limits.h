#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>

#include "core/result.h"

namespace redoubt::query {

/// What one query may take. Source of the defaults: Kusto Query Language reference, "Query limits".
struct QueryLimits {
  std::uint64_t max_result_rows = 500'000;      ///< more are cut off, and that is said
  std::uint64_t max_cells = 100'000'000;        ///< that all operators in memory make together: QRY0002
  std::chrono::milliseconds max_time{240'000};  ///< QRY0003
};

/// Counts what a query takes.
class Budget {
 public:
  Budget(const QueryLimits& limits, std::stop_token stop)
      : limits_(limits), stop_(std::move(stop)), end_(std::chrono::steady_clock::now() + limits.max_time) {}

  /// To be asked before so many cells are made, and every few thousand rows of long work with 0.
  /// Errors: QRY0002 too many; QRY0003 too long; QRY0004 stopped.
  Result<void> spend(std::uint64_t cells);

 private:
  QueryLimits limits_;
  std::stop_token stop_;
  std::chrono::steady_clock::time_point end_;
  std::uint64_t cells_ = 0;
};

}  // namespace redoubt::query

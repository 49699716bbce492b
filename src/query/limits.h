#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>

#include "core/memory_meter.h"
#include "core/result.h"

namespace redoubt::query {

/// 5 GB, or half of what the machine has where that is less.
std::uint64_t default_memory_bytes();
/// Half of what the machine has: what a query may ask for.
std::uint64_t most_memory_bytes();

/// What one query may take. Source of the defaults: Kusto Query Language reference, "Query limits".
struct QueryLimits {
  std::uint64_t max_result_rows = 500'000;      ///< more are cut off, and that is said
  std::uint64_t max_taken_rows = UINT64_MAX;    ///< of each result, as if it ended in take
  std::uint64_t max_cells = 100'000'000;        ///< that all operators in memory make together: QRY0002
  std::chrono::milliseconds max_time{240'000};  ///< QRY0003
  /// At one time, of the part in memory and of each statement of an engine: QRY0021. 0: any.
  std::uint64_t max_memory_bytes = default_memory_bytes();
};

/// Counts what a query takes, from when it is made until it ends, by the thread that made it.
class Budget {
 public:
  Budget(const QueryLimits& limits, std::stop_token stop)
      : limits_(limits), stop_(std::move(stop)), memory_(limits.max_memory_bytes) {}

  /// To be asked before so many cells are made, and every few rows of long work with 0.
  /// Errors: QRY0002 too many; QRY0003 too long; QRY0004 stopped; QRY0021 too much memory.
  Result<void> spend(std::uint64_t cells);
  /// The query itself asks for other limits.
  void change(const QueryLimits& limits);

  /// What the query may ask of an engine now; of time and memory there is always a little.
  std::chrono::milliseconds time_left() const;
  std::uint64_t memory_left() const;

  Error out_of_time() const;    ///< QRY0003
  Error out_of_memory() const;  ///< QRY0021
  static Error stopped();       ///< QRY0004

 private:
  QueryLimits limits_;
  std::stop_token stop_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  MemoryMeter memory_;
  std::uint64_t cells_ = 0;
};

}  // namespace redoubt::query

#include "query/limits.h"

#include <fmt/format.h>

#include <algorithm>

namespace redoubt::query {

namespace {

// Source: Kusto Query Language reference, "Query limits", maxmemoryconsumptionperiterator.
constexpr std::uint64_t kMemory = 5'368'709'120;
/// An engine that gets less can say nothing but that.
constexpr std::chrono::milliseconds kLeastTime{1};
constexpr std::uint64_t kLeastMemory = 16 << 20;
constexpr double kMegabyte = 1 << 20;

}  // namespace

std::uint64_t default_memory_bytes() { return std::min(most_memory_bytes(), kMemory); }

std::uint64_t most_memory_bytes() {
  static const std::uint64_t half = machine_memory_bytes() / 2;
  return half == 0 ? kMemory : half;
}

void Budget::change(const QueryLimits& limits) {
  limits_ = limits;
  memory_.set_max_bytes(limits.max_memory_bytes);
}

Result<void> Budget::spend(std::uint64_t cells) {
  cells_ += cells;
  if (cells_ > limits_.max_cells)
    return fail(Error::Kind::Limit, "QRY0002",
                fmt::format("the query makes more values than the limit of {}", limits_.max_cells), {},
                "filter rows earlier, or take fewer columns");
  if (memory_.is_exceeded()) return tl::unexpected(out_of_memory());
  if (stop_.stop_requested()) return tl::unexpected(stopped());
  if (std::chrono::steady_clock::now() - begin_ > limits_.max_time) return tl::unexpected(out_of_time());
  return {};
}

std::chrono::milliseconds Budget::time_left() const {
  const auto left = limits_.max_time - std::chrono::duration_cast<std::chrono::milliseconds>(
                                           std::chrono::steady_clock::now() - begin_);
  return std::max(left, kLeastTime);
}

std::uint64_t Budget::memory_left() const {
  if (limits_.max_memory_bytes == 0) return 0;
  const std::uint64_t held = std::min(memory_.bytes(), limits_.max_memory_bytes);
  return std::max(limits_.max_memory_bytes - held, kLeastMemory);
}

Error Budget::out_of_time() const {
  return {Error::Kind::Limit,
          "QRY0003",
          fmt::format("the query takes longer than the limit of {} s",
                      std::chrono::duration<double>(limits_.max_time).count()),
          {},
          "filter rows earlier, or set servertimeout = 10m; in front of the query"};
}

Error Budget::out_of_memory() const {
  std::string limit =
      limits_.max_memory_bytes == 0
          ? std::string("there is")
          : fmt::format("the limit of {:.0f} MB", static_cast<double>(limits_.max_memory_bytes) / kMegabyte);
  return {Error::Kind::Limit,
          "QRY0021",
          fmt::format("the query needs more memory than {}", limit),
          {},
          "filter rows earlier, take fewer columns, or set maxmemoryconsumptionperiterator = BYTES;"};
}

Error Budget::stopped() { return {Error::Kind::Limit, "QRY0004", "the query was stopped", {}, {}}; }

}  // namespace redoubt::query

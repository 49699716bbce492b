#include "query/limits.h"

#include <fmt/format.h>

namespace redoubt::query {

Result<void> Budget::spend(std::uint64_t cells) {
  cells_ += cells;
  if (cells_ > limits_.max_cells)
    return fail(Error::Kind::Limit, "QRY0002",
                fmt::format("the query makes more values than the limit of {}", limits_.max_cells), {},
                "filter rows earlier, or take fewer columns");
  if (stop_.stop_requested()) return fail(Error::Kind::Limit, "QRY0004", "the query was stopped");
  if (std::chrono::steady_clock::now() > end_)
    return fail(
        Error::Kind::Limit, "QRY0003",
        fmt::format("the query takes longer than the limit of {} s", limits_.max_time.count() / 1'000));
  return {};
}

}  // namespace redoubt::query

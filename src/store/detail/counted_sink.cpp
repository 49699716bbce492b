#include "store/detail/counted_sink.h"

#include <fmt/format.h>

#include <utility>

namespace redoubt::store::detail {

Result<void> CountedSink::operator()(Block block) {
  Result<void> done = take(std::move(block));
  has_failed_ = !done;
  return done;
}

Result<void> CountedSink::take(Block block) {
  is_called_ = true;
  statistics_.result_rows += block.rows();
  statistics_.result_bytes += bytes_of(block);
  RD_TRY(check("rows", statistics_.result_rows, limits_.max_result_rows));
  RD_TRY(check("bytes", statistics_.result_bytes, limits_.max_result_bytes));
  return sink_(std::move(block));
}

Result<void> CountedSink::check(std::string_view what, std::uint64_t number, std::uint64_t max) {
  if (max == 0 || number <= max) return {};
  return fail(Error::Kind::Limit, "STO0007",
              fmt::format("the result has too many {}: more than {}", what, max), {},
              "ask for less, or allow more");
}

}  // namespace redoubt::store::detail

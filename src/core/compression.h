#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace redoubt {

/// What stands around compressed bytes: RFC 1950 or RFC 1952.
enum class Packing : std::uint8_t { Zlib, Gzip };

/// Compressed by RFC 1951, or in the blocks that hold bytes as they are where that does not save the size of
/// a table of codes: then it is what Microsoft's engine makes of the same bytes, too.
std::string compress(std::string_view bytes, Packing packing);

/// Errors: CORE0202 for bytes that are damaged, cut off, packed otherwise or followed by others; CORE0203
/// when there are more than `max_bytes` inside.
Result<std::string> decompress(std::string_view bytes, Packing packing, std::size_t max_bytes);

/// Decompresses bytes that come piece by piece, and hands on what is inside in pieces. Memory is that of one
/// of these, however much the bytes expand; how much that may be in all is the receiver's affair.
class Decompressor {
 public:
  using Sink = std::function<Result<void>(std::string_view bytes)>;

  explicit Decompressor(Packing packing);
  Decompressor(Decompressor&&) noexcept;
  Decompressor& operator=(Decompressor&&) noexcept;
  ~Decompressor();

  /// Errors: CORE0202 for bytes that are damaged, packed otherwise or followed by others; what `sink` fails
  /// with, which ends the piece. After one it takes no more.
  Result<void> feed(std::string_view bytes, const Sink& sink);
  /// CORE0202 where the bytes are cut off.
  Result<void> finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace redoubt

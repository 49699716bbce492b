#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "store/block.h"

namespace redoubt::store {

/// What one block may have.
struct NativeLimits {
  std::uint64_t max_columns = 10'000;
  std::uint64_t max_rows = 1 << 24;
  std::uint64_t max_name_bytes = 1 << 16;    ///< of a column, and of its type
  std::uint64_t max_block_bytes = 1U << 30;  ///< of its cells
};

/// Reads blocks in ClickHouse's format Native, piece by piece. Memory stays in proportion to what was fed.
///
/// Bool, Int32, Int64, Float64 and String are read as they are, smaller numbers as the next larger of these
/// (UInt8 as Int32, UInt32 as Int64, Float32 as Float64), UInt64 as Int64 as long as it fits, LowCardinality
/// of each as the type that it is of; each of them Nullable, too.
/// Errors: STO0011 (InvalidInput) the bytes are no such format, STO0012 (Unsupported) a column has another
/// type, or an UInt64 that does not fit, STO0013 (Limit) one of NativeLimits. After one it takes no more.
/// Source: "Native" among the formats of ClickHouse, of revision 0; `SerializationLowCardinality` for the
/// keys.
class NativeDecoder {
 public:
  explicit NativeDecoder(NativeLimits limits = {});
  NativeDecoder(NativeDecoder&&) noexcept;
  NativeDecoder& operator=(NativeDecoder&&) noexcept;
  ~NativeDecoder();

  /// The next bytes, cut anywhere. Blocks that end in them go to `sink`.
  Result<void> feed(std::string_view bytes, const BlockSink& sink);
  /// STO0011 where the bytes ended inside a block.
  Result<void> finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Adds a block in the format Native, as NativeDecoder reads it. A block without rows has its columns alone;
/// one without columns is nothing.
void encode_native(const Block& block, std::string& out);

}  // namespace redoubt::store

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "store/native.h"

// Bytes of the engine give the same blocks, or the same mistake, in one piece and in any others; every block
// is whole, and no larger than the limits allow. What the encoder makes of them is read as the same blocks.

namespace {

using namespace redoubt;

constexpr store::NativeLimits kLimits = {
    .max_columns = 100, .max_rows = 10'000, .max_name_bytes = 1'000, .max_block_bytes = 1 << 20};

struct Decoded {
  std::vector<store::Block> blocks;
  std::string mistake;
};

/// Small numbers are wider when they are encoded.
constexpr store::NativeLimits kWideLimits = {
    .max_columns = 100, .max_rows = 10'000, .max_name_bytes = 1'000, .max_block_bytes = 16 << 20};

Decoded decode(std::string_view bytes, std::size_t piece, const store::NativeLimits& limits = kLimits) {
  Decoded out;
  store::NativeDecoder decoder(limits);
  const store::BlockSink sink = [&](store::Block block) -> Result<void> {
    out.blocks.push_back(std::move(block));
    return {};
  };
  Result<void> done;
  for (std::size_t i = 0; i < bytes.size() && done; i += piece)
    done = decoder.feed(bytes.substr(i, piece), sink);
  if (done) done = decoder.finish();
  if (!done) out.mistake = done.error().text();
  return out;
}

void check_whole(const store::Block& block) {
  RD_CHECK(!block.columns.empty() && block.columns.size() <= kLimits.max_columns);
  RD_CHECK(block.rows() <= kLimits.max_rows);
  RD_CHECK(store::check_block(block, store::shapes_of(block)));
  for (const store::Column& column : block.columns)
    RD_CHECK(column.name.size() <= kLimits.max_name_bytes);
  // Booleans and small numbers are wider than they came, nulls and the ends of offsets are not counted.
  RD_CHECK(store::bytes_of(block) <=
           8 * (kLimits.max_block_bytes + block.columns.size() * (kLimits.max_rows + 1)));
}

/// NaN is no double's equal.
bool is_equal(const store::Cells& left, const store::Cells& right) {
  if (left.index() != right.index()) return false;
  if (const auto* strings = std::get_if<store::Strings>(&left)) {
    const auto& others = std::get<store::Strings>(right);
    return strings->bytes() == others.bytes() && strings->size() == others.size();
  }
  if (std::holds_alternative<std::vector<double>>(left)) return true;
  return std::visit(
      [&](const auto& cells) {
        if constexpr (requires { cells == cells; })
          return cells == std::get<std::remove_cvref_t<decltype(cells)>>(right);
        else
          return true;
      },
      left);
}

void check_equal(const Decoded& left, const Decoded& right) {
  RD_CHECK(left.mistake == right.mistake);
  RD_CHECK(left.blocks.size() == right.blocks.size());
  for (std::size_t i = 0; i < left.blocks.size(); ++i) {
    const store::Block& one = left.blocks[i];
    const store::Block& other = right.blocks[i];
    RD_CHECK(store::shapes_of(one) == store::shapes_of(other) && one.rows() == other.rows());
    for (std::size_t column = 0; column < one.columns.size(); ++column) {
      RD_CHECK(one.columns[column].nulls == other.columns[column].nulls);
      RD_CHECK(is_equal(one.columns[column].cells, other.columns[column].cells));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Decoded whole = decode(bytes, size + 1);
  for (const store::Block& block : whole.blocks)
    check_whole(block);
  const std::size_t piece = size == 0 ? 1 : 1 + data[size - 1] % 16;
  check_equal(whole, decode(bytes, piece));
  std::string again;
  for (const store::Block& block : whole.blocks)
    store::encode_native(block, again);
  check_equal({.blocks = whole.blocks, .mistake = {}}, decode(again, again.size() + 1, kWideLimits));
  return 0;
}

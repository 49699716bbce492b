#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "render.h"
#include "store/native.h"

namespace redoubt::store {
namespace {

/// The blocks that the decoder makes of what the encoder made.
std::string again(std::span<const Block> blocks) {
  std::string bytes;
  for (const Block& block : blocks)
    encode_native(block, bytes);
  std::string out;
  NativeDecoder decoder;
  const BlockSink sink = [&](const Block& block) -> Result<void> {
    out += to_text(block);
    return {};
  };
  Result<void> done = decoder.feed(bytes, sink);
  if (done) done = decoder.finish();
  return done ? out : done.error().text();
}

std::string shown(std::span<const Block> blocks) {
  std::string out;
  for (const Block& block : blocks)
    out += to_text(block);
  return out;
}

Block block_of(bool nullable, int rows) {
  std::vector<ColumnShape> shapes;
  for (const CellType type :
       {CellType::Bool, CellType::Int32, CellType::Int64, CellType::Float64, CellType::String})
    shapes.push_back({"c " + std::string(name_of(type)), type, nullable});
  Block out = make_block(shapes);
  for (int row = 0; row < rows; ++row) {
    if (nullable && row % 3 == 1) {
      for (Column& column : out.columns)
        append_null(column);
      continue;
    }
    append(out.columns[0], row % 2 == 0);
    append(out.columns[1], std::numeric_limits<std::int32_t>::min() + row);
    append(out.columns[2], std::numeric_limits<std::int64_t>::max() - row);
    append(out.columns[3], row == 0 ? std::numeric_limits<double>::infinity() : row / 3.0);
    append(out.columns[4], std::string(static_cast<std::size_t>(row * row), static_cast<char>(row)));
  }
  return out;
}

TEST(StoreNativeEncode, IsReadBack) {
  for (const bool nullable : {false, true})
    for (const int rows : {0, 1, 2, 20, 50}) {
      const std::vector<Block> blocks = {block_of(nullable, rows), block_of(nullable, 3)};
      EXPECT_EQ(again(blocks), shown(blocks)) << nullable << " " << rows;
    }
}

TEST(StoreNativeEncode, NoColumnsAreNothing) {
  std::string out;
  encode_native({}, out);
  EXPECT_EQ(out, "");
}

TEST(StoreNativeEncode, LooksAsClickHouseWritesIt) {
  Block block = make_block(std::vector<ColumnShape>{{"x", CellType::Int32, true}});
  append(block.columns[0], std::int32_t{258});
  append_null(block.columns[0]);
  std::string out;
  encode_native(block, out);
  EXPECT_EQ(out, std::string("\1\2\1x\x0FNullable(Int32)\0\1\2\1\0\0\0\0\0\0", 30));
}

}  // namespace
}  // namespace redoubt::store

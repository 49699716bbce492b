#include "store/detail/arrow_export.h"

#include <gtest/gtest.h>

#include <cstring>
#include <stdexcept>

namespace redoubt::store::detail {
namespace {

const std::vector<ColumnShape> kShapes = {
    {"b", CellType::Bool, true}, {"l", CellType::Int64, false}, {"s", CellType::String, true}};

Block ten_rows() {
  Block out = make_block(kShapes);
  for (int row = 0; row < 10; ++row) {
    append(out.columns[0], row % 2 == 1);
    append(out.columns[1], std::int64_t{row});
    if (row == 9)
      append_null(out.columns[2]);
    else
      append(out.columns[2], std::string(static_cast<std::size_t>(row), 'x'));
  }
  return out;
}

template <class T>
T at(const void* buffer, std::size_t index) {
  T out;
  std::memcpy(&out, static_cast<const char*>(buffer) + index * sizeof(T), sizeof(T));
  return out;
}

bool bit(const void* buffer, std::size_t index) {
  return ((at<std::uint8_t>(buffer, index / 8) >> (index % 8)) & 1U) != 0;
}

TEST(StoreArrow, SchemaHasNamesAndTypes) {
  ArrowSchema schema{};
  export_schema(kShapes, schema);
  ASSERT_EQ(schema.n_children, 3);
  EXPECT_STREQ(schema.format, "+s");
  const char* formats[] = {"b", "l", "Z"};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(schema.children[i]->name, kShapes[i].name);
    EXPECT_STREQ(schema.children[i]->format, formats[i]);
    EXPECT_EQ(schema.children[i]->flags, kShapes[i].nullable ? kArrowNullable : 0);
  }
  schema.release(&schema);
  EXPECT_EQ(schema.release, nullptr);
}

TEST(StoreArrow, BlockHasBitsNumbersAndStrings) {
  ArrowArray array{};
  export_block(ten_rows(), array);
  ASSERT_EQ(array.length, 10);
  ASSERT_EQ(array.n_children, 3);
  const ArrowArray& bools = *array.children[0];
  EXPECT_EQ(bools.null_count, 0);
  EXPECT_EQ(bools.buffers[0], nullptr);
  const ArrowArray& numbers = *array.children[1];
  const ArrowArray& strings = *array.children[2];
  EXPECT_EQ(strings.null_count, 1);
  EXPECT_EQ(strings.n_buffers, 3);
  for (std::size_t row = 0; row < 10; ++row) {
    EXPECT_EQ(bit(bools.buffers[1], row), row % 2 == 1);
    EXPECT_EQ(at<std::int64_t>(numbers.buffers[1], row), static_cast<std::int64_t>(row));
    EXPECT_EQ(bit(strings.buffers[0], row), row != 9);
    const auto size =
        at<std::int64_t>(strings.buffers[1], row + 1) - at<std::int64_t>(strings.buffers[1], row);
    EXPECT_EQ(size, row == 9 ? 0 : static_cast<std::int64_t>(row));
  }
  array.release(&array);
  EXPECT_EQ(array.release, nullptr);
}

// "Moving an array" and "Release callback semantics" of the C data interface.
TEST(StoreArrow, ChildOutlivesItsParent) {
  ArrowArray array{};
  export_block(ten_rows(), array);
  ArrowArray child = *array.children[1];
  array.children[1]->release = nullptr;
  array.release(&array);
  EXPECT_EQ(at<std::int64_t>(child.buffers[1], 9), 9);
  child.release(&child);
  EXPECT_EQ(child.release, nullptr);
}

/// What a reader of the stream sees: rows of each block until the end, or that it failed.
std::string read(ArrowInput& input) {
  std::string out;
  for (int i = 0; i < 10; ++i) {
    ArrowArray array{};
    if (input.stream().get_next(&input.stream(), &array) != 0)
      return out + input.stream().get_last_error(&input.stream());
    if (array.release == nullptr) return out + "end";
    out += std::to_string(array.length) + " ";
    array.release(&array);
  }
  return out;
}

/// A source of so many blocks, and of what `last` gives afterwards.
BlockSource blocks(int count, const BlockSource& last) {
  return [count, last]() mutable -> Result<std::optional<Block>> {
    if (count-- > 0) return ten_rows();
    return last();
  };
}

TEST(StoreArrow, StreamEndsAsItsSource) {
  const BlockSource two = blocks(2, []() -> Result<std::optional<Block>> { return std::nullopt; });
  ArrowInput input(kShapes, two, {});
  EXPECT_EQ(read(input), "10 10 end");
  EXPECT_EQ(read(input), "end");
  EXPECT_FALSE(input.failure());
}

TEST(StoreArrow, StreamFailsAsItsSource) {
  const auto failing = [](const BlockSource& last) {
    const BlockSource source = blocks(1, last);
    ArrowInput input(kShapes, source, {});
    EXPECT_EQ(read(input), "10 the input failed");
    EXPECT_EQ(read(input), "the input failed");
    return input.failure() ? input.failure()->code : "no failure";
  };
  EXPECT_EQ(failing([] { return fail(Error::Kind::Io, "TEST", "broken"); }), "TEST");
  EXPECT_EQ(failing([]() -> Result<std::optional<Block>> { throw std::runtime_error("thrown"); }), "STO0015");
  EXPECT_EQ(failing([]() -> Result<std::optional<Block>> { return Block{}; }), "STO0015");
}

TEST(StoreArrow, StreamEndsWhenStopped) {
  std::stop_source stop;
  stop.request_stop();
  const BlockSource endless = blocks(1'000'000, {});
  ArrowInput input(kShapes, endless, stop.get_token());
  EXPECT_EQ(read(input), "the input failed");
  ASSERT_TRUE(input.failure());
  EXPECT_EQ(input.failure()->code, "STO0008");
}

}  // namespace
}  // namespace redoubt::store::detail

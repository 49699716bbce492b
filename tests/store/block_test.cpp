#include "store/block.h"

#include <gtest/gtest.h>

#include "render.h"

namespace redoubt::store {
namespace {

const std::vector<ColumnShape> kShapes = {
    {"b", CellType::Bool, true},     {"i", CellType::Int32, false}, {"l", CellType::Int64, true},
    {"d", CellType::Float64, false}, {"s", CellType::String, true},
};

Block two_rows() {
  Block out = make_block(kShapes);
  append(out.columns[0], true);
  append(out.columns[1], 7);
  append(out.columns[2], std::int64_t{-1});
  append(out.columns[3], 0.5);
  append(out.columns[4], std::string_view("a\0b", 3));
  append_null(out.columns[0]);
  append(out.columns[1], 8);
  append_null(out.columns[2]);
  append(out.columns[3], 1.5);
  append_null(out.columns[4]);
  return out;
}

std::string code_of(const Result<void>& result) { return result ? "fits" : result.error().code; }

TEST(StoreBlock, KeepsWhatIsAppended) {
  const Block block = two_rows();
  EXPECT_EQ(block.rows(), 2U);
  EXPECT_EQ(shapes_of(block), kShapes);
  EXPECT_EQ(to_text(block),
            "b Bool? | i Int32 | l Int64? | d Float64 | s String?\n"
            "true | 7 | -1 | 0.5 | \"a\\x00b\"\n"
            "- | 8 | - | 1.5 | -\n");
  EXPECT_GT(bytes_of(block), 2U * (1 + 4 + 8 + 8 + 8));
}

TEST(StoreBlock, IsCheckedAgainstItsColumns) {
  EXPECT_EQ(code_of(check_block(two_rows(), kShapes)), "fits");
  std::vector<ColumnShape> others = kShapes;
  others.pop_back();
  EXPECT_EQ(code_of(check_block(two_rows(), others)), "STO0015");
  others = kShapes;
  others[1].type = CellType::Int64;
  EXPECT_EQ(code_of(check_block(two_rows(), others)), "STO0015");
  others = kShapes;
  others[1].nullable = true;
  EXPECT_EQ(code_of(check_block(two_rows(), others)), "STO0015");
  others = kShapes;
  others[0].name = "c";
  EXPECT_EQ(code_of(check_block(two_rows(), others)), "STO0015");
  Block ragged = two_rows();
  append(ragged.columns[3], 2.5);
  EXPECT_EQ(code_of(check_block(ragged, kShapes)), "STO0015");
  ragged = two_rows();
  ragged.columns[0].nulls.pop_back();
  EXPECT_EQ(code_of(check_block(ragged, kShapes)), "STO0015");
}

}  // namespace
}  // namespace redoubt::store

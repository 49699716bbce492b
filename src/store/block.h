#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.h"

namespace redoubt::store {

/// What a cell is made of. What it means (a datetime as ticks, a dynamic value as JSON text) is the caller's
/// affair.
enum class CellType : std::uint8_t { Bool, Int32, Int64, Float64, String };

/// `Bool`, `Int32`, `Int64`, `Float64`, `String`: as ClickHouse calls them.
std::string_view name_of(CellType type);

/// A column without its cells.
struct ColumnShape {
  std::string name;
  CellType type = CellType::String;
  bool nullable = false;

  bool operator==(const ColumnShape&) const = default;
};

/// Strings of any bytes, one behind the other.
class Strings {
 public:
  std::size_t size() const { return offsets_.size() - 1; }
  std::string_view operator[](std::size_t row) const;
  void push_back(std::string_view text);
  void append(const Strings& more);
  void reserve(std::size_t rows, std::size_t bytes);

  /// Where each string begins in bytes(), and the end of the last: size() + 1 numbers.
  std::span<const std::int64_t> offsets() const { return offsets_; }
  std::string_view bytes() const { return bytes_; }

 private:
  std::vector<std::int64_t> offsets_ = {0};
  std::string bytes_;
};

/// 0 or 1 each.
using Bools = std::vector<std::uint8_t>;

/// In the order of CellType.
using Cells =
    std::variant<Bools, std::vector<std::int32_t>, std::vector<std::int64_t>, std::vector<double>, Strings>;

/// A column with its cells. A null has a cell, too, of any value.
struct Column {
  std::string name;
  bool nullable = false;
  Cells cells;
  std::vector<std::uint8_t> nulls;  ///< one for each cell, 1 = null; empty where the column is not nullable

  CellType type() const { return static_cast<CellType>(cells.index()); }
  std::size_t rows() const;
  bool is_null(std::size_t row) const { return nullable && nulls[row] != 0; }
};

/// Rows, by column. All columns have as many.
struct Block {
  std::vector<Column> columns;

  std::size_t rows() const { return columns.empty() ? 0 : columns.front().rows(); }
};

/// Takes blocks as they come; what it fails with ends the query and is what the query fails with.
using BlockSink = std::function<Result<void>(Block block)>;

/// The next block, or nothing behind the last.
using BlockSource = std::function<Result<std::optional<Block>>()>;

Column make_column(const ColumnShape& shape);
Block make_block(std::span<const ColumnShape> shapes);

/// Add a cell at the end. The type is that of the column.
void append(Column& column, bool value);
void append(Column& column, std::int32_t value);
void append(Column& column, std::int64_t value);
void append(Column& column, double value);
void append(Column& column, std::string_view value);
inline void append(Column& column, const char* value) { append(column, std::string_view(value)); }
void append_null(Column& column);

/// Adds rows of a block with the same columns: all of them, or those of these numbers.
void append_rows(Block& all, const Block& more);
void append_rows(Block& all, const Block& more, std::span<const std::uint32_t> rows);

ColumnShape shape_of(const Column& column);
std::vector<ColumnShape> shapes_of(const Block& block);

/// What the cells take in memory.
std::uint64_t bytes_of(const Block& block);

/// STO0015 (Usage) a block has not these columns, or its columns are not of one length.
Result<void> check_block(const Block& block, std::span<const ColumnShape> shapes);

}  // namespace redoubt::store

#include "store/block.h"

#include <fmt/format.h>

#include <algorithm>

namespace redoubt::store {

namespace {

template <class T>
Cells no_cells() {
  return T();
}

Cells make_cells(CellType type) {
  using Make = Cells (*)();
  static constexpr Make kMakers[] = {no_cells<Bools>, no_cells<std::vector<std::int32_t>>,
                                     no_cells<std::vector<std::int64_t>>, no_cells<std::vector<double>>,
                                     no_cells<Strings>};
  return kMakers[static_cast<std::size_t>(type)]();
}

template <class T>
void append_cell(Column& column, T value) {
  auto* cells = std::get_if<std::vector<T>>(&column.cells);
  RD_CHECK(cells != nullptr);
  cells->push_back(value);
  if (column.nullable) column.nulls.push_back(0);
}

template <class T>
void append_all(std::vector<T>& all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
}
void append_all(Strings& all, const Strings& more) { all.append(more); }

void append_column(Column& all, const Column& more) {
  std::visit(
      [&](auto& cells) { append_all(cells, std::get<std::remove_cvref_t<decltype(cells)>>(more.cells)); },
      all.cells);
  append_all(all.nulls, more.nulls);
}

void append_column(Column& all, const Column& more, std::span<const std::uint32_t> rows) {
  std::visit(
      [&](auto& cells) {
        const auto& from = std::get<std::remove_cvref_t<decltype(cells)>>(more.cells);
        for (const std::uint32_t row : rows)
          cells.push_back(from[row]);
      },
      all.cells);
  if (!all.nullable) return;
  for (const std::uint32_t row : rows)
    all.nulls.push_back(more.nulls[row]);
}

std::string text_of(const ColumnShape& shape) {
  return fmt::format("{} {}{}", shape.name, shape.nullable ? "nullable " : "", name_of(shape.type));
}

tl::unexpected<Error> misshapen(std::string_view what, std::string_view values) {
  return fail(Error::Kind::Usage, "STO0015", fmt::format("{}: {}", what, values));
}

}  // namespace

std::string_view name_of(CellType type) {
  static constexpr std::string_view kNames[] = {"Bool", "Int32", "Int64", "Float64", "String"};
  return kNames[static_cast<std::size_t>(type)];
}

std::string_view Strings::operator[](std::size_t row) const {
  const auto begin = static_cast<std::size_t>(offsets_[row]);
  return std::string_view(bytes_).substr(begin, static_cast<std::size_t>(offsets_[row + 1]) - begin);
}

void Strings::push_back(std::string_view text) {
  bytes_ += text;
  offsets_.push_back(static_cast<std::int64_t>(bytes_.size()));
}

void Strings::append(const Strings& more) {
  const auto shift = static_cast<std::int64_t>(bytes_.size());
  bytes_ += more.bytes_;
  offsets_.reserve(offsets_.size() + more.size());
  for (std::size_t i = 1; i < more.offsets_.size(); ++i)
    offsets_.push_back(more.offsets_[i] + shift);
}

void Strings::reserve(std::size_t rows, std::size_t bytes) {
  offsets_.reserve(rows + 1);
  bytes_.reserve(bytes);
}

std::size_t Column::rows() const {
  return std::visit([](const auto& all) { return all.size(); }, cells);
}

Column make_column(const ColumnShape& shape) {
  return {.name = shape.name, .nullable = shape.nullable, .cells = make_cells(shape.type), .nulls = {}};
}

Block make_block(std::span<const ColumnShape> shapes) {
  Block out;
  out.columns.reserve(shapes.size());
  for (const ColumnShape& shape : shapes)
    out.columns.push_back(make_column(shape));
  return out;
}

void append(Column& column, bool value) { append_cell(column, static_cast<std::uint8_t>(value)); }
void append(Column& column, std::int32_t value) { append_cell(column, value); }
void append(Column& column, std::int64_t value) { append_cell(column, value); }
void append(Column& column, double value) { append_cell(column, value); }

void append(Column& column, std::string_view value) {
  auto* cells = std::get_if<Strings>(&column.cells);
  RD_CHECK(cells != nullptr);
  cells->push_back(value);
  if (column.nullable) column.nulls.push_back(0);
}

void append_null(Column& column) {
  RD_CHECK(column.nullable);
  std::visit([](auto& cells) { cells.push_back({}); }, column.cells);
  column.nulls.push_back(1);
}

void append_rows(Block& all, const Block& more) {
  RD_CHECK(all.columns.size() == more.columns.size());
  for (std::size_t i = 0; i < all.columns.size(); ++i)
    append_column(all.columns[i], more.columns[i]);
}

void append_rows(Block& all, const Block& more, std::span<const std::uint32_t> rows) {
  RD_CHECK(all.columns.size() == more.columns.size());
  for (std::size_t i = 0; i < all.columns.size(); ++i)
    append_column(all.columns[i], more.columns[i], rows);
}

ColumnShape shape_of(const Column& column) {
  return {.name = column.name, .type = column.type(), .nullable = column.nullable};
}

std::vector<ColumnShape> shapes_of(const Block& block) {
  std::vector<ColumnShape> out;
  out.reserve(block.columns.size());
  for (const Column& column : block.columns)
    out.push_back(shape_of(column));
  return out;
}

std::uint64_t bytes_of(const Block& block) {
  const auto size = [](const auto& cells) -> std::uint64_t {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(cells)>, Strings>)
      return cells.bytes().size() + cells.offsets().size_bytes();
    else
      return std::span(cells).size_bytes();
  };
  std::uint64_t out = 0;
  for (const Column& column : block.columns)
    out += std::visit(size, column.cells) + column.nulls.size();
  return out;
}

Result<void> check_block(const Block& block, std::span<const ColumnShape> shapes) {
  if (block.columns.size() != shapes.size())
    return misshapen("a block has another number of columns than was said",
                     fmt::format("{}, not {}", block.columns.size(), shapes.size()));
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const Column& column = block.columns[i];
    const ColumnShape shape = shape_of(column);
    if (shape != shapes[i])
      return misshapen("a block has another column than was said",
                       fmt::format("{}, not {}", text_of(shape), text_of(shapes[i])));
    const bool whole =
        column.rows() == block.rows() && (!column.nullable || column.nulls.size() == column.rows());
    if (!whole) return misshapen("the columns of a block are not of one length", column.name);
  }
  return {};
}

}  // namespace redoubt::store

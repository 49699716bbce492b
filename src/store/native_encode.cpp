#include <span>

#include "store/native.h"

namespace redoubt::store {

namespace {

constexpr unsigned kBitsOfByte = 7;
constexpr std::uint64_t kMore = 0x80;

void add_varint(std::uint64_t value, std::string& out) {
  while (value >= kMore) {
    out += static_cast<char>((value & (kMore - 1)) | kMore);
    value >>= kBitsOfByte;
  }
  out += static_cast<char>(value);
}

void add_text(std::string_view text, std::string& out) {
  add_varint(text.size(), out);
  out += text;
}

void add_type(const Column& column, std::string& out) {
  std::string type(name_of(column.type()));
  if (column.nullable) type = "Nullable(" + type + ")";
  add_text(type, out);
}

template <class T>
void add_cells(const std::vector<T>& cells, std::string& out) {
  out.append(reinterpret_cast<const char*>(cells.data()), cells.size() * sizeof(T));
}

void add_cells(const Strings& cells, std::string& out) {
  for (std::size_t row = 0; row < cells.size(); ++row)
    add_text(cells[row], out);
}

void add_column(const Column& column, std::string& out) {
  add_text(column.name, out);
  add_type(column, out);
  if (column.nullable) add_cells(column.nulls, out);
  std::visit([&](const auto& cells) { add_cells(cells, out); }, column.cells);
}

}  // namespace

void encode_native(const Block& block, std::string& out) {
  if (block.columns.empty()) return;
  out.reserve(out.size() + bytes_of(block));
  add_varint(block.columns.size(), out);
  add_varint(block.rows(), out);
  for (const Column& column : block.columns)
    add_column(column, out);
}

}  // namespace redoubt::store

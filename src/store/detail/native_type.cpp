#include "store/detail/native_type.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

namespace redoubt::store::detail {

namespace {

static_assert(std::endian::native == std::endian::little, "the format Native is little-endian");

template <class From, class To>
std::size_t widen(std::string_view bytes, std::size_t rows, Cells& out) {
  auto& cells = std::get<std::vector<To>>(out);
  const std::size_t before = cells.size();
  cells.resize(before + rows);
  if constexpr (std::same_as<From, To>) {
    bytes.copy(reinterpret_cast<char*>(cells.data() + before), rows * sizeof(From));
    return rows;
  }
  for (std::size_t row = 0; row < rows; ++row) {
    From value;
    std::memcpy(&value, bytes.data() + row * sizeof(From), sizeof(From));
    if constexpr (std::integral<From>)
      if (!std::in_range<To>(value)) return row;
    cells[before + row] = static_cast<To>(value);
  }
  return rows;
}

std::size_t widen_bool(std::string_view bytes, std::size_t rows, Cells& out) {
  auto& cells = std::get<Bools>(out);
  cells.reserve(cells.size() + rows);
  for (const char byte : bytes.substr(0, rows))
    cells.push_back(byte != 0 ? 1 : 0);
  return rows;
}

std::size_t widen_int8(std::string_view bytes, std::size_t rows, Cells& out) {
  constexpr std::int32_t kSign = 0x80;
  auto& cells = std::get<std::vector<std::int32_t>>(out);
  cells.reserve(cells.size() + rows);
  for (const char byte : bytes.substr(0, rows))
    cells.push_back((static_cast<unsigned char>(byte) ^ kSign) - kSign);
  return rows;
}

template <class From, class To>
constexpr NativeType fixed(std::string_view name, CellType cell) {
  return {name, cell, sizeof(From), widen<From, To>};
}

using std::int32_t, std::int64_t;

constexpr NativeType kTypes[] = {
    {"Bool", CellType::Bool, 1, widen_bool},
    {"Int8", CellType::Int32, 1, widen_int8},
    fixed<std::int16_t, int32_t>("Int16", CellType::Int32),
    fixed<int32_t, int32_t>("Int32", CellType::Int32),
    fixed<int64_t, int64_t>("Int64", CellType::Int64),
    fixed<std::uint8_t, int32_t>("UInt8", CellType::Int32),
    fixed<std::uint16_t, int32_t>("UInt16", CellType::Int32),
    fixed<std::uint32_t, int64_t>("UInt32", CellType::Int64),
    fixed<std::uint64_t, int64_t>("UInt64", CellType::Int64),
    fixed<float, double>("Float32", CellType::Float64),
    fixed<double, double>("Float64", CellType::Float64),
    {"String", CellType::String, 0, nullptr},
};

/// Whether `text` is `name(...)`; it is what stands in the brackets then.
bool unwrap_type(std::string_view name, std::string_view& text) {
  const bool is_it = text.size() > name.size() + 2 && text.starts_with(name) && text[name.size()] == '(' &&
                     text.ends_with(')');
  if (is_it) text = text.substr(name.size() + 1, text.size() - name.size() - 2);
  return is_it;
}

std::optional<NativeColumn> parse_type(std::string_view text) {
  NativeColumn out;
  out.low_cardinality = unwrap_type("LowCardinality", text);
  out.nullable = unwrap_type("Nullable", text);
  const auto* row = std::ranges::find(kTypes, text, &NativeType::name);
  if (row == std::end(kTypes)) return std::nullopt;
  if (out.low_cardinality && row->width != 0) return std::nullopt;
  out.type = row;
  return out;
}

}  // namespace

Result<NativeColumn> read_native_type(std::string_view column, std::string_view type) {
  const std::optional<NativeColumn> out = parse_type(type);
  if (out) return *out;
  return fail(Error::Kind::Unsupported, "STO0012",
              fmt::format("a column has a type that is not read: {} {}", column, type), {},
              "cast it in the query");
}

}  // namespace redoubt::store::detail

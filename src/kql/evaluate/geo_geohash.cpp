#include <algorithm>
#include <array>
#include <cmath>

#include "kql/detail/geo_shapes.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

// Source: Kusto Query Language reference, "geo_point_to_geohash()"; the base32 digits of geohash.org.

namespace {

constexpr std::string_view kDigits = "0123456789bcdefghjkmnpqrstuvwxyz";
constexpr std::size_t kLongest = 18;
constexpr std::int64_t kUsual = 5;

/// A cell: numbers of its column from the west and of its row from the south, and how many bits they have.
struct Cell {
  std::uint64_t column = 0;
  std::uint64_t row = 0;
  int column_bits = 0;
  int row_bits = 0;
};

void set_bits(Cell& cell, std::size_t length) {
  const int bits = static_cast<int>(length) * 5;
  cell.column_bits = (bits + 1) / 2;
  cell.row_bits = bits / 2;
}

/// Bits of columns and rows take turns, from the greatest on.
std::string text_of(const Cell& cell) {
  std::string out;
  int column = cell.column_bits;
  int row = cell.row_bits;
  unsigned digit = 0;
  for (int bit = 0; bit < cell.column_bits + cell.row_bits; ++bit) {
    const std::uint64_t next = bit % 2 == 0 ? cell.column >> --column : cell.row >> --row;
    digit = digit * 2 + static_cast<unsigned>(next & 1U);
    if (bit % 5 != 4) continue;
    out += kDigits[digit];
    digit = 0;
  }
  return out;
}

std::optional<Cell> cell_of(std::string_view text) {
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  Cell out;
  set_bits(out, text.size());
  int bit = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    for (int i = 4; i >= 0; --i, ++bit) {
      std::uint64_t& number = bit % 2 == 0 ? out.column : out.row;
      number = number * 2 + ((digit >> i) & 1U);
    }
  }
  return out;
}

/// The part of a range that a value is in; its end belongs to the last.
std::uint64_t part_of(double value, double from, double size, int bits) {
  const double parts = static_cast<double>(std::uint64_t{1} << bits);
  const double part = std::floor((value - from) / size * parts);
  return static_cast<std::uint64_t>(std::min(part, parts - 1));
}

struct Box {
  Place low;
  Place high;
};

Box box_of(const Cell& cell) {
  const double width = 360 / static_cast<double>(std::uint64_t{1} << cell.column_bits);
  const double height = 180 / static_cast<double>(std::uint64_t{1} << cell.row_bits);
  const auto column = static_cast<double>(cell.column);
  const auto row = static_cast<double>(cell.row);
  return {{-180 + column * width, -90 + row * height},
          {-180 + (column + 1) * width, -90 + (row + 1) * height}};
}

Result<Value> geo_point_to_geohash(const Call& call) {
  const auto place = place_in(call, 0);
  const std::optional<std::int64_t> length = call.size() > 2 ? call.whole(2) : std::optional(kUsual);
  if (!place || !length || *length < 1 || *length > static_cast<std::int64_t>(kLongest))
    return Value::of_string("");
  Cell cell;
  set_bits(cell, static_cast<std::size_t>(*length));
  cell.column = part_of(place->longitude, -180, 360, cell.column_bits);
  cell.row = part_of(place->latitude, -90, 180, cell.row_bits);
  return Value::of_string(text_of(cell));
}

Result<Value> geo_geohash_to_central_point(const Call& call) {
  const std::optional<Cell> cell = cell_of(call.text(0));
  if (!cell) return Value::null(Type::Dynamic);
  const Box box = box_of(*cell);
  const Place center{(box.low.longitude + box.high.longitude) / 2,
                     (box.low.latitude + box.high.latitude) / 2};
  return Value::of_dynamic(shape_json("Point", coordinates_json(center)));
}

Result<Value> geo_geohash_to_polygon(const Call& call) {
  const std::optional<Cell> cell = cell_of(call.text(0));
  if (!cell) return Value::null(Type::Dynamic);
  const Box box = box_of(*cell);
  const std::array<Place, 5> corners{box.low,
                                     {box.high.longitude, box.low.latitude},
                                     box.high,
                                     {box.low.longitude, box.high.latitude},
                                     box.low};
  std::string ring;
  for (const Place& corner : corners)
    ring.append(ring.empty() ? "[[" : ",").append(coordinates_json(corner));
  return Value::of_dynamic(shape_json("Polygon", ring + "]]"));
}

/// Around the world to the east and west; there are none beyond the poles.
Result<Value> geo_geohash_neighbors(const Call& call) {
  const std::optional<Cell> cell = cell_of(call.text(0));
  if (!cell) return Value::null(Type::Dynamic);
  constexpr std::array<std::array<int, 2>, 8> kSteps{
      {{-1, 0}, {-1, -1}, {0, -1}, {1, -1}, {1, 0}, {1, 1}, {0, 1}, {-1, 1}}};
  const std::uint64_t columns = std::uint64_t{1} << cell->column_bits;
  const std::uint64_t rows = std::uint64_t{1} << cell->row_bits;
  std::string out = "[";
  for (const auto& [east, north] : kSteps) {
    Cell next = *cell;
    next.column = (cell->column + columns + static_cast<std::uint64_t>(east)) % columns;
    next.row = cell->row + static_cast<std::uint64_t>(north);
    if (next.row >= rows) continue;
    out.append(out.size() > 1 ? "," : "").append(json_of_text(text_of(next)));
  }
  return Value::of_dynamic(out + "]");
}

constexpr EvaluationRow kRows[] = {{"geo_geohash_neighbors", geo_geohash_neighbors},
                                   {"geo_geohash_to_central_point", geo_geohash_to_central_point},
                                   {"geo_geohash_to_polygon", geo_geohash_to_polygon},
                                   {"geo_point_to_geohash", geo_point_to_geohash, 2, 3}};

}  // namespace

EvaluationRows geo_geohash_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail

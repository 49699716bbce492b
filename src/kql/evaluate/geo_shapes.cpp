#include "kql/detail/geo_shapes.h"

#include <algorithm>
#include <array>
#include <set>

#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

struct ShapeType {
  std::string_view name;
  int depth;  ///< of lists around a place
};
constexpr ShapeType kTypes[] = {{"Point", 0},           {"MultiPoint", 1}, {"LineString", 1},
                                {"MultiLineString", 2}, {"Polygon", 2},    {"MultiPolygon", 3}};

std::optional<double> number_of(std::string_view json) {
  const JsonKind kind = json_kind(json);
  if (kind != JsonKind::Long && kind != JsonKind::Real) return std::nullopt;
  return read_real(json);
}

std::optional<Place> read_place(std::string_view json) {
  if (json.empty() || json_kind(json) != JsonKind::Array) return std::nullopt;
  const std::vector<std::string_view> numbers = json_elements(json);
  if (numbers.size() < 2) return std::nullopt;
  const std::optional<double> longitude = number_of(numbers[0]);
  const std::optional<double> latitude = number_of(numbers[1]);
  if (!longitude || !latitude) return std::nullopt;
  const Place out{*longitude, *latitude};
  return out.is_valid() ? std::optional(out) : std::nullopt;
}

/// Elements of a list; nothing: it is none.
std::optional<std::vector<std::string_view>> list_of(std::string_view json) {
  if (json.empty() || json_kind(json) != JsonKind::Array) return std::nullopt;
  return json_elements(json);
}

std::optional<std::vector<Place>> read_places(std::string_view json) {
  const auto elements = list_of(json);
  if (!elements) return std::nullopt;
  std::vector<Place> out;
  for (const std::string_view element : *elements) {
    const std::optional<Place> place = read_place(element);
    if (!place) return std::nullopt;
    out.push_back(*place);
  }
  return out;
}

std::optional<std::vector<std::vector<Place>>> read_lists(std::string_view json) {
  const auto elements = list_of(json);
  if (!elements) return std::nullopt;
  std::vector<std::vector<Place>> out;
  for (const std::string_view element : *elements) {
    auto places = read_places(element);
    if (!places) return std::nullopt;
    out.push_back(std::move(*places));
  }
  return out;
}

bool read_parts(std::string_view coordinates, int depth, Shape& out) {
  if (depth == 3) {
    const auto elements = list_of(coordinates);
    if (!elements) return false;
    for (const std::string_view element : *elements) {
      auto lists = read_lists(element);
      if (!lists) return false;
      out.parts.push_back(std::move(*lists));
    }
    return true;
  }
  out.parts.resize(1);
  if (depth == 2) {
    auto lists = read_lists(coordinates);
    if (lists) out.parts.front() = std::move(*lists);
    return lists.has_value();
  }
  std::optional<std::vector<Place>> places;
  if (depth == 1) places = read_places(coordinates);
  if (depth == 0)
    if (const std::optional<Place> place = read_place(coordinates)) places = std::vector<Place>{*place};
  if (places) out.parts.front().push_back(std::move(*places));
  return places.has_value();
}

/// Rings of less than three different points, or with one twice, are none.
std::optional<Ring> ring_of(const std::vector<Place>& places) {
  if (places.size() < 4 || !(places.front() == places.back())) return std::nullopt;
  Ring out;
  std::set<std::array<double, 3>> seen;
  for (std::size_t i = 0; i + 1 < places.size(); ++i) {
    out.push_back(point_of(places[i]));
    if (!seen.insert({out.back().x, out.back().y, out.back().z}).second) return std::nullopt;
  }
  return out;
}

/// Edges of rings, in the order of their least x.
struct Edge {
  Vector a;
  Vector b;

  double least() const { return std::min(a.x, b.x); }
  double greatest() const { return std::max(a.x, b.x); }
};

bool rings_cross(const Polygon& polygon) {
  std::vector<Edge> edges;
  for (const Ring& ring : polygon)
    for (std::size_t i = 0; i < ring.size(); ++i)
      edges.push_back({ring[i], ring[i + 1 == ring.size() ? 0 : i + 1]});
  std::sort(edges.begin(), edges.end(),
            [](const Edge& left, const Edge& right) { return left.least() < right.least(); });
  for (std::size_t i = 0; i < edges.size(); ++i)
    for (std::size_t j = i + 1; j < edges.size() && edges[j].least() <= edges[i].greatest() + 0.01; ++j)
      if (edges_cross(edges[i].a, edges[i].b, edges[j].a, edges[j].b)) return true;
  return false;
}

std::optional<Polygon> read_polygon(const std::vector<std::vector<Place>>& lists) {
  Polygon out;
  for (const std::vector<Place>& places : lists) {
    std::optional<Ring> ring = ring_of(places);
    if (!ring) return std::nullopt;
    const bool to_the_left = signed_area(*ring) > 0;
    if (to_the_left != out.empty()) std::reverse(ring->begin() + 1, ring->end());
    out.push_back(std::move(*ring));
  }
  if (out.empty() || rings_cross(out)) return std::nullopt;
  return out;
}

}  // namespace

std::optional<Shape> shape_of(const Value& value) {
  if (!value.is(Type::Dynamic) || value.is_null() || json_kind(value.json()) != JsonKind::Bag)
    return std::nullopt;
  const std::string_view type = json_member(value.json(), "type");
  if (type.empty() || json_kind(type) != JsonKind::String) return std::nullopt;
  const std::string name = json_string(type);
  for (const ShapeType& row : kTypes)
    if (row.name == name) {
      Shape out{row.name, {}};
      const bool reads = read_parts(json_member(value.json(), "coordinates"), row.depth, out);
      return reads ? std::optional(std::move(out)) : std::nullopt;
    }
  return std::nullopt;
}

std::optional<std::vector<Line>> lines_of(const Value& value) {
  const std::optional<Shape> shape = shape_of(value);
  if (!shape || (shape->type != "LineString" && shape->type != "MultiLineString")) return std::nullopt;
  std::vector<Line> out;
  for (const std::vector<Place>& places : shape->parts.front()) {
    if (places.size() < 2) return std::nullopt;
    Line line;
    for (const Place& place : places) {
      line.push_back(point_of(place));
      const bool again = line.size() > 1 && line[line.size() - 2] == line.back();
      if (again) return std::nullopt;
    }
    out.push_back(std::move(line));
  }
  return out.empty() ? std::nullopt : std::optional(std::move(out));
}

std::optional<std::vector<Polygon>> polygons_of(const Value& value) {
  const std::optional<Shape> shape = shape_of(value);
  if (!shape || (shape->type != "Polygon" && shape->type != "MultiPolygon")) return std::nullopt;
  std::vector<Polygon> out;
  for (const auto& lists : shape->parts) {
    std::optional<Polygon> polygon = read_polygon(lists);
    if (!polygon) return std::nullopt;
    out.push_back(std::move(*polygon));
  }
  return out.empty() ? std::nullopt : std::optional(std::move(out));
}

std::optional<Place> place_in(const Call& call, std::size_t from) {
  const std::optional<double> longitude = call.real(from);
  const std::optional<double> latitude = call.real(from + 1);
  if (!longitude || !latitude) return std::nullopt;
  const Place out{*longitude, *latitude};
  return out.is_valid() ? std::optional(out) : std::nullopt;
}

std::string coordinates_json(const Place& place) {
  return "[" + real_text(place.longitude) + "," + real_text(place.latitude) + "]";
}

std::string coordinates_json(const Vector& point) { return coordinates_json(place_of(point)); }

std::string shape_json(std::string_view type, std::string_view coordinates) {
  std::string out = R"({"type":")";
  out.append(type).append(R"(","coordinates":)").append(coordinates);
  return out + "}";
}

std::string line_json(const Line& line, bool closed) {
  std::string out = "[";
  for (std::size_t i = 0; i < line.size() + (closed ? 1 : 0); ++i)
    out.append(i == 0 ? "" : ",").append(coordinates_json(line[i == line.size() ? 0 : i]));
  return out + "]";
}

Value point_shape(const Vector& point) {
  return Value::of_dynamic(shape_json("Point", coordinates_json(point)));
}

Value line_shape(const std::vector<Line>& lines) {
  if (lines.size() == 1) return Value::of_dynamic(shape_json("LineString", line_json(lines.front())));
  std::string out;
  for (const Line& line : lines)
    out.append(out.empty() ? "[" : ",").append(line_json(line));
  return Value::of_dynamic(shape_json("MultiLineString", out + "]"));
}

Value polygon_shape(const std::vector<Polygon>& polygons) {
  std::string out;
  for (const Polygon& polygon : polygons) {
    std::string rings;
    for (const Ring& ring : polygon)
      rings.append(rings.empty() ? "[" : ",").append(line_json(ring, true));
    if (polygons.size() == 1) return Value::of_dynamic(shape_json("Polygon", rings + "]"));
    out.append(out.empty() ? "[" : ",").append(rings + "]");
  }
  return Value::of_dynamic(shape_json("MultiPolygon", out + "]"));
}

Value real_or_null(std::optional<double> value) {
  return value ? Value::of_real(*value) : Value::null(Type::Real);
}

}  // namespace redoubt::kql::detail

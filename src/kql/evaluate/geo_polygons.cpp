#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "kql/detail/geo_densify.h"
#include "kql/detail/geo_overlay.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

using Lines = std::optional<std::vector<Line>>;
using Polygons = std::optional<std::vector<Polygon>>;

tl::unexpected<Error> too_many(const Call& call) {
  return fail(
      Error::Kind::Limit, "KQL0405",
      std::string(call.function.name) + " takes no shapes of more edges than " + std::to_string(kMostEdges));
}

Result<Value> geo_point_in_polygon(const Call& call) {
  const auto place = place_in(call, 0);
  const Polygons polygons = polygons_of(call[2]);
  if (!place || !polygons) return Value::null(Type::Bool);
  return Value::of_bool(contains(*polygons, point_of(*place)));
}

/// Of several polygons what they are together.
Result<Value> geo_polygon_area(const Call& call) {
  const Polygons polygons = polygons_of(call[0]);
  if (!polygons) return Value::null(Type::Real);
  if (polygons->size() > 1 && edges_in(*polygons) > kMostEdges) return too_many(call);
  double out = 0;
  for (const Polygon& polygon : union_of(*polygons))
    for (const Ring& ring : polygon)
      out += signed_area(ring);
  return Value::of_real(kEarthRadius * kEarthRadius * out);
}

Result<Value> geo_polygon_perimeter(const Call& call) {
  const Polygons polygons = polygons_of(call[0]);
  if (!polygons) return Value::null(Type::Real);
  if (polygons->size() > 1 && edges_in(*polygons) > kMostEdges) return too_many(call);
  double out = 0;
  for (const Polygon& polygon : union_of(*polygons))
    for (const Ring& ring : polygon)
      out += perimeter(ring);
  return Value::of_real(kEarthRadius * out);
}

Result<Value> geo_polygon_centroid(const Call& call) {
  const Polygons polygons = polygons_of(call[0]);
  if (!polygons) return Value::null(Type::Dynamic);
  if (polygons->size() > 1 && edges_in(*polygons) > kMostEdges) return too_many(call);
  Vector sum;
  for (const Polygon& polygon : union_of(*polygons))
    for (const Ring& ring : polygon)
      sum = sum + area_moment(ring);
  return length(sum) > 0 ? point_shape(unit(sum)) : Value::null(Type::Dynamic);
}

struct Nearest {
  double distance = std::numeric_limits<double>::infinity();
  Vector point;
};

/// Itself, for a point inside.
Nearest nearest_in(const std::vector<Polygon>& polygons, const Vector& point) {
  if (contains(polygons, point)) return {0, point};
  Nearest out;
  for (const Polygon& polygon : polygons)
    for (const Ring& ring : polygon)
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vector& next = ring[i + 1 == ring.size() ? 0 : i + 1];
        if (const double far = distance_to_edge(point, ring[i], next); far < out.distance)
          out = {far, closest(point, ring[i], next)};
      }
  return out;
}

Result<Value> geo_distance_point_to_polygon(const Call& call) {
  const auto place = place_in(call, 0);
  const Polygons polygons = polygons_of(call[2]);
  if (!place || !polygons) return Value::null(Type::Real);
  return Value::of_real(kEarthRadius * nearest_in(*polygons, point_of(*place)).distance);
}

Result<Value> geo_closest_point_on_polygon(const Call& call) {
  const auto place = place_in(call, 0);
  const Polygons polygons = polygons_of(call[2]);
  if (!place || !polygons) return Value::null(Type::Dynamic);
  return point_shape(nearest_in(*polygons, point_of(*place)).point);
}

Result<Value> geo_polygon_densify(const Call& call) {
  const std::optional<double> tolerance = meters_in(call, 1, 10, 0.1, 10'000);
  if (!polygons_of(call[0]) || !tolerance) return Value::null(Type::Dynamic);
  const bool around = call.size() > 2 && bool_of(call[2]).value_or(false);
  const std::optional<Shape> shape = shape_of(call[0]);
  std::string out;
  for (const auto& part : shape->parts) {
    std::string rings;
    for (const std::vector<Place>& places : part) {
      rings.append(rings.empty() ? "[" : ",");
      rings.append(places_json(densified(places, *tolerance / kEarthRadius, around)));
      if (out.size() + rings.size() > call.context.limits.max_bytes) return too_large(call);
    }
    if (shape->type == "Polygon") return dynamic_result(call, shape_json(shape->type, rings + "]"));
    out.append(out.empty() ? "[" : ",").append(rings + "]");
  }
  return dynamic_result(call, shape_json(shape->type, out + "]"));
}

/// A shape; of several kinds a collection.
Value common_shape(const Common& common) {
  std::vector<std::string> shapes;
  if (common.points.size() == 1) shapes.push_back(to_json(point_shape(common.points.front())));
  if (common.points.size() > 1) shapes.push_back(shape_json("MultiPoint", line_json(common.points)));
  if (!common.lines.empty()) shapes.push_back(to_json(line_shape(common.lines)));
  if (!common.polygons.empty()) shapes.push_back(to_json(polygon_shape(common.polygons)));
  if (shapes.size() == 1) return Value::of_dynamic(std::move(shapes.front()));
  std::string out = R"({"type":"GeometryCollection","geometries":[)";
  for (std::size_t i = 0; i < shapes.size(); ++i)
    out.append(i == 0 ? "" : ",").append(shapes[i]);
  return Value::of_dynamic(out + "]}");
}

/// What two arguments have in common; nothing: one of them is no such shape.
template <class Left, class Right>
Result<std::optional<Common>> common_in(const Call& call, const std::optional<std::vector<Left>>& left,
                                        const std::optional<std::vector<Right>>& right) {
  if (!left || !right) return std::optional<Common>();
  if (edges_in(*left) + edges_in(*right) > kMostEdges) return too_many(call);
  return std::optional(common_of(*left, *right));
}

Result<Value> common_value(const Result<std::optional<Common>>& common) {
  if (!common) return tl::unexpected(common.error());
  return *common ? common_shape(**common) : Value::null(Type::Dynamic);
}

Result<Value> common_test(const Result<std::optional<Common>>& common) {
  if (!common) return tl::unexpected(common.error());
  return *common ? Value::of_bool(!(*common)->empty()) : Value::null(Type::Bool);
}

Result<Value> geo_intersection_2lines(const Call& call) {
  return common_value(common_in(call, lines_of(call[0]), lines_of(call[1])));
}
Result<Value> geo_intersection_2polygons(const Call& call) {
  return common_value(common_in(call, polygons_of(call[0]), polygons_of(call[1])));
}
Result<Value> geo_intersection_line_with_polygon(const Call& call) {
  return common_value(common_in(call, lines_of(call[0]), polygons_of(call[1])));
}
Result<Value> geo_intersects_2lines(const Call& call) {
  return common_test(common_in(call, lines_of(call[0]), lines_of(call[1])));
}
Result<Value> geo_intersects_2polygons(const Call& call) {
  return common_test(common_in(call, polygons_of(call[0]), polygons_of(call[1])));
}
Result<Value> geo_intersects_line_with_polygon(const Call& call) {
  return common_test(common_in(call, lines_of(call[0]), polygons_of(call[1])));
}

/// Shapes in an array; nothing: it is none, or one is no such shape.
template <class Shape, class Read>
std::optional<std::vector<std::vector<Shape>>> shapes_in(const Value& array, const Read& read) {
  if (!array.is(Type::Dynamic) || array.is_null() || json_kind(array.json()) != JsonKind::Array)
    return std::nullopt;
  std::vector<std::vector<Shape>> out;
  for (const std::string_view element : json_elements(array.json())) {
    auto shapes = read(Value::of_dynamic(std::string(element)));
    if (!shapes) return std::nullopt;
    out.push_back(std::move(*shapes));
  }
  return out.empty() ? std::nullopt : std::optional(std::move(out));
}

Result<Value> geo_union_lines_array(const Call& call) {
  const auto shapes = shapes_in<Line>(call[0], lines_of);
  if (!shapes) return Value::null(Type::Dynamic);
  std::vector<Line> all;
  for (const std::vector<Line>& lines : *shapes)
    all.insert(all.end(), lines.begin(), lines.end());
  if (edges_in(all) > kMostEdges) return too_many(call);
  return line_shape(union_of(all));
}

/// Two by two, those with the fewest edges first, as the order of points hangs on it.
/// Source: S2 Geometry, S2Polygon::DestructiveUnion.
std::vector<Polygon> union_by_size(const std::vector<std::vector<Polygon>>& shapes) {
  std::multimap<std::size_t, std::vector<Polygon>> queue;
  for (const std::vector<Polygon>& polygons : shapes)
    queue.emplace(edges_in(polygons), polygons);
  while (queue.size() > 1) {
    std::vector<Polygon> both = std::move(queue.begin()->second);
    queue.erase(queue.begin());
    const std::vector<Polygon> other = std::move(queue.begin()->second);
    queue.erase(queue.begin());
    both.insert(both.end(), other.begin(), other.end());
    std::vector<Polygon> joined = union_of(both);
    const std::size_t size = edges_in(joined);
    queue.emplace(size, std::move(joined));
  }
  return queue.begin()->second;
}

Result<Value> geo_union_polygons_array(const Call& call) {
  const auto shapes = shapes_in<Polygon>(call[0], polygons_of);
  if (!shapes) return Value::null(Type::Dynamic);
  std::size_t edges = 0;
  for (const std::vector<Polygon>& polygons : *shapes)
    edges += edges_in(polygons);
  if (edges > kMostEdges) return too_many(call);
  return polygon_shape(union_by_size(*shapes));
}

constexpr EvaluationRow kRows[] = {
    {"geo_closest_point_on_polygon", geo_closest_point_on_polygon, 3, 3},
    {"geo_distance_point_to_polygon", geo_distance_point_to_polygon, 3, 3},
    {"geo_intersection_2lines", geo_intersection_2lines, 2, 2},
    {"geo_intersection_2polygons", geo_intersection_2polygons, 2, 2},
    {"geo_intersection_line_with_polygon", geo_intersection_line_with_polygon, 2, 2},
    {"geo_intersects_2lines", geo_intersects_2lines, 2, 2},
    {"geo_intersects_2polygons", geo_intersects_2polygons, 2, 2},
    {"geo_intersects_line_with_polygon", geo_intersects_line_with_polygon, 2, 2},
    {"geo_point_in_polygon", geo_point_in_polygon, 3, 3},
    {"geo_polygon_area", geo_polygon_area},
    {"geo_polygon_centroid", geo_polygon_centroid},
    {"geo_polygon_densify", geo_polygon_densify, 1, 3},
    {"geo_polygon_perimeter", geo_polygon_perimeter},
    {"geo_union_lines_array", geo_union_lines_array},
    {"geo_union_polygons_array", geo_union_polygons_array}};

}  // namespace

EvaluationRows geo_polygon_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail

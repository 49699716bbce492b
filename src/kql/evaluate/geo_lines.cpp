#include <algorithm>
#include <cmath>

#include "kql/detail/geo_densify.h"
#include "kql/detail/geo_overlay.h"

namespace redoubt::kql::detail {

namespace {

using Lines = std::optional<std::vector<Line>>;

double length_of(const Line& line) {
  double out = 0;
  for (std::size_t i = 1; i < line.size(); ++i)
    out += distance(line[i - 1], line[i]);
  return out;
}

/// Of several lines what they are together.
Result<Value> geo_line_length(const Call& call) {
  const Lines lines = lines_of(call[0]);
  if (!lines) return Value::null(Type::Real);
  double out = 0;
  for (const Line& line : union_of(*lines))
    out += length_of(line);
  return Value::of_real(kEarthRadius * out);
}

Result<Value> geo_line_centroid(const Call& call) {
  const Lines lines = lines_of(call[0]);
  if (!lines) return Value::null(Type::Dynamic);
  Vector sum;
  for (const Line& line : union_of(*lines))
    for (std::size_t i = 1; i < line.size(); ++i) {
      const Vector across = line[i] - line[i - 1];
      const Vector middle = line[i] + line[i - 1];
      const double size = length(middle);
      if (size > 0) sum = sum + (length(across) / size) * middle;
    }
  return length(sum) > 0 ? point_shape(unit(sum)) : Value::null(Type::Dynamic);
}

Result<Value> geo_line_interpolate_point(const Call& call) {
  const Lines lines = lines_of(call[0]);
  const std::optional<double> part = call.real(1);
  if (!lines || lines->size() != 1 || !part || !(*part >= 0 && *part <= 1)) return Value::null(Type::Dynamic);
  const Line& line = lines->front();
  double left = *part * length_of(line);
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double size = distance(line[i - 1], line[i]);
    if (left < size) return point_shape(along(line[i - 1], line[i], left));
    left -= size;
  }
  return point_shape(line.back());
}

/// Where on lines a point is nearest to.
struct Nearest {
  double distance = std::numeric_limits<double>::infinity();
  std::size_t edge = 0;  ///< of its line, by its second point
  Vector point;
};

Nearest nearest_on(const std::vector<Line>& lines, const Vector& point) {
  Nearest out;
  for (const Line& line : lines)
    for (std::size_t i = 1; i < line.size(); ++i)
      if (const double far = distance_to_edge(point, line[i - 1], line[i]); far < out.distance)
        out = {far, i, closest(point, line[i - 1], line[i])};
  return out;
}

Result<Value> geo_line_locate_point(const Call& call) {
  const Lines lines = lines_of(call[0]);
  const auto place = place_in(call, 1);
  if (!lines || lines->size() != 1 || !place) return Value::null(Type::Real);
  const bool spheroid = call.size() > 3 && bool_of(call[3]).value_or(false);
  const auto size = [spheroid](const Vector& a, const Vector& b) {
    return spheroid ? spheroid_distance(place_of(a), place_of(b)).value_or(kEarthRadius * distance(a, b))
                    : distance(a, b);
  };
  const Line& line = lines->front();
  const Nearest nearest = nearest_on(*lines, point_of(*place));
  double before = 0;
  double all = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (i == nearest.edge) before = all + size(line[i - 1], nearest.point);
    all += size(line[i - 1], line[i]);
  }
  return Value::of_real(std::min(1.0, before / all));
}

Result<Value> geo_distance_point_to_line(const Call& call) {
  const Lines lines = lines_of(call[2]);
  const auto place = place_in(call, 0);
  if (!lines || !place) return Value::null(Type::Real);
  return Value::of_real(kEarthRadius * nearest_on(*lines, point_of(*place)).distance);
}

Result<Value> geo_closest_point_on_line(const Call& call) {
  const Lines lines = lines_of(call[2]);
  const auto place = place_in(call, 0);
  if (!lines || !place) return Value::null(Type::Dynamic);
  return point_shape(nearest_on(*lines, point_of(*place)).point);
}

Result<Value> geo_line_densify(const Call& call) {
  const std::optional<Shape> shape = shape_of(call[0]);
  const std::optional<double> tolerance = meters_in(call, 1, 10, 0.1, 10'000);
  if (!lines_of(call[0]) || !tolerance) return Value::null(Type::Dynamic);
  const bool around = call.size() > 2 && bool_of(call[2]).value_or(false);
  std::string out;
  for (const std::vector<Place>& places : shape->parts.front()) {
    const std::string line = places_json(densified(places, *tolerance / kEarthRadius, around));
    if (shape->type == "LineString") return dynamic_result(call, shape_json(shape->type, line));
    out.append(out.empty() ? "[" : ",").append(line);
    if (out.size() > call.context.limits.max_bytes) return too_large(call);
  }
  return dynamic_result(call, shape_json(shape->type, out + "]"));
}

constexpr EvaluationRow kRows[] = {{"geo_closest_point_on_line", geo_closest_point_on_line, 3, 3},
                                   {"geo_distance_point_to_line", geo_distance_point_to_line, 3, 3},
                                   {"geo_line_centroid", geo_line_centroid},
                                   {"geo_line_densify", geo_line_densify, 1, 3},
                                   {"geo_line_interpolate_point", geo_line_interpolate_point, 2, 2},
                                   {"geo_line_length", geo_line_length},
                                   {"geo_line_locate_point", geo_line_locate_point, 3, 4}};

}  // namespace

EvaluationRows geo_line_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail

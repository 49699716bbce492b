#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kql/detail/evaluation.h"
#include "kql/detail/sphere.h"

/// Shapes of GeoJSON (RFC 7946) inside dynamic values, read and written; what geo_...() functions share.
namespace redoubt::kql::detail {

using Line = std::vector<Vector>;
/// The first ring goes around to the left, the holes in it to the right.
using Polygon = std::vector<Ring>;

/// Coordinates as they are written: of a point one, of points and a line a list, of lines and a polygon
/// lists, of polygons lists of lists.
struct Shape {
  std::string_view type;  ///< `Point`, `MultiPolygon` ...
  std::vector<std::vector<std::vector<Place>>> parts;
};

/// Nothing: it is no shape, or places in it are none.
std::optional<Shape> shape_of(const Value& value);
/// Of LineString and MultiLineString. Nothing: it is something else, or a line with less than two points, or
/// with the same point twice behind each other.
std::optional<std::vector<Line>> lines_of(const Value& value);
/// Of Polygon and MultiPolygon. Nothing: it is something else, or has a ring that is not closed, goes through
/// a point twice, or crosses itself. Source: Kusto Query Language reference, "geo_point_in_polygon()",
/// "Polygon definition and constraints".
std::optional<std::vector<Polygon>> polygons_of(const Value& value);

/// The longitude and latitude among the arguments, from a number on; nothing: they are no place.
std::optional<Place> place_in(const Call& call, std::size_t from);

// GeoJSON texts.
std::string coordinates_json(const Place& place);
std::string coordinates_json(const Vector& point);
Value point_shape(const Vector& point);
/// One as LineString, several as MultiLineString.
Value line_shape(const std::vector<Line>& lines);
/// One as Polygon, several as MultiPolygon.
Value polygon_shape(const std::vector<Polygon>& polygons);
std::string shape_json(std::string_view type, std::string_view coordinates);
std::string line_json(const Line& line, bool closed = false);

/// A distance on the Earth as a spheroid, in meters; nothing: it can't be told of points nearly opposite of
/// each other.
std::optional<double> spheroid_distance(const Place& from, const Place& to);

/// Null where there is no value.
Value real_or_null(std::optional<double> value);

}  // namespace redoubt::kql::detail

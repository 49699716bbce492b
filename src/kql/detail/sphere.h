#pragma once

#include <cmath>
#include <numbers>
#include <optional>
#include <span>
#include <vector>

/// Geometry on the unit sphere, in double precision. Edges are the shorter arcs of great circles.
/// Source of the formulas: S2 Geometry (s2geometry.io), which the engine's results are those of.
namespace redoubt::kql::detail {

/// Of the sphere that the Earth counts as, in meters.
inline constexpr double kEarthRadius = 6'371'010;

/// Degrees.
struct Place {
  double longitude = 0;
  double latitude = 0;

  bool is_valid() const {
    return std::abs(longitude) <= 180 && std::abs(latitude) <= 90;  // false for NaN
  }
  bool operator==(const Place&) const = default;
};

/// A point of the sphere where its length is 1.
struct Vector {
  double x = 0;
  double y = 0;
  double z = 0;

  friend Vector operator+(const Vector& a, const Vector& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
  friend Vector operator-(const Vector& a, const Vector& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
  friend Vector operator*(double factor, const Vector& a) {
    return {factor * a.x, factor * a.y, factor * a.z};
  }
  bool operator==(const Vector&) const = default;
};

constexpr double radians_of(double degrees) { return std::numbers::pi / 180 * degrees; }
constexpr double degrees_of(double radians) { return 180 / std::numbers::pi * radians; }

inline double dot(const Vector& a, const Vector& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vector cross(const Vector& a, const Vector& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline double length(const Vector& a) { return std::sqrt(dot(a, a)); }
Vector unit(const Vector& a);
/// The direction of a x b, as exact for points near each other as for others.
inline Vector normal_of(const Vector& a, const Vector& b) { return cross(b + a, b - a); }

Vector point_of(const Place& place);
Place place_of(const Vector& point);

/// Radians between two points.
inline double distance(const Vector& a, const Vector& b) {
  return std::atan2(length(cross(a, b)), dot(a, b));
}
/// 1: c is on the left of the way from a to b; -1: on the right; 0: on it, as far as doubles can tell.
int side_of(const Vector& a, const Vector& b, const Vector& c);
/// The angle at b between the edges to a and c.
double turn(const Vector& a, const Vector& b, const Vector& c);
/// The point on an edge, or behind it, so far from a.
Vector along(const Vector& a, const Vector& b, double radians);
/// The point at a part (0 to 1) of an edge.
Vector between(const Vector& a, const Vector& b, double part);

/// Of an edge.
Vector closest(const Vector& point, const Vector& a, const Vector& b);
double distance_to_edge(const Vector& point, const Vector& a, const Vector& b);

/// Whether the inner parts of two edges cross.
bool edges_cross(const Vector& a, const Vector& b, const Vector& c, const Vector& d);
/// Where they do.
Vector crossing(const Vector& a, const Vector& b, const Vector& c, const Vector& d);

/// A closed way; the last point leads to the first.
using Ring = std::vector<Vector>;

/// How often it goes around a point, counted to the left. Rings count as less than half of the sphere.
int winding(std::span<const Vector> ring, const Vector& point);
/// In steradians, negative where it goes around to the right.
double signed_area(std::span<const Vector> ring);
/// The integral of all points on its left; not of length 1.
Vector area_moment(std::span<const Vector> ring);
double perimeter(std::span<const Vector> ring);

}  // namespace redoubt::kql::detail

#pragma once

#include <vector>

#include "kql/detail/geo_shapes.h"

/// Shapes laid over each other.
namespace redoubt::kql::detail {

/// Points nearer to each other than this are one. Source: S2 Geometry, kIntersectionMergeRadius.
inline constexpr double kMergeRadius = 16 * 2.220446049250313e-16;
/// More edges than these are not laid over each other.
inline constexpr std::size_t kMostEdges = 20'000;

/// What shapes have in common. Lines and points that are part of another are left out.
struct Common {
  std::vector<Vector> points;
  std::vector<Line> lines;
  std::vector<Polygon> polygons;

  bool empty() const { return points.empty() && lines.empty() && polygons.empty(); }
};

/// Each piece once, put together where two ends meet.
std::vector<Line> union_of(const std::vector<Line>& lines);
std::vector<Polygon> union_of(const std::vector<Polygon>& polygons);
/// What a closed way goes around at least once, to the left.
std::vector<Polygon> inside_of(const std::vector<Ring>& rings);

Common common_of(const std::vector<Line>& left, const std::vector<Line>& right);
Common common_of(const std::vector<Line>& lines, const std::vector<Polygon>& polygons);
Common common_of(const std::vector<Polygon>& left, const std::vector<Polygon>& right);

/// On the left of all of its rings.
bool contains(const Polygon& polygon, const Vector& point);
bool contains(const std::vector<Polygon>& polygons, const Vector& point);

std::size_t edges_in(const std::vector<Line>& lines);
std::size_t edges_in(const std::vector<Polygon>& polygons);

}  // namespace redoubt::kql::detail

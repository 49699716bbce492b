#include "kql/detail/sphere.h"

#include <algorithm>

namespace redoubt::kql::detail {

Vector unit(const Vector& a) {
  const double size = length(a);
  return size == 0 ? a : (1 / size) * a;
}

Vector point_of(const Place& place) {
  const double phi = radians_of(place.latitude);
  const double theta = radians_of(place.longitude);
  const double cosine = std::cos(phi);
  return {std::cos(theta) * cosine, std::sin(theta) * cosine, std::sin(phi)};
}

Place place_of(const Vector& point) {
  // A zero without a sign: places west and east of it are the same.
  const double longitude = std::atan2(point.y + 0.0, point.x + 0.0);
  const double latitude = std::atan2(point.z + 0.0, std::sqrt(point.x * point.x + point.y * point.y));
  return {degrees_of(longitude), degrees_of(latitude)};
}

int side_of(const Vector& a, const Vector& b, const Vector& c) {
  // a . (b x c) by differences: what is left of points near each other is exact.
  using Wide = long double;
  const Wide ux = Wide(b.x) - Wide(a.x);
  const Wide uy = Wide(b.y) - Wide(a.y);
  const Wide uz = Wide(b.z) - Wide(a.z);
  const Wide vx = Wide(c.x) - Wide(a.x);
  const Wide vy = Wide(c.y) - Wide(a.y);
  const Wide vz = Wide(c.z) - Wide(a.z);
  const Wide volume =
      Wide(a.x) * (uy * vz - uz * vy) + Wide(a.y) * (uz * vx - ux * vz) + Wide(a.z) * (ux * vy - uy * vx);
  return volume > 0 ? 1 : volume < 0 ? -1 : 0;
}

double turn(const Vector& a, const Vector& b, const Vector& c) {
  return distance(unit(normal_of(a, b)), unit(normal_of(c, b)));
}

Vector along(const Vector& a, const Vector& b, double radians) {
  const Vector side = unit(normal_of(a, b));
  const Vector ahead = unit(cross(side, a));
  return unit(std::cos(radians) * a + std::sin(radians) * ahead);
}

Vector between(const Vector& a, const Vector& b, double part) {
  if (part == 0) return a;
  if (part == 1) return b;
  return along(a, b, part * distance(a, b));
}

Vector closest(const Vector& point, const Vector& a, const Vector& b) {
  const Vector normal = unit(normal_of(a, b));
  const bool beside = dot(cross(normal, a), point) > 0 && dot(cross(normal, b), point) < 0;
  if (beside) return unit(point - dot(point, normal) * normal);
  return distance(point, a) <= distance(point, b) ? a : b;
}

double distance_to_edge(const Vector& point, const Vector& a, const Vector& b) {
  if (a == b) return distance(point, a);
  const Vector normal = unit(normal_of(a, b));
  const bool beside = dot(cross(normal, a), point) > 0 && dot(cross(normal, b), point) < 0;
  if (!beside) return std::min(distance(point, a), distance(point, b));
  return std::asin(std::min(1.0, std::abs(dot(point, normal))));
}

bool edges_cross(const Vector& a, const Vector& b, const Vector& c, const Vector& d) {
  const int side = side_of(a, c, b);
  return side != 0 && side_of(c, b, d) == side && side_of(b, d, a) == side && side_of(d, a, c) == side;
}

Vector crossing(const Vector& a, const Vector& b, const Vector& c, const Vector& d) {
  const Vector out = unit(cross(unit(normal_of(a, b)), unit(normal_of(c, d))));
  return dot(out, a + b + c + d) < 0 ? -1 * out : out;
}

int winding(std::span<const Vector> ring, const Vector& point) {
  // Counts the edges over the half of a great circle from the point on, to the point opposite of it.
  const Vector other = std::abs(point.z) < 0.9 ? Vector{0, 0, 1} : Vector{1, 0, 0};
  const Vector normal = unit(cross(point, other));
  const Vector ahead = cross(normal, point);
  int count = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Vector& a = ring[i];
    const Vector& b = ring[i + 1 == ring.size() ? 0 : i + 1];
    const double side_a = dot(a, normal);
    const double side_b = dot(b, normal);
    if ((side_a >= 0) == (side_b >= 0)) continue;
    const double reach = std::abs(side_b) * dot(a, ahead) + std::abs(side_a) * dot(b, ahead);
    if (reach > 0) count += side_b >= 0 ? 1 : -1;
  }
  return count;
}

double signed_area(std::span<const Vector> ring) {
  double out = 0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
    const Vector& a = ring[0];
    const Vector& b = ring[i];
    const Vector& c = ring[i + 1];
    const double volume = dot(a, cross(b - a, c - a));
    out += 2 * std::atan2(volume, 1 + dot(a, b) + dot(b, c) + dot(c, a));
  }
  return out;
}

Vector area_moment(std::span<const Vector> ring) {
  Vector out;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Vector& a = ring[i];
    const Vector& b = ring[i + 1 == ring.size() ? 0 : i + 1];
    const Vector normal = cross(a, b);
    const double size = length(normal);
    if (size > 0) out = out + (distance(a, b) / (2 * size)) * normal;
  }
  return out;
}

double perimeter(std::span<const Vector> ring) {
  double out = 0;
  for (std::size_t i = 0; i < ring.size(); ++i)
    out += distance(ring[i], ring[i + 1 == ring.size() ? 0 : i + 1]);
  return out;
}

}  // namespace redoubt::kql::detail

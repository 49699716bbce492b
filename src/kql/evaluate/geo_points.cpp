#include <cmath>

#include "kql/detail/geo_shapes.h"

namespace redoubt::kql::detail {

/// Source: Vincenty, Direct and inverse solutions of geodesics on the ellipsoid, 1975; WGS 84.
std::optional<double> spheroid_distance(const Place& from, const Place& to) {
  constexpr double kAxis = 6'378'137;
  constexpr double kFlattening = 1 / 298.257223563;
  constexpr double kPolarAxis = kAxis * (1 - kFlattening);
  const double across = radians_of(to.longitude - from.longitude);
  const double u1 = std::atan((1 - kFlattening) * std::tan(radians_of(from.latitude)));
  const double u2 = std::atan((1 - kFlattening) * std::tan(radians_of(to.latitude)));
  const double sin1 = std::sin(u1);
  const double cos1 = std::cos(u1);
  const double sin2 = std::sin(u2);
  const double cos2 = std::cos(u2);
  double lambda = across;
  for (int round = 0; round < 200; ++round) {
    const double sin_lambda = std::sin(lambda);
    const double cos_lambda = std::cos(lambda);
    const double sin_sigma = std::hypot(cos2 * sin_lambda, cos1 * sin2 - sin1 * cos2 * cos_lambda);
    if (sin_sigma == 0) return 0;
    const double cos_sigma = sin1 * sin2 + cos1 * cos2 * cos_lambda;
    const double sigma = std::atan2(sin_sigma, cos_sigma);
    const double sin_alpha = cos1 * cos2 * sin_lambda / sin_sigma;
    const double cos2_alpha = 1 - sin_alpha * sin_alpha;
    const double middle = cos2_alpha == 0 ? 0 : cos_sigma - 2 * sin1 * sin2 / cos2_alpha;
    const double c = kFlattening / 16 * cos2_alpha * (4 + kFlattening * (4 - 3 * cos2_alpha));
    const double before = lambda;
    lambda = across + (1 - c) * kFlattening * sin_alpha *
                          (sigma + c * sin_sigma * (middle + c * cos_sigma * (2 * middle * middle - 1)));
    if (std::abs(lambda - before) > 1e-12) continue;
    const double u = cos2_alpha * (kAxis * kAxis - kPolarAxis * kPolarAxis) / (kPolarAxis * kPolarAxis);
    const double a = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)));
    const double b = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)));
    const double more =
        b * sin_sigma *
        (middle + b / 4 *
                      (cos_sigma * (2 * middle * middle - 1) -
                       b / 6 * middle * (4 * sin_sigma * sin_sigma - 3) * (4 * middle * middle - 3)));
    return kPolarAxis * a * (sigma - more);
  }
  return std::nullopt;
}

namespace {

/// geo_angle(p1, p2, p3): at p2.
Result<Value> geo_angle(const Call& call) {
  const auto a = place_in(call, 0);
  const auto b = place_in(call, 2);
  const auto c = place_in(call, 4);
  if (!a || !b || !c || *a == *b || *b == *c) return Value::null(Type::Real);
  return Value::of_real(turn(point_of(*a), point_of(*b), point_of(*c)));
}

/// geo_azimuth(p1, p2): the angle at p1 from the north to p2, clockwise.
Result<Value> geo_azimuth(const Call& call) {
  const auto from = place_in(call, 0);
  const auto to = place_in(call, 2);
  if (!from || !to || *from == *to) return Value::null(Type::Real);
  const double across = radians_of(to->longitude - from->longitude);
  const double phi1 = radians_of(from->latitude);
  const double phi2 = radians_of(to->latitude);
  const double east = std::sin(across) * std::cos(phi2);
  const double north = std::cos(phi1) * std::sin(phi2) - std::sin(phi1) * std::cos(phi2) * std::cos(across);
  const double angle = std::atan2(east, north);
  return Value::of_real(angle < 0 ? angle + 2 * std::numbers::pi : angle);
}

Result<Value> geo_distance_2points(const Call& call) {
  const auto from = place_in(call, 0);
  const auto to = place_in(call, 2);
  if (!from || !to) return Value::null(Type::Real);
  const bool spheroid = call.size() > 4 && bool_of(call[4]).value_or(false);
  if (spheroid) return real_or_null(spheroid_distance(*from, *to));
  return Value::of_real(kEarthRadius * distance(point_of(*from), point_of(*to)));
}

Result<Value> geo_point_in_circle(const Call& call) {
  const auto point = place_in(call, 0);
  const auto center = place_in(call, 2);
  const std::optional<double> radius = call.real(4);
  if (!point || !center || !radius || !(*radius >= 0)) return Value::null(Type::Bool);
  return Value::of_bool(kEarthRadius * distance(point_of(*point), point_of(*center)) <= *radius);
}

constexpr EvaluationRow kRows[] = {{"geo_angle", geo_angle, 6, 6},
                                   {"geo_azimuth", geo_azimuth, 4, 4},
                                   {"geo_distance_2points", geo_distance_2points, 4, 5},
                                   {"geo_point_in_circle", geo_point_in_circle, 5, 5}};

}  // namespace

EvaluationRows geo_point_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail

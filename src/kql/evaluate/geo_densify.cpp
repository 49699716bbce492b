#include "kql/detail/geo_densify.h"

#include <algorithm>
#include <cmath>

namespace redoubt::kql::detail {

namespace {

// Where the greatest distance of the two ways is estimated, and how much the estimate may fall short.
constexpr double kPart = 0.31215691082248312;
constexpr double kShort = 0.83829992569888509;

Place mixed(const Place& a, const Place& b, double part) {
  return {(1 - part) * a.longitude + part * b.longitude, (1 - part) * a.latitude + part * b.latitude};
}

double apart(const Place& a, const Place& b, double part) {
  return distance(between(point_of(a), point_of(b), part), point_of(mixed(a, b, part)));
}

bool is_close(const Place& a, const Place& b, double tolerance) {
  if (dot(point_of(a), point_of(b)) < -1e-14) return false;  // too far from each other to tell
  return std::max(apart(a, b, kPart), apart(a, b, 1 - kPart)) <= kShort * tolerance;
}

void add_edge(std::vector<Place>& out, const Place& to, double tolerance) {
  constexpr std::size_t kDeepest = 40;
  std::vector<Place> ahead{to};
  while (!ahead.empty()) {
    const Place next = ahead.back();
    if (ahead.size() > kDeepest || is_close(out.back(), next, tolerance)) {
      out.push_back(next);
      ahead.pop_back();
    } else {
      ahead.push_back(mixed(out.back(), next, 0.5));
    }
  }
}

}  // namespace

std::optional<double> meters_in(const Call& call, std::size_t at, double otherwise, double least,
                                double most) {
  if (at >= call.size()) return otherwise;
  const std::optional<double> given = call.real(at);
  return given && *given >= least && *given <= most ? given : std::nullopt;
}

std::vector<Place> densified(const std::vector<Place>& places, double tolerance, bool around) {
  std::vector<Place> out{places.front()};
  for (std::size_t i = 1; i < places.size(); ++i) {
    Place to = places[i];
    if (around) to.longitude -= 360 * std::round((to.longitude - out.back().longitude) / 360);
    add_edge(out, to, tolerance);
  }
  return out;
}

std::string places_json(const std::vector<Place>& places) {
  std::string out = "[";
  for (const Place& place : places)
    out.append(out.size() > 1 ? "," : "").append(coordinates_json(point_of(place)));
  return out + "]";
}

}  // namespace redoubt::kql::detail

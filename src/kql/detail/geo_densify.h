#pragma once

#include <optional>
#include <vector>

#include "kql/detail/geo_shapes.h"

namespace redoubt::kql::detail {

/// Meters among the arguments, within limits; nothing: it is none of them. Not given: `otherwise`.
std::optional<double> meters_in(const Call& call, std::size_t at, double otherwise, double least,
                                double most);

/// Places so that edges between them on the sphere are nowhere further from straight lines on the map than a
/// tolerance. `around`: a line may go around the back of the map.
/// Source: S2 Geometry, S2EdgeTessellator with a plate carree projection.
std::vector<Place> densified(const std::vector<Place>& places, double tolerance, bool around);

/// The coordinates of places as they are after a way over points of the sphere.
std::string places_json(const std::vector<Place>& places);

}  // namespace redoubt::kql::detail

#include <algorithm>
#include <set>

#include "kql/detail/geo_densify.h"
#include "kql/detail/geo_overlay.h"
#include "kql/detail/s2_cell.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

// Source: Kusto Query Language reference, "geo_point_to_s2cell()" and its like.

namespace {

constexpr std::int64_t kUsualLevel = 11;
constexpr std::size_t kMostCells = 65'536;

std::optional<int> level_in(const Call& call, std::size_t at) {
  const std::optional<std::int64_t> level = at < call.size() ? call.whole(at) : std::optional(kUsualLevel);
  if (!level || *level < 0 || *level > S2Cell::kDeepest) return std::nullopt;
  return static_cast<int>(*level);
}

Result<Value> geo_point_to_s2cell(const Call& call) {
  const auto place = place_in(call, 0);
  const std::optional<int> level = level_in(call, 2);
  if (!place || !level) return Value::of_string("");
  return Value::of_string(S2Cell::at(point_of(*place), *level).token());
}

Result<Value> geo_s2cell_to_central_point(const Call& call) {
  const auto cell = S2Cell::of_token(call.text(0));
  return cell ? point_shape(cell->center()) : Value::null(Type::Dynamic);
}

Result<Value> geo_s2cell_to_polygon(const Call& call) {
  const auto cell = S2Cell::of_token(call.text(0));
  if (!cell) return Value::null(Type::Dynamic);
  const std::array<Vector, 4> corners = cell->corners();
  return polygon_shape({Polygon{Ring(corners.begin(), corners.end())}});
}

Value tokens_of(const std::vector<S2Cell>& cells) {
  std::string out = "[";
  for (const S2Cell& cell : cells)
    out.append(out.size() > 1 ? "," : "").append(json_of_text(cell.token()));
  return Value::of_dynamic(out + "]");
}

Result<Value> geo_s2cell_neighbors(const Call& call) {
  const auto cell = S2Cell::of_token(call.text(0));
  return cell ? tokens_of(cell->neighbors()) : Value::null(Type::Dynamic);
}

struct Edge {
  Vector from;
  Vector to;
};

/// What cells are to cover: edges, and what is inside of polygons, as far as a distance around them.
class Cover {
 public:
  Cover(std::vector<Edge> edges, const std::vector<Polygon>* polygons, double radius)
      : edges_(std::move(edges)), polygons_(polygons), radius_(radius) {}

  /// Nothing: they are too many.
  std::optional<std::vector<S2Cell>> cells(int level) {
    struct Open {
      S2Cell cell;
      std::vector<std::size_t> edges;  // that come near it
    };
    std::vector<std::size_t> all(edges_.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = i;
    std::vector<Open> open;
    for (unsigned face = 6; face-- > 0;)
      open.push_back({S2Cell::of_face(face), all});
    std::vector<S2Cell> out;
    while (!open.empty()) {
      Open next = std::move(open.back());
      open.pop_back();
      std::vector<std::size_t> near = edges_near(next.cell, next.edges);
      if (near.empty() && !is_inside(next.cell.center())) continue;
      if (next.cell.level() == level) {
        out.push_back(next.cell);
        if (out.size() > kMostCells) return std::nullopt;
        continue;
      }
      const std::array<S2Cell, 4> children = next.cell.children();
      for (std::size_t i = children.size(); i-- > 0;)
        open.push_back({children[i], near});
      if (open.size() > kMostCells) return std::nullopt;
    }
    return out;
  }

 private:
  bool is_inside(const Vector& point) const { return polygons_ != nullptr && contains(*polygons_, point); }

  std::vector<std::size_t> edges_near(const S2Cell& cell, const std::vector<std::size_t>& among) const {
    const std::array<Vector, 4> corners = cell.corners();
    std::vector<std::size_t> out;
    for (const std::size_t one : among)
      if (is_near(cell, corners, edges_[one])) out.push_back(one);
    return out;
  }

  bool is_near(const S2Cell& cell, const std::array<Vector, 4>& corners, const Edge& edge) const {
    if (cell.contains(edge.from) || cell.contains(edge.to)) return true;
    for (std::size_t i = 0; i < corners.size(); ++i) {
      const Vector& next = corners[(i + 1) % corners.size()];
      if (edges_cross(edge.from, edge.to, corners[i], next)) return true;
      const double least = std::min({distance_to_edge(corners[i], edge.from, edge.to),
                                     distance_to_edge(edge.from, corners[i], next),
                                     distance_to_edge(edge.to, corners[i], next)});
      if (least <= radius_ + 1e-15) return true;
    }
    return false;
  }

  std::vector<Edge> edges_;
  const std::vector<Polygon>* polygons_;
  double radius_;
};

Value covered(std::vector<Edge> edges, const std::vector<Polygon>* polygons, double radius, int level) {
  const auto cells = Cover(std::move(edges), polygons, radius / kEarthRadius).cells(level);
  return cells ? tokens_of(*cells) : Value::null(Type::Dynamic);
}

Result<Value> geo_line_to_s2cells(const Call& call) {
  const auto lines = lines_of(call[0]);
  const std::optional<int> level = level_in(call, 1);
  const std::optional<double> radius = meters_in(call, 2, 0, 0, kEarthRadius);
  if (!lines || !level || !radius) return Value::null(Type::Dynamic);
  std::vector<Edge> edges;
  for (const Line& line : *lines)
    for (std::size_t i = 1; i < line.size(); ++i)
      edges.push_back({line[i - 1], line[i]});
  return covered(std::move(edges), nullptr, *radius, *level);
}

Result<Value> geo_polygon_to_s2cells(const Call& call) {
  const auto polygons = polygons_of(call[0]);
  const std::optional<int> level = level_in(call, 1);
  const std::optional<double> radius = meters_in(call, 2, 0, 0, kEarthRadius);
  if (!polygons || !level || !radius) return Value::null(Type::Dynamic);
  std::vector<Edge> edges;
  for (const Polygon& polygon : *polygons)
    for (const Ring& ring : polygon)
      for (std::size_t i = 0; i < ring.size(); ++i)
        edges.push_back({ring[i], ring[i + 1 == ring.size() ? 0 : i + 1]});
  return covered(std::move(edges), &*polygons, *radius, *level);
}

constexpr EvaluationRow kRows[] = {{"geo_line_to_s2cells", geo_line_to_s2cells, 1, 3},
                                   {"geo_point_to_s2cell", geo_point_to_s2cell, 2, 3},
                                   {"geo_polygon_to_s2cells", geo_polygon_to_s2cells, 1, 3},
                                   {"geo_s2cell_neighbors", geo_s2cell_neighbors},
                                   {"geo_s2cell_to_central_point", geo_s2cell_to_central_point},
                                   {"geo_s2cell_to_polygon", geo_s2cell_to_polygon}};

}  // namespace

EvaluationRows geo_s2_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail

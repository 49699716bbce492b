#include "kql/detail/geo_overlay.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace redoubt::kql::detail {

namespace {

using Id = std::uint32_t;

/// Points, those that are as good as the same as one.
class Points {
 public:
  Id number_of(const Vector& point) {
    const Key key = key_of(point, 0, 0, 0);
    for (int i = 0; i < 27; ++i) {
      const auto [from, to] = at_.equal_range(key_of(point, i % 3 - 1, i / 3 % 3 - 1, i / 9 - 1));
      for (auto found = from; found != to; ++found)
        if (length(points_[found->second] - point) <= kMergeRadius) return found->second;
    }
    points_.push_back(point);
    at_.emplace(key, static_cast<Id>(points_.size() - 1));
    return static_cast<Id>(points_.size() - 1);
  }

  const Vector& operator[](Id number) const { return points_[number]; }
  std::size_t size() const { return points_.size(); }

 private:
  using Key = std::uint64_t;

  static Key key_of(const Vector& point, int x, int y, int z) {
    const auto part = [](double value, int step) {
      return static_cast<Key>(static_cast<std::int64_t>(std::floor(value / (4 * kMergeRadius))) + step);
    };
    return part(point.x, x) * 0x9E3779B97F4A7C15ULL ^ part(point.y, y) * 0xC2B2AE3D27D4EB4FULL ^
           part(point.z, z) * 0x165667B19E3779F9ULL;
  }

  std::vector<Vector> points_;
  std::unordered_multimap<Key, Id> at_;
};

/// A piece of an edge from one point to another, neither with anything of another edge inside.
struct Piece {
  Id from = 0;
  Id to = 0;
  Id edge = 0;               ///< the first edge that it is of
  std::array<bool, 2> of{};  ///< of which of the two shapes

  bool operator==(const Piece&) const = default;
};

/// Edges of two shapes, cut where they meet.
class Arrangement {
 public:
  void add(const Vector& from, const Vector& to, std::size_t shape) {
    const Id a = points_.number_of(from);
    const Id b = points_.number_of(to);
    if (a != b) edges_.push_back({a, b, shape});
  }
  void add(const std::vector<Line>& lines, std::size_t shape) {
    for (const Line& line : lines)
      for (std::size_t i = 1; i < line.size(); ++i)
        add(line[i - 1], line[i], shape);
  }
  void add(const Ring& ring, std::size_t shape) {
    for (std::size_t i = 0; i < ring.size(); ++i)
      add(ring[i], ring[i + 1 == ring.size() ? 0 : i + 1], shape);
  }
  void add(const std::vector<Polygon>& polygons, std::size_t shape) {
    for (const Polygon& polygon : polygons)
      for (const Ring& ring : polygon)
        add(ring, shape);
  }

  /// Each piece once, whichever way edges go along it; the way is that of the first edge.
  std::vector<Piece> pieces() {
    cut();
    std::vector<Piece> out;
    std::map<std::pair<Id, Id>, std::size_t> known;
    for (Id number = 0; number < edges_.size(); ++number) {
      const std::vector<Id> way = way_along(number);
      for (std::size_t i = 1; i < way.size(); ++i) {
        const auto key = std::minmax(way[i - 1], way[i]);
        const auto [found, added] = known.try_emplace(key, out.size());
        if (added) out.push_back({way[i - 1], way[i], number, {}});
        out[found->second].of[edges_[number].shape] = true;
      }
    }
    return out;
  }

  const Vector& point(Id number) const { return points_[number]; }
  std::size_t points() const { return points_.size(); }

 private:
  struct Edge {
    Id from = 0;
    Id to = 0;
    std::size_t shape = 0;
    std::vector<Id> cuts;
  };

  /// Where it may meet others, by x: a way on the sphere bends beyond its ends.
  struct Span {
    double least = 0;
    double greatest = 0;
    Id edge = 0;
  };

  void cut() {
    std::vector<Span> spans;
    for (Id i = 0; i < edges_.size(); ++i) {
      const Vector& a = points_[edges_[i].from];
      const Vector& b = points_[edges_[i].to];
      const double bend = length(b - a) * length(b - a) / 4 + 1e-12;
      spans.push_back({std::min(a.x, b.x) - bend, std::max(a.x, b.x) + bend, i});
    }
    std::sort(spans.begin(), spans.end(),
              [](const Span& left, const Span& right) { return left.least < right.least; });
    for (std::size_t i = 0; i < spans.size(); ++i)
      for (std::size_t j = i + 1; j < spans.size() && spans[j].least <= spans[i].greatest; ++j)
        meet(spans[i].edge, spans[j].edge);
  }

  void meet(Id first, Id second) {
    cut_by_end(first, edges_[second].from);
    cut_by_end(first, edges_[second].to);
    cut_by_end(second, edges_[first].from);
    cut_by_end(second, edges_[first].to);
    const Vector a = points_[edges_[first].from];
    const Vector b = points_[edges_[first].to];
    const Vector c = points_[edges_[second].from];
    const Vector d = points_[edges_[second].to];
    if (!edges_cross(a, b, c, d)) return;
    const Id at = points_.number_of(crossing(a, b, c, d));
    edges_[first].cuts.push_back(at);
    edges_[second].cuts.push_back(at);
  }

  void cut_by_end(Id edge, Id end) {
    Edge& one = edges_[edge];
    if (end == one.from || end == one.to) return;
    if (distance_to_edge(points_[end], points_[one.from], points_[one.to]) <= kMergeRadius)
      one.cuts.push_back(end);
  }

  std::vector<Id> way_along(Id number) {
    Edge& edge = edges_[number];
    const Vector& from = points_[edge.from];
    std::sort(edge.cuts.begin(), edge.cuts.end(), [&](Id left, Id right) {
      return distance(from, points_[left]) < distance(from, points_[right]);
    });
    std::vector<Id> out{edge.from};
    for (const Id at : edge.cuts)
      if (at != out.back() && at != edge.to && at != edge.from) out.push_back(at);
    out.push_back(edge.to);
    return out;
  }

  Points points_;
  std::vector<Edge> edges_;
};

/// Rings that points can be looked for in.
class Region {
 public:
  explicit Region(const std::vector<Ring>& rings) {
    for (const Ring& ring : rings)
      add(ring);
  }
  explicit Region(const std::vector<Polygon>& polygons) {
    for (const Polygon& polygon : polygons)
      for (const Ring& ring : polygon)
        add(ring);
  }

  bool contains(const Vector& point) const {
    int count = 0;
    for (const Bounded& one : rings_)
      if (length(point - one.center) <= one.radius) count += winding(*one.ring, point);
    return count > 0;
  }

 private:
  struct Bounded {
    const Ring* ring = nullptr;
    Vector center;
    double radius = 0;  ///< through the sphere
  };

  void add(const Ring& ring) {
    Vector sum;
    for (const Vector& point : ring)
      sum = sum + point;
    Bounded out{&ring, unit(sum), 0};
    double longest = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      out.radius = std::max(out.radius, length(ring[i] - out.center));
      longest = std::max(longest, length(ring[i] - ring[i == 0 ? ring.size() - 1 : i - 1]));
    }
    // What an edge bends out, and much more of the sphere where a ring is large.
    out.radius = out.radius + longest > 0.5 ? 3 : out.radius + longest;
    rings_.push_back(out);
  }

  std::vector<Bounded> rings_;
};

/// Points a little to the left and to the right of the middle of a piece.
struct Sides {
  Sides(const Vector& from, const Vector& to) : middle(unit(from + to)) {
    const Vector aside = std::max(1e-13, 1e-6 * length(to - from)) * unit(normal_of(from, to));
    left = unit(middle + aside);
    right = unit(middle - aside);
  }
  Vector middle;
  Vector left;
  Vector right;
};

/// Puts directed pieces together to rings, and rings to polygons.
class Rings {
 public:
  explicit Rings(const Arrangement& arrangement) : arrangement_(arrangement) {}

  /// What is inside lies on the left.
  void add(const Piece& piece) {
    leaving_[piece.from].push_back(pieces_.size());
    pieces_.push_back(piece);
  }
  bool bounds(const Piece& piece) const {
    return std::any_of(pieces_.begin(), pieces_.end(),
                       [&](const Piece& one) { return one.edge == piece.edge; });
  }
  const std::vector<Piece>& pieces() const { return pieces_; }

  std::vector<Polygon> polygons() {
    used_.assign(pieces_.size(), false);
    std::vector<Ring> shells;
    std::vector<Ring> holes;
    for (std::size_t i = 0; i < pieces_.size(); ++i)
      while (!used_[i])
        for (const std::vector<std::size_t>& way : simple_ways(i)) {
          Ring ring = ring_of(way);
          (signed_area(ring) > 0 ? shells : holes).push_back(std::move(ring));
        }
    return nested(std::move(shells), std::move(holes));
  }

 private:
  /// Of those that leave a point, the one with nothing of the inside between it and the way that comes.
  std::size_t next_of(std::size_t piece) const {
    const Vector& at = arrangement_.point(pieces_[piece].to);
    const Vector& from = arrangement_.point(pieces_[piece].from);
    const Vector x = unit(from - dot(from, at) * at);
    const Vector y = cross(at, x);
    std::size_t out = pieces_.size();
    double least = 7;
    for (const std::size_t one : leaving_.at(pieces_[piece].to)) {
      if (used_[one]) continue;
      const Vector& to = arrangement_.point(pieces_[one].to);
      double clockwise = -std::atan2(dot(to, y), dot(to, x));
      if (clockwise <= 0) clockwise += 2 * std::numbers::pi;
      if (clockwise >= least) continue;
      least = clockwise;
      out = one;
    }
    return out;
  }

  /// From a piece on, around to it; cut where it comes through a point again.
  std::vector<std::vector<std::size_t>> simple_ways(std::size_t first) {
    std::vector<std::vector<std::size_t>> out;
    std::vector<std::size_t> way;
    for (std::size_t at = first; at < pieces_.size();) {
      used_[at] = true;
      way.push_back(at);
      const auto again = std::find_if(way.begin(), way.end(),
                                      [&](std::size_t one) { return pieces_[one].from == pieces_[at].to; });
      if (again != way.end()) {
        if (way.end() - again > 2) out.emplace_back(again, way.end());
        way.erase(again, way.end());
        if (way.empty()) break;
        at = next_of(way.back());
        continue;
      }
      at = leaving_.contains(pieces_[at].to) ? next_of(at) : pieces_.size();
    }
    return out;
  }

  /// Begins behind the last of its edges, in the order in which they were given.
  /// Source: S2 Geometry, S2Builder::Graph::CanonicalizeLoopOrder.
  Ring ring_of(const std::vector<std::size_t>& way) const {
    std::size_t last = 0;
    bool gap = false;
    for (std::size_t i = 1; i < way.size(); ++i) {
      const Id edge = pieces_[way[i]].edge;
      const Id best = pieces_[way[last]].edge;
      if (edge < best) gap = true;
      if (edge > best || (edge == best && !gap)) {
        last = i;
        gap = false;
      }
    }
    Ring out;
    for (std::size_t i = 1; i <= way.size(); ++i)
      out.push_back(arrangement_.point(pieces_[way[(last + i) % way.size()]].from));
    return out;
  }

  static std::vector<Polygon> nested(std::vector<Ring> shells, std::vector<Ring> holes) {
    std::vector<Polygon> out;
    for (Ring& shell : shells)
      out.push_back({std::move(shell)});
    for (Ring& hole : holes) {
      const Vector inside = Sides(hole[0], hole[1]).right;
      Polygon* best = nullptr;
      for (Polygon& polygon : out)
        if (winding(polygon.front(), inside) > 0 &&
            (best == nullptr || signed_area(polygon.front()) < signed_area(best->front())))
          best = &polygon;
      if (best != nullptr) best->push_back(std::move(hole));
    }
    return out;
  }

  const Arrangement& arrangement_;
  std::vector<Piece> pieces_;
  std::map<Id, std::vector<std::size_t>> leaving_;
  std::vector<bool> used_;
};

/// Lines of pieces: they end where not just two meet.
class Chains {
 public:
  explicit Chains(const Arrangement& arrangement) : arrangement_(arrangement) {}

  void add(const Piece& piece) {
    at_[piece.from].push_back(pieces_.size());
    at_[piece.to].push_back(pieces_.size());
    pieces_.push_back(piece);
  }

  std::vector<Line> lines() {
    used_.assign(pieces_.size(), false);
    std::vector<Line> out;
    for (const bool closed : {false, true})
      for (std::size_t i = 0; i < pieces_.size(); ++i) {
        if (used_[i]) continue;
        const bool from_end = at_[pieces_[i].from].size() != 2;
        const bool to_end = at_[pieces_[i].to].size() != 2;
        if (closed || from_end)
          out.push_back(chain(i, pieces_[i].from));
        else if (to_end)
          out.push_back(backwards(i));
      }
    return out;
  }

 private:
  Line backwards(std::size_t piece) {
    Line out = chain(piece, pieces_[piece].to);
    std::reverse(out.begin(), out.end());
    return out;
  }

  Line chain(std::size_t piece, Id from) {
    Line out{arrangement_.point(from)};
    for (;;) {
      used_[piece] = true;
      from = pieces_[piece].from == from ? pieces_[piece].to : pieces_[piece].from;
      out.push_back(arrangement_.point(from));
      const std::vector<std::size_t>& here = at_[from];
      if (here.size() != 2) return out;
      const std::size_t next = here[0] == piece ? here[1] : here[0];
      if (used_[next]) return out;
      piece = next;
    }
  }

  const Arrangement& arrangement_;
  std::vector<Piece> pieces_;
  std::map<Id, std::vector<std::size_t>> at_;
  std::vector<bool> used_;
};

/// Points that both shapes come to, and no piece that is known already.
std::vector<Vector> common_points(const Arrangement& arrangement, const std::vector<Piece>& pieces,
                                  const std::vector<Piece>& taken) {
  std::vector<std::array<bool, 2>> met(arrangement.points());
  for (const Piece& piece : pieces)
    for (const Id end : {piece.from, piece.to})
      for (const std::size_t shape : {0, 1})
        met[end][shape] = met[end][shape] || piece.of[shape];
  for (const Piece& piece : taken)
    for (const Id end : {piece.from, piece.to})
      met[end] = {};
  std::vector<Vector> out;
  for (Id i = 0; i < met.size(); ++i)
    if (met[i][0] && met[i][1]) out.push_back(arrangement.point(i));
  return out;
}

Piece turned(Piece piece) {
  std::swap(piece.from, piece.to);
  return piece;
}

std::vector<Polygon> polygons_where(const Arrangement& arrangement, const std::vector<Piece>& pieces,
                                    const auto& is_inside) {
  Rings rings(arrangement);
  for (const Piece& piece : pieces) {
    const Sides sides(arrangement.point(piece.from), arrangement.point(piece.to));
    const bool left = is_inside(sides.left);
    if (left != is_inside(sides.right)) rings.add(left ? piece : turned(piece));
  }
  return rings.polygons();
}

}  // namespace

std::size_t edges_in(const std::vector<Line>& lines) {
  std::size_t out = 0;
  for (const Line& line : lines)
    out += line.size() - 1;
  return out;
}

std::size_t edges_in(const std::vector<Polygon>& polygons) {
  std::size_t out = 0;
  for (const Polygon& polygon : polygons)
    for (const Ring& ring : polygon)
      out += ring.size();
  return out;
}

bool contains(const Polygon& polygon, const Vector& point) {
  int count = 0;
  for (const Ring& ring : polygon)
    count += winding(ring, point);
  return count > 0;
}

bool contains(const std::vector<Polygon>& polygons, const Vector& point) {
  return std::any_of(polygons.begin(), polygons.end(),
                     [&](const Polygon& polygon) { return contains(polygon, point); });
}

std::vector<Line> union_of(const std::vector<Line>& lines) {
  if (lines.size() == 1) return lines;
  Arrangement arrangement;
  arrangement.add(lines, 0);
  Chains chains(arrangement);
  for (const Piece& piece : arrangement.pieces())
    chains.add(piece);
  return chains.lines();
}

std::vector<Polygon> union_of(const std::vector<Polygon>& polygons) {
  if (polygons.size() == 1) return polygons;
  Arrangement arrangement;
  arrangement.add(polygons, 0);
  const Region region(polygons);
  return polygons_where(arrangement, arrangement.pieces(),
                        [&](const Vector& point) { return region.contains(point); });
}

std::vector<Polygon> inside_of(const std::vector<Ring>& rings) {
  Arrangement arrangement;
  for (const Ring& ring : rings)
    arrangement.add(ring, 0);
  const Region region(rings);
  return polygons_where(arrangement, arrangement.pieces(),
                        [&](const Vector& point) { return region.contains(point); });
}

Common common_of(const std::vector<Line>& left, const std::vector<Line>& right) {
  Arrangement arrangement;
  arrangement.add(left, 0);
  arrangement.add(right, 1);
  const std::vector<Piece> pieces = arrangement.pieces();
  Chains chains(arrangement);
  std::vector<Piece> taken;
  for (const Piece& piece : pieces)
    if (piece.of[0] && piece.of[1]) {
      chains.add(piece);
      taken.push_back(piece);
    }
  return {common_points(arrangement, pieces, taken), chains.lines(), {}};
}

Common common_of(const std::vector<Line>& lines, const std::vector<Polygon>& polygons) {
  Arrangement arrangement;
  arrangement.add(lines, 0);
  arrangement.add(polygons, 1);
  const std::vector<Piece> pieces = arrangement.pieces();
  const Region region(polygons);
  Chains chains(arrangement);
  std::vector<Piece> taken;
  for (const Piece& piece : pieces) {
    if (!piece.of[0]) continue;
    const Sides sides(arrangement.point(piece.from), arrangement.point(piece.to));
    if (!piece.of[1] && !region.contains(sides.middle)) continue;
    chains.add(piece);
    taken.push_back(piece);
  }
  return {common_points(arrangement, pieces, taken), chains.lines(), {}};
}

Common common_of(const std::vector<Polygon>& left, const std::vector<Polygon>& right) {
  Arrangement arrangement;
  arrangement.add(left, 0);
  arrangement.add(right, 1);
  const std::vector<Piece> pieces = arrangement.pieces();
  const Region in_left(left);
  const Region in_right(right);
  const auto is_inside = [&](const Vector& point) {
    return in_left.contains(point) && in_right.contains(point);
  };
  Common out;
  Chains chains(arrangement);
  Rings rings(arrangement);
  for (const Piece& piece : pieces) {
    const Sides sides(arrangement.point(piece.from), arrangement.point(piece.to));
    const bool on_left = is_inside(sides.left);
    if (on_left != is_inside(sides.right))
      rings.add(on_left ? piece : turned(piece));
    else if (!on_left && piece.of[0] && piece.of[1])
      chains.add(piece);
  }
  std::vector<Piece> taken = rings.pieces();
  for (const Piece& piece : pieces)
    if (piece.of[0] && piece.of[1]) taken.push_back(piece);
  out.polygons = rings.polygons();
  out.lines = chains.lines();
  out.points = common_points(arrangement, pieces, taken);
  return out;
}

}  // namespace redoubt::kql::detail

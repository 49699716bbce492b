#include <algorithm>
#include <map>
#include <unordered_map>

#include "query/detail/graph_pattern.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "graph-shortest-paths operator".

namespace {

constexpr std::size_t kNone = SIZE_MAX;

/// The edges of a pattern of one sequence, one behind the other, from the end that fewer nodes can be.
struct Sequence {
  std::vector<PatternEdge> edges;
  bool backwards = false;  ///< against the order of the pattern

  std::uint32_t first() const { return edges.front().left; }
  std::uint32_t last() const { return edges.back().right; }
};

Result<Sequence> sequence_of(const Pattern& pattern) {
  Sequence out;
  out.edges.assign(pattern.edges().begin(), pattern.edges().end());
  if (out.edges.empty())
    return fail(Error::Kind::InvalidInput, "QRY0006", "the pattern of graph-shortest-paths has no edge");
  for (std::size_t i = 0; i + 1 < out.edges.size(); ++i)
    if (out.edges[i].right != out.edges[i + 1].left)
      return fail(Error::Kind::InvalidInput, "QRY0006",
                  "the pattern of graph-shortest-paths is not one sequence");
  out.backwards = pattern.candidates(out.last()) < pattern.candidates(out.first());
  if (!out.backwards) return out;
  std::reverse(out.edges.begin(), out.edges.end());
  for (PatternEdge& edge : out.edges)
    edge = edge.reversed();
  return out;
}

/// What can be reached from one node, one edge further each time. How each place was reached is kept: every
/// way back leads to the beginning.
class Reach {
 public:
  /// So many edges along an edge of the pattern, at a node.
  struct Place {
    std::size_t step = 0;  ///< behind the last edge: the other end of the sequence
    std::uint64_t edges = 0;
    Number node = kNoNumber;
    std::size_t first = kNone;  ///< of the links that lead here, in the order in which they were found
    std::size_t last = kNone;
  };
  struct Link {
    std::size_t from = kNone;  ///< a place
    Number edge = kNoNumber;   ///< none: it leads on to the next edge of the pattern
    std::size_t next = kNone;
  };

  Reach(Operation& operation, const Pattern& pattern, const Sequence& sequence)
      : operation_(operation),
        pattern_(pattern),
        sequence_(sequence),
        reached_(pattern.graph().nodes.rows(), kNone) {}

  /// The first place is where it begins. `simple`: no way leads to a node again, but for where it begins.
  Result<void> begin(Number node, bool simple) {
    simple_ = simple;
    ++runs_;
    places_.clear();
    links_.clear();
    level_ = 0;
    open_level();
    add({0, 0, node}, {});
    return close_level();
  }

  /// One edge further; false: nothing more is reached.
  Result<bool> further() {
    const std::size_t from = level_;
    level_ = places_.size();
    open_level();
    for (std::size_t at = from; at < level_; ++at) {
      RD_TRY(leave(at));
    }
    RD_TRY(close_level());
    return places_.size() > level_;
  }

  /// Places at the other end of the sequence that were reached now, a node each.
  std::span<const std::size_t> ends() const { return ends_; }
  const Place& place(std::size_t number) const { return places_[number]; }
  const Link& link(std::size_t number) const { return links_[number]; }

 private:
  void open_level() {
    ends_.clear();
    known_.clear();
    positions_.clear();
  }

  Result<void> leave(std::size_t at) {
    const Place place = places_[at];
    if (place.step == sequence_.edges.size()) return {};
    const PatternEdge& edge = sequence_.edges[place.step];
    const bool inner = place.edges > 0;
    if (place.edges >= edge.most || (inner && !pattern_.inner_fits(edge.element, place.node))) return {};
    const Ways ways(pattern_.graph(), edge.direction, place.node);
    for (std::size_t i = 0; i < ways.size(); ++i) {
      RD_TRY(keep_going(operation_, work_++));
      const auto [by, end] = ways.at(i);
      if (by != kNoNumber && pattern_.edge_fits(edge.element, by))
        add({place.step, place.edges + 1, end}, {at, by});
    }
    return {};
  }

  /// Goes on to the next edges of the pattern, and counts what is kept.
  Result<void> close_level() {
    for (std::size_t at = level_; at < places_.size(); ++at) {
      const Place place = places_[at];
      if (place.step == sequence_.edges.size()) continue;
      const PatternEdge& edge = sequence_.edges[place.step];
      const bool there = place.edges >= edge.least && place.edges <= edge.most;
      if (!there || !pattern_.node_fits(edge.right, place.node)) continue;
      const std::size_t next = add({place.step + 1, 0, place.node}, {at, kNoNumber});
      if (place.step + 1 == sequence_.edges.size() && places_[next].first == places_[next].last)
        ends_.push_back(next);
    }
    const std::size_t kept = places_.size() + links_.size();
    if (kept <= counted_) return {};
    const std::size_t more = kept - counted_;
    counted_ = kept;
    return operation_.budget().spend(more);
  }

  /// The number of the place, which may have been reached in another way; none: long before.
  std::size_t add(const Place& place, const Link& link) {
    const auto position = positions_.try_emplace({place.step, place.edges}, positions_.size()).first->second;
    const std::uint64_t key = position * pattern_.graph().nodes.rows() + place.node;
    const auto known = known_.find(key);
    const bool counts = simple_ && place.step == 0 && (place.edges > 0 || sequence_.edges.front().least == 0);
    if (known == known_.end() && counts) {
      if (reached_[place.node] == runs_) return kNone;
      reached_[place.node] = runs_;
    }
    const std::size_t at = known == known_.end() ? places_.size() : known->second;
    if (known == known_.end()) {
      known_.emplace(key, at);
      places_.push_back(place);
    }
    if (link.from == kNone) return at;
    Place& reached = places_[at];
    (reached.last == kNone ? reached.first : links_[reached.last].next) = links_.size();
    reached.last = links_.size();
    links_.push_back(link);
    return at;
  }

  Operation& operation_;
  const Pattern& pattern_;
  const Sequence& sequence_;
  bool simple_ = false;
  std::vector<std::size_t> reached_;  // in which run a node was last
  std::size_t runs_ = 0;
  std::vector<Place> places_;
  std::vector<Link> links_;
  std::size_t level_ = 0;  // the first place that is as many edges away as was gone
  std::vector<std::size_t> ends_;
  std::unordered_map<std::uint64_t, std::size_t> known_;  // places of the level
  std::map<std::pair<std::size_t, std::uint64_t>, std::uint64_t> positions_;
  std::size_t work_ = 0;
  std::size_t counted_ = 0;
};

class ShortestPaths {
 public:
  ShortestPaths(Operation& operation, Pattern& pattern, Sequence sequence)
      : operation_(operation),
        pattern_(pattern),
        sequence_(std::move(sequence)),
        all_(operation.option("output") == "all"),
        simple_(is_simple()),
        reach_(operation, pattern, sequence_),
        done_(pattern.graph().nodes.rows(), kNoNumber),
        edge_used_(pattern.graph().edges.rows()),
        found_(pattern) {}

  Result<Table> run() {
    const auto nodes = static_cast<Number>(pattern_.graph().nodes.rows());
    for (Number node = 0; node < nodes && !pattern_.is_impossible(); ++node) {
      RD_TRY(keep_going(operation_, node));
      if (pattern_.node_fits(sequence_.first(), node)) RD_TRY(from(node));
    }
    return found_.projected(operation_);
  }

 private:
  /// On the way back: a place, and how it was left.
  struct Visit {
    std::size_t place = 0;
    std::size_t by = kNone;    ///< the link to the place before in this list
    std::size_t next = kNone;  ///< link to try
  };

  /// Where the path is a single edge of the pattern, and conditions look at its ends alone, a shortest one
  /// comes nowhere twice.
  bool is_simple() const {
    if (sequence_.edges.size() > 1 || sequence_.edges.front().least > 1) return false;
    return std::all_of(pattern_.conditions().begin(), pattern_.conditions().end(), [&](const auto& one) {
      return std::find(one.elements.begin(), one.elements.end(), sequence_.edges.front().element) ==
             one.elements.end();
    });
  }

  Result<void> from(Number node) {
    RD_TRY(reach_.begin(node, simple_));
    RD_TRY(follow(node, kNoNumber));
    // Back to where it began, and not the way it came: that is nothing for the simple way.
    const bool any_way = sequence_.edges.front().direction == kql::GraphDirection::Any;
    if (!simple_ || !any_way || done_[node] == node || !pattern_.node_fits(sequence_.last(), node)) return {};
    Match circle(pattern_.size());
    circle.node[sequence_.first()] = circle.node[sequence_.last()] = node;
    const bool may_be = RD_TRY(conditions_hold(circle));
    if (!may_be) return {};
    RD_TRY(reach_.begin(node, false));
    return follow(node, node);
  }

  /// Takes the paths to all nodes, or to a single one.
  Result<void> follow(Number node, Number single) {
    std::size_t waiting = single == kNoNumber ? pattern_.candidates(sequence_.last()) : 1;
    for (;;) {
      for (const std::size_t end : reach_.ends()) {
        const Number other = reach_.place(end).node;
        if (done_[other] == node || (single != kNoNumber && other != single)) continue;
        const bool taken = RD_TRY(take_ways(end));
        if (!taken) continue;
        done_[other] = node;
        --waiting;
      }
      if (waiting == 0) return {};
      const bool more = RD_TRY(reach_.further());
      if (!more) return {};
    }
  }

  /// Whether one of the ways back from an end is a path.
  Result<bool> take_ways(std::size_t end) {
    bool taken = false;
    visits_.assign(1, {end, kNone, reach_.place(end).first});
    while (!visits_.empty()) {
      RD_TRY(keep_going(operation_, work_++));
      Visit& visit = visits_.back();
      if (visit.place == 0 && (all_ || !taken)) {
        const bool fits = RD_TRY(take_path());
        taken = taken || fits;
      }
      if (visit.next == kNone || (taken && !all_)) {
        leave(visit);
        continue;
      }
      const std::size_t by = visit.next;
      const Reach::Link& link = reach_.link(by);
      visit.next = link.next;
      if (link.edge != kNoNumber && edge_used_[link.edge]) continue;
      if (link.edge != kNoNumber) edge_used_[link.edge] = true;
      visits_.push_back({link.from, by, reach_.place(link.from).first});
    }
    return taken;
  }

  void leave(const Visit& visit) {
    if (visit.by != kNone && reach_.link(visit.by).edge != kNoNumber)
      edge_used_[reach_.link(visit.by).edge] = false;
    visits_.pop_back();
  }

  Result<bool> take_path() {
    Match match(pattern_.size());
    match.node[sequence_.first()] = reach_.place(0).node;
    for (std::size_t i = visits_.size() - 1; i > 0; --i) {
      const Reach::Place& place = reach_.place(visits_[i].place);
      const Reach::Link& link = reach_.link(visits_[i].by);
      const PatternEdge& edge = sequence_.edges[place.step];
      if (link.edge == kNoNumber) {
        Number& node = match.node[edge.right];
        if (node != kNoNumber && node != place.node) return false;
        node = place.node;
        continue;
      }
      match.edges[edge.element].push_back(link.edge);
      if (place.edges > 0) match.inner[edge.element].push_back(place.node);
    }
    if (sequence_.backwards)
      for (const PatternEdge& edge : sequence_.edges) {
        std::reverse(match.edges[edge.element].begin(), match.edges[edge.element].end());
        std::reverse(match.inner[edge.element].begin(), match.inner[edge.element].end());
      }
    const bool holds = RD_TRY(conditions_hold(match));
    if (holds) RD_TRY(found_.add(match, operation_.budget()));
    return holds;
  }

  Result<bool> conditions_hold(const Match& match) {
    for (PatternCondition& one : pattern_.conditions()) {
      const bool holds = RD_TRY(one.condition.holds(match));
      if (!holds) return false;
    }
    return true;
  }

  Operation& operation_;
  Pattern& pattern_;
  Sequence sequence_;
  bool all_ = false;
  bool simple_ = false;
  Reach reach_;
  std::vector<Number> done_;  // from which node a path to this one was last found
  std::vector<bool> edge_used_;
  std::vector<Visit> visits_;
  std::size_t work_ = 0;
  MatchList found_;
};

}  // namespace

Result<Table> graph_shortest_paths(Operation& operation) {
  const std::shared_ptr<const Graph> graph = RD_TRY(graph_of(operation));
  if (operation.relation.assignments.empty()) return unsupported("graph-shortest-paths without project");
  const std::unique_ptr<Pattern> pattern = RD_TRY(Pattern::prepare(operation, *graph));
  Sequence sequence = RD_TRY(sequence_of(*pattern));
  return ShortestPaths(operation, *pattern, std::move(sequence)).run();
}

}  // namespace redoubt::query::detail

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "query/detail/graph_pattern.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "graph-match operator".

namespace {

using kql::GraphDirection;

/// Which cycles a match may have.
enum class Cycles : std::uint8_t { All, UniqueEdges, None };

Cycles cycles_of(const Operation& operation) {
  const std::string_view written = operation.option("cycles").value_or("unique_edges");
  return written == "all" ? Cycles::All : written == "none" ? Cycles::None : Cycles::UniqueEdges;
}

/// Edge by edge of the pattern, from a node that is known to one that may not be.
struct Step {
  PatternEdge edge;                     ///< from the known node, on the left, to the other
  bool backwards = false;               ///< against the order of the pattern
  bool closes = false;                  ///< the other node is known, too
  std::vector<std::size_t> conditions;  ///< that can be asked then
  /// How many edges a node is away, at least, from one that fits the other end; empty: not worked out.
  std::vector<std::uint64_t> distance;
};

/// In which order the edges of a pattern are gone along: from the node that the fewest can be.
class Route {
 public:
  explicit Route(Pattern& pattern) : pattern_(pattern), known_(pattern.size(), false) {}

  Result<std::vector<Step>> steps() {
    start_ = first_node();
    known_[start_] = true;
    std::vector<bool> gone(pattern_.edges().size(), false);
    std::vector<Step> out;
    while (out.size() < gone.size()) {
      const std::size_t next = best(gone);
      if (next == gone.size()) return apart();
      gone[next] = true;
      out.push_back(step(pattern_.edges()[next]));
    }
    for (std::uint32_t i = 0; i < pattern_.size(); ++i)
      if (!pattern_.is_edge(i) && !known_[i]) return apart();
    place_conditions(out);
    for (Step& one : out)
      if (!one.closes && one.edge.most > 1 &&
          pattern_.candidates(one.edge.right) < pattern_.graph().nodes.rows())
        one.distance = distances(one.edge);
    return out;
  }

  std::uint32_t start() const { return start_; }

 private:
  static tl::unexpected<Error> apart() {
    return fail(Error::Kind::InvalidInput, "QRY0006", "the sequences of a pattern share no node", {},
                "name a node of one in the other, too");
  }

  std::uint32_t first_node() const {
    std::uint32_t out = kNoNumber;
    for (std::uint32_t i = 0; i < pattern_.size(); ++i)
      if (!pattern_.is_edge(i) && (out == kNoNumber || pattern_.candidates(i) < pattern_.candidates(out)))
        out = i;
    return out;
  }

  /// Edges between known nodes come first, then those without a range, then those to few nodes.
  std::size_t best(const std::vector<bool>& gone) const {
    std::size_t out = gone.size();
    std::tuple<bool, bool, std::size_t> least;
    for (std::size_t i = 0; i < gone.size(); ++i) {
      const PatternEdge& edge = pattern_.edges()[i];
      if (gone[i] || (!known_[edge.left] && !known_[edge.right])) continue;
      const bool both = known_[edge.left] && known_[edge.right];
      const std::uint32_t other = known_[edge.left] ? edge.right : edge.left;
      const std::tuple<bool, bool, std::size_t> cost{!both, edge.most > 1, pattern_.candidates(other)};
      if (out == gone.size() || cost < least) {
        out = i;
        least = cost;
      }
    }
    return out;
  }

  Step step(const PatternEdge& edge) {
    Step out;
    out.backwards = !known_[edge.left];
    out.edge = out.backwards ? edge.reversed() : edge;
    out.closes = known_[edge.left] && known_[edge.right];
    known_[edge.left] = known_[edge.right] = true;
    return out;
  }

  /// A condition is asked as soon as all that it hangs on is known.
  void place_conditions(std::vector<Step>& steps) const {
    for (std::size_t i = 0; i < pattern_.conditions().size(); ++i) {
      std::size_t last = 0;
      for (const std::uint32_t element : pattern_.conditions()[i].elements)
        for (std::size_t at = 0; at < steps.size(); ++at)
          if (steps[at].edge.element == element || (!steps[at].closes && steps[at].edge.right == element))
            last = std::max(last, at);
      steps[last].conditions.push_back(i);
    }
  }

  std::vector<std::uint64_t> distances(const PatternEdge& edge) const {
    const Graph& graph = pattern_.graph();
    std::vector<std::uint64_t> out(graph.nodes.rows(), UINT64_MAX);
    std::deque<Number> queue;
    for (Number node = 0; node < out.size(); ++node)
      if (pattern_.node_fits(edge.right, node)) {
        out[node] = 0;
        queue.push_back(node);
      }
    while (!queue.empty()) {
      const Number node = queue.front();
      queue.pop_front();
      const Ways ways(graph, edge.reversed().direction, node);
      for (std::size_t i = 0; i < ways.size(); ++i) {
        const auto [by, before] = ways.at(i);
        if (by == kNoNumber || out[before] != UINT64_MAX || !pattern_.edge_fits(edge.element, by)) continue;
        out[before] = out[node] + 1;
        queue.push_back(before);
      }
    }
    return out;
  }

  Pattern& pattern_;
  std::vector<bool> known_;
  std::uint32_t start_ = 0;
};

/// Looks for all matches, as deep as they go first. Nothing calls itself: a path may be as long as the graph.
class Search {
 public:
  Search(Operation& operation, Pattern& pattern, Cycles cycles)
      : operation_(operation),
        pattern_(pattern),
        graph_(pattern.graph()),
        match_(pattern.size()),
        edge_used_(cycles == Cycles::UniqueEdges ? graph_.edges.rows() : 0),
        node_used_(cycles == Cycles::None ? graph_.nodes.rows() : 0),
        found_(pattern) {}

  Result<Table> run() {
    Route route(pattern_);
    if (!pattern_.is_impossible()) {
      steps_ = RD_TRY(route.steps());
      start_ = route.start();
      for (Number node = 0; node < graph_.nodes.rows(); ++node) {
        RD_TRY(keep_going(operation_, node));
        if (pattern_.node_fits(start_, node)) RD_TRY(search(node));
      }
    }
    return found_.projected(operation_);
  }

 private:
  /// Somewhere on the way along an edge of the pattern.
  struct Place {
    std::size_t step = 0;
    std::uint64_t edges = 0;  ///< gone along so far, in this step
    Number node = kNoNumber;
    Number by = kNoNumber;  ///< the edge that leads here
    std::size_t next = 0;   ///< way to go
    bool entered = false;
    bool arrived = false;  ///< the steps behind this one are under way
  };

  Result<void> search(Number node) {
    match_.node[start_] = node;
    if (steps_.empty()) return found_.add(match_, operation_.budget());
    if (!node_used_.empty()) node_used_[node] = true;
    places_.push_back({.node = node});
    while (!places_.empty()) {
      RD_TRY(keep_going(operation_, work_++));
      RD_TRY(go_on());
    }
    if (!node_used_.empty()) node_used_[node] = false;
    return {};
  }

  Result<void> go_on() {
    Place& place = places_.back();
    const Step& step = steps_[place.step];
    if (!place.entered) {
      place.entered = true;
      if (place.edges >= step.edge.least && place.edges <= step.edge.most) {
        place.arrived = RD_TRY(arrive(place, step));
        if (place.arrived) return next_step(place);
      }
    }
    if (place.arrived && !step.closes) match_.node[step.edge.right] = kNoNumber;
    place.arrived = false;
    if (!extend(place, step)) leave();
    return {};
  }

  Result<void> next_step(const Place& place) {
    const std::size_t next = place.step + 1;
    if (next == steps_.size()) return found_.add(match_, operation_.budget());
    places_.push_back({.step = next, .node = match_.node[steps_[next].edge.left]});
    return {};
  }

  /// Whether the way so far is one of the step.
  Result<bool> arrive(const Place& place, const Step& step) {
    Number& end = match_.node[step.edge.right];
    if (step.closes ? end != place.node : !pattern_.node_fits(step.edge.right, place.node)) return false;
    end = place.node;
    take_way(place, step);
    bool holds = true;
    for (const std::size_t one : step.conditions)
      if (holds) holds = RD_TRY(pattern_.conditions()[one].condition.holds(match_));
    if (!holds && !step.closes) end = kNoNumber;
    return holds;
  }

  void take_way(const Place& place, const Step& step) {
    std::vector<Number>& edges = match_.edges[step.edge.element];
    std::vector<Number>& inner = match_.inner[step.edge.element];
    edges.clear();
    inner.clear();
    for (std::size_t i = places_.size() - place.edges; i < places_.size(); ++i) {
      edges.push_back(places_[i].by);
      if (i + 1 < places_.size()) inner.push_back(places_[i].node);
    }
    if (!step.backwards) return;
    std::reverse(edges.begin(), edges.end());
    std::reverse(inner.begin(), inner.end());
  }

  /// One edge further; false: there is none left.
  bool extend(Place& place, const Step& step) {
    if (place.edges >= step.edge.most) return false;
    if (place.edges > 0 && !pattern_.inner_fits(step.edge.element, place.node)) return false;
    const Ways ways(graph_, step.edge.direction, place.node);
    while (place.next < ways.size()) {
      const auto [edge, end] = ways.at(place.next++);
      if (edge == kNoNumber || !may_go(step, place.edges + 1, edge, end)) continue;
      if (!edge_used_.empty()) edge_used_[edge] = true;
      if (!node_used_.empty()) node_used_[end] = true;
      places_.push_back({.step = place.step, .edges = place.edges + 1, .node = end, .by = edge});
      return true;
    }
    return false;
  }

  bool may_go(const Step& step, std::uint64_t edges, Number edge, Number end) const {
    if (!edge_used_.empty() && edge_used_[edge]) return false;
    if (!node_used_.empty() && node_used_[end]) return false;
    if (!pattern_.edge_fits(step.edge.element, edge)) return false;
    return step.distance.empty() ||
           (step.distance[end] <= step.edge.most && step.distance[end] + edges <= step.edge.most);
  }

  void leave() {
    const Place& place = places_.back();
    if (!edge_used_.empty() && place.by != kNoNumber) edge_used_[place.by] = false;
    if (!node_used_.empty() && place.by != kNoNumber) node_used_[place.node] = false;
    places_.pop_back();
  }

  Operation& operation_;
  Pattern& pattern_;
  const Graph& graph_;
  std::vector<Step> steps_;
  std::uint32_t start_ = 0;
  Match match_;
  std::vector<bool> edge_used_;  // empty: edges may come again
  std::vector<bool> node_used_;
  std::vector<Place> places_;
  std::size_t work_ = 0;
  MatchList found_;
};

}  // namespace

Result<Table> graph_match(Operation& operation) {
  const std::shared_ptr<const Graph> graph = RD_TRY(graph_of(operation));
  if (operation.relation.assignments.empty()) return unsupported("graph-match without project");
  const std::unique_ptr<Pattern> pattern = RD_TRY(Pattern::prepare(operation, *graph));
  return Search(operation, *pattern, cycles_of(operation)).run();
}

}  // namespace redoubt::query::detail

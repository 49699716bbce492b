#pragma once

#include <functional>
#include <vector>

#include "query/detail/graph_expression.h"
#include "query/detail/graph_operators.h"

namespace redoubt::query::detail {

/// An edge of a pattern, with its numbers known.
struct PatternEdge {
  std::uint32_t element = 0;
  std::uint32_t left = 0;  ///< nodes beside it
  std::uint32_t right = 0;
  kql::GraphDirection direction = kql::GraphDirection::Any;
  std::uint64_t least = 1;
  std::uint64_t most = 1;

  /// As one goes along it from the right to the left.
  PatternEdge reversed() const;
};

/// A condition that hangs on several elements, or on an edge with a range as a whole.
struct PatternCondition {
  PatternExpression condition;
  std::vector<std::uint32_t> elements;
};

/// A pattern made ready to be looked for in a graph. What its condition says of single nodes and edges is
/// worked out beforehand, for all of them.
class Pattern {
 public:
  /// Errors: QRY0001, QRY0006 of what can't be looked for; those of expressions and limits.
  static Result<std::unique_ptr<Pattern>> prepare(Operation& operation, const Graph& graph);

  const Graph& graph() const { return graph_; }
  const PatternView& view() const { return view_; }
  std::size_t size() const { return view_.pattern.size(); }
  bool is_edge(std::uint32_t element) const { return view_.pattern[element].edge; }
  std::span<const PatternEdge> edges() const { return edges_; }
  std::vector<PatternCondition>& conditions() { return conditions_; }
  /// A condition that hangs on no element does not hold.
  bool is_impossible() const { return impossible_; }

  bool node_fits(std::uint32_t element, Number node) const { return fits(single_[element], node); }
  bool edge_fits(std::uint32_t element, Number edge) const { return fits(single_[element], edge); }
  /// Whether a node may stand between the edges of one with a range.
  bool inner_fits(std::uint32_t element, Number node) const { return fits(inner_[element], node); }
  /// How many nodes an element can be.
  std::size_t candidates(std::uint32_t element) const;

 private:
  Pattern(Operation& operation, const Graph& graph);
  using Fits = std::vector<char>;  ///< empty: all do

  static bool fits(const Fits& known, Number number) { return known.empty() || known[number] != 0; }
  Result<void> read_edges();
  Result<void> read_conditions();
  Result<void> apply(PatternExpression& condition, const PatternExpression::Filter& filter);

  Operation& operation_;
  const Graph& graph_;
  PatternView view_;
  std::vector<PatternEdge> edges_;
  std::vector<PatternCondition> conditions_;
  std::vector<Fits> single_;  // by element
  std::vector<Fits> inner_;
  bool impossible_ = false;
};

/// Calls for each edge at a node that leads on in a direction: take(edge, other end). An edge from a node to
/// itself comes once. Stops when take gives false.
class Ways {
 public:
  Ways(const Graph& graph, kql::GraphDirection direction, Number node)
      : graph_(graph),
        out_(direction == kql::GraphDirection::Left ? std::span<const Number>() : graph.outgoing.at(node)),
        in_(direction == kql::GraphDirection::Right ? std::span<const Number>() : graph.incoming.at(node)) {}

  struct Way {
    Number edge = kNoNumber;
    Number end = kNoNumber;
  };
  std::size_t size() const { return out_.size() + in_.size(); }
  /// Without an edge: it came before.
  Way at(std::size_t i) const {
    if (i < out_.size()) return {out_[i], graph_.target[out_[i]]};
    const Number edge = in_[i - out_.size()];
    const bool twice = !out_.empty() && graph_.source[edge] == graph_.target[edge];
    return twice ? Way{} : Way{edge, graph_.source[edge]};
  }

 private:
  const Graph& graph_;
  std::span<const Number> out_;
  std::span<const Number> in_;
};

/// Matches, kept small, in an order that does not hang on how they were found: shorter paths first.
class MatchList {
 public:
  explicit MatchList(const Pattern& pattern);

  /// Errors: QRY0002 too many.
  Result<void> add(const Match& match, Budget& budget);
  /// The values of the operator's projections.
  Result<Table> projected(Operation& operation);

 private:
  void read(std::size_t number, Match& match) const;

  const Pattern& pattern_;
  std::vector<std::uint32_t> repeated_;  // edges with a range, the last first
  std::vector<Number> numbers_;
  std::vector<std::size_t> starts_;
};

}  // namespace redoubt::query::detail

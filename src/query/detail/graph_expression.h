#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "query/detail/graph.h"
#include "query/detail/program.h"

namespace redoubt::query::detail {

/// What the elements of a pattern are in a match of it, by their numbers.
struct Match {
  explicit Match(std::size_t elements) : node(elements, kNoNumber), edges(elements), inner(elements) {}

  std::vector<Number> node;                ///< of a node
  std::vector<std::vector<Number>> edges;  ///< of an edge, from the left to the right of the pattern
  std::vector<std::vector<Number>> inner;  ///< the nodes between its edges
};

/// What expressions in clauses of graph-match look at.
struct PatternView {
  Executor& executor;
  const Graph& graph;
  std::span<const kql::GraphElement> pattern;
  std::vector<Table> tables;  ///< of each element the graph's nodes or edges, with the element's columns

  PatternView(Executor& of, const Graph& on, std::span<const kql::GraphElement> elements);
};

/// The rows that an expression is worked out for one after the other, beside those of a match.
struct Current {
  const Table* rows = nullptr;
  bool nodes = false;
};

/// An expression over the elements of a match.
///
/// What is said of an edge with a range is said of each edge that it is: as a condition of all of them, as a
/// value it is an array.
/// Source: Kusto Query Language reference, "graph-match operator", "Graph functions".
class PatternExpression {
 public:
  /// Errors: those of Program::compile.
  static Result<PatternExpression> compile(const PatternView& view, const Root& root, Current current = {});

  PatternExpression(PatternExpression&&) noexcept;
  PatternExpression& operator=(PatternExpression&&) noexcept;
  PatternExpression(const PatternExpression&) = delete;
  PatternExpression& operator=(const PatternExpression&) = delete;
  ~PatternExpression();

  /// `row`: the current one.
  Result<kql::Value> value(const Match& match, Number row = 0);
  Result<bool> holds(const Match& match, Number row = 0);

  /// The elements that it hangs on, each once.
  std::span<const std::uint32_t> elements() const;

  enum class Scope : std::uint8_t { Node, Edge, Inner };
  struct Filter {
    Scope scope = Scope::Node;
    std::uint32_t element = 0;
  };
  /// What a condition is, when it is said of every single node, edge or inner node of an element alone.
  std::optional<Filter> filter() const;

 private:
  class Parts;
  explicit PatternExpression(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace redoubt::query::detail

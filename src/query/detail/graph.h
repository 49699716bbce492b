#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "query/table.h"

namespace redoubt::query::detail {

/// A node or an edge of a graph: the number of its row.
using Number = std::uint32_t;
inline constexpr Number kNoNumber = UINT32_MAX;

/// The edges that each node has, in their order.
class Incidence {
 public:
  Incidence() = default;
  /// `ends`: the node of each edge.
  Incidence(std::span<const Number> ends, std::size_t nodes);

  std::span<const Number> at(Number node) const {
    return std::span(edges_).subspan(first_[node], first_[node + 1] - first_[node]);
  }

 private:
  std::vector<std::size_t> first_;
  std::vector<Number> edges_;
};

/// A graph in memory, which does not change.
struct Graph {
  /// `sources` and `targets` are the nodes of each edge.
  Graph(Table nodes_table, Table edges_table, std::shared_ptr<const Cells> node_ids,
        std::vector<Number> sources, std::vector<Number> targets);

  /// With some of its nodes and edges; an edge goes with its nodes.
  std::shared_ptr<const Graph> part(const std::vector<bool>& node_stays,
                                    const std::vector<bool>& edge_stays) const;
  /// The same with other columns of the nodes.
  std::shared_ptr<const Graph> with_nodes(Table other) const;

  Table nodes;
  Table edges;
  std::shared_ptr<const Cells> ids;  ///< of the nodes
  std::vector<Number> source;        ///< of each edge
  std::vector<Number> target;
  Incidence outgoing;  ///< edges by their source
  Incidence incoming;  ///< edges by their target
};

/// The rows of a graph: its edges.
Table rows_of(std::shared_ptr<const Graph> graph);

}  // namespace redoubt::query::detail

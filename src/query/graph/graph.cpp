#include "query/detail/graph.h"

#include "core/result.h"

namespace redoubt::query::detail {

Incidence::Incidence(std::span<const Number> ends, std::size_t nodes)
    : first_(nodes + 1), edges_(ends.size()) {
  for (const Number node : ends)
    ++first_[node + 1];
  for (std::size_t node = 0; node < nodes; ++node)
    first_[node + 1] += first_[node];
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t edge = 0; edge < ends.size(); ++edge)
    edges_[next[ends[edge]]++] = static_cast<Number>(edge);
}

Graph::Graph(Table nodes_table, Table edges_table, std::shared_ptr<const Cells> node_ids,
             std::vector<Number> sources, std::vector<Number> targets)
    : nodes(std::move(nodes_table)),
      edges(std::move(edges_table)),
      ids(std::move(node_ids)),
      source(std::move(sources)),
      target(std::move(targets)),
      outgoing(source, nodes.rows()),
      incoming(target, nodes.rows()) {
  RD_CHECK(ids->size() == nodes.rows() && source.size() == edges.rows() && target.size() == edges.rows());
}

std::shared_ptr<const Graph> Graph::part(const std::vector<bool>& node_stays,
                                         const std::vector<bool>& edge_stays) const {
  std::vector<Number> number(nodes.rows(), kNoNumber);
  std::vector<std::size_t> node_rows;
  Cells node_ids;
  for (std::size_t node = 0; node < nodes.rows(); ++node) {
    if (!node_stays[node]) continue;
    number[node] = static_cast<Number>(node_rows.size());
    node_rows.push_back(node);
    node_ids.push_back((*ids)[node]);
  }
  std::vector<std::size_t> edge_rows;
  std::vector<Number> sources;
  std::vector<Number> targets;
  for (std::size_t edge = 0; edge < edges.rows(); ++edge) {
    if (!edge_stays[edge] || !node_stays[source[edge]] || !node_stays[target[edge]]) continue;
    edge_rows.push_back(edge);
    sources.push_back(number[source[edge]]);
    targets.push_back(number[target[edge]]);
  }
  return std::make_shared<const Graph>(nodes.take(node_rows), edges.take(edge_rows),
                                       std::make_shared<const Cells>(std::move(node_ids)), std::move(sources),
                                       std::move(targets));
}

std::shared_ptr<const Graph> Graph::with_nodes(Table other) const {
  return std::make_shared<const Graph>(std::move(other), edges, ids, source, target);
}

Table rows_of(std::shared_ptr<const Graph> graph) {
  Table out = graph->edges;
  out.set_graph(std::move(graph));
  return out;
}

}  // namespace redoubt::query::detail

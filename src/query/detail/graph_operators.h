#pragma once

#include "query/detail/graph.h"
#include "query/detail/operators.h"

/// Operators on graphs, and what they share.
namespace redoubt::query::detail {

Result<Table> make_graph(Operation& operation);
Result<Table> graph_mark_components(Operation& operation);
Result<Table> graph_where(Operation& operation);  ///< graph-where-nodes, graph-where-edges
Result<Table> graph_to_table(Operation& operation);
Result<Table> graph_match(Operation& operation);
Result<Table> graph_shortest_paths(Operation& operation);

/// The graph that an operator is on.
/// Errors: QRY0001 there is none.
Result<std::shared_ptr<const Graph>> graph_of(const Operation& operation);

}  // namespace redoubt::query::detail

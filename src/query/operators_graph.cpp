#include "query/detail/graph_operators.h"

namespace redoubt::query::detail {

Result<std::shared_ptr<const Graph>> graph_of(const Operation& operation) {
  if (operation.input.graph() == nullptr) return unsupported("a graph operator on something else");
  return operation.input.graph();
}

namespace {

using kql::NodeKind;

constexpr OperatorRow kRows[] = {{NodeKind::GraphMarkComponents, graph_mark_components},
                                 {NodeKind::GraphMatch, graph_match},
                                 {NodeKind::GraphShortestPaths, graph_shortest_paths},
                                 {NodeKind::GraphToTable, graph_to_table},
                                 {NodeKind::GraphWhereEdges, graph_where},
                                 {NodeKind::GraphWhereNodes, graph_where},
                                 {NodeKind::MakeGraph, make_graph}};

}  // namespace

OperatorRows graph_operators() { return kRows; }

}  // namespace redoubt::query::detail

#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr Signatures kOfAllElements =
    RD_LIST(gives(Bool, RD_LIST(scalar("pattern_element"), over_elements(boolean("expression")))));

// What only clauses of graph-match and graph-shortest-paths know. Sorted by name.
constexpr std::array kRows = {
    in_graph("all", kOfAllElements, "all-graph-function"),
    in_graph("any", kOfAllElements, "any-graph-function"),
    in_graph("inner_nodes", RD_LIST(gives(ColumnsByName, RD_LIST(scalar("edge")))),
             "inner-nodes-graph-function"),
    in_graph("labels", RD_LIST(gives_array(RD_LIST(optional(scalar("pattern_element"))))),
             "labels-graph-function"),
    in_graph("map",
             RD_LIST(gives_array(RD_LIST(scalar("pattern_element"), over_elements(scalar("expression"))))),
             "map-graph-function"),
    in_graph("node_degree_in", RD_LIST(gives(Long, RD_LIST(optional(scalar("node"))))), "node-degree-in"),
    in_graph("node_degree_out", RD_LIST(gives(Long, RD_LIST(optional(scalar("node"))))), "node-degree-out"),
    in_graph("node_id", RD_LIST(gives(String, RD_LIST(optional(scalar("node"))))), "node-id"),
};

}  // namespace

std::span<const Function> graph_functions() { return kRows; }

}  // namespace redoubt::kql::detail

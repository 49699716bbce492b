#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

// What only clauses of graph-match and graph-shortest-paths know. Sorted by name.
constexpr std::array kRows = {
    of_kind(
        FunctionKind::Graph,
        impure("all",
               RD_LIST(gives(Bool, RD_LIST(scalar("pattern_element"), over_elements(boolean("expression"))))),
               "all-graph-function")),
    of_kind(
        FunctionKind::Graph,
        impure("any",
               RD_LIST(gives(Bool, RD_LIST(scalar("pattern_element"), over_elements(boolean("expression"))))),
               "any-graph-function")),
    of_kind(FunctionKind::Graph,
            impure("inner_nodes", RD_LIST(gives(ResultRule::ColumnsByName, RD_LIST(scalar("edge")))),
                   "inner-nodes-graph-function")),
    of_kind(FunctionKind::Graph,
            impure("labels", RD_LIST(gives_array(RD_LIST(optional(scalar("pattern_element"))))),
                   "labels-graph-function")),
    of_kind(
        FunctionKind::Graph,
        impure("map",
               RD_LIST(gives_array(RD_LIST(scalar("pattern_element"), over_elements(scalar("expression"))))),
               "map-graph-function")),
    of_kind(
        FunctionKind::Graph,
        impure("node_degree_in", RD_LIST(gives(Long, RD_LIST(optional(scalar("node"))))), "node-degree-in")),
    of_kind(FunctionKind::Graph,
            impure("node_degree_out", RD_LIST(gives(Long, RD_LIST(optional(scalar("node"))))),
                   "node-degree-out")),
    of_kind(FunctionKind::Graph,
            impure("node_id", RD_LIST(gives(String, RD_LIST(optional(scalar("node"))))), "node-id")),
};

}  // namespace

std::span<const Function> graph_functions() { return kRows; }

}  // namespace redoubt::kql::detail

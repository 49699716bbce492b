#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

// What tables come from. Sorted by name.
constexpr std::array kRows = {
    only(kAdx | kFabric, source(FunctionKind::Scope, "cluster",
                                RD_LIST(gives(Reference, RD_LIST(string("name")))), "cluster-function")),
    only(kAdx | kFabric,
         source(FunctionKind::Scope, "database", RD_LIST(gives(Reference, RD_LIST(optional(string("name"))))),
                "database-function")),
    only(kAdx,
         source(FunctionKind::Scope, "entity_group", RD_LIST(gives(Reference, RD_LIST(string("name")))), "")),
    source(FunctionKind::Table, "external_table",
           RD_LIST(gives(Reference, RD_LIST(string("name"), optional(string("mapping")))),
                   gives(Reference, RD_LIST(string("name"), timespan("max_age")))),
           "external-table-function"),
    source(FunctionKind::Table, "graph",
           RD_LIST(gives(Reference, RD_LIST(string("name"), optional(string("snapshot")))),
                   gives(Reference, RD_LIST(string("name"), boolean("volatile")))),
           "graph-function"),
    source(FunctionKind::Table, "materialized_view",
           RD_LIST(gives(Reference, RD_LIST(string("name"), optional(timespan("max_age"))))),
           "materialized-view-function"),
    source(FunctionKind::Table, "stored_query_result",
           RD_LIST(gives(Reference, RD_LIST(string("name"))),
                   gives(Reference, RD_LIST(string("name"), typed(Long, "index"))),
                   gives(Reference, RD_LIST(string("name"), string("table_name")))),
           "stored-query-result-function"),
    source(FunctionKind::Table, "table",
           RD_LIST(gives(Reference, RD_LIST(string("name"), optional(string("query_data_scope"))))),
           "table-function"),
};

}  // namespace

std::span<const Function> source_functions() { return kRows; }

}  // namespace redoubt::kql::detail

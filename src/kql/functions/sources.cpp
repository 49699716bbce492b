#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

// What tables come from. Sorted by name.
constexpr std::array kRows = {
    only(kAdx | kFabric,
         of_kind(FunctionKind::Scope,
                 impure("cluster", RD_LIST(gives(ResultRule::Reference, RD_LIST(string("name")))),
                        "cluster-function"))),
    only(kAdx | kFabric,
         of_kind(FunctionKind::Scope,
                 impure("database", RD_LIST(gives(ResultRule::Reference, RD_LIST(optional(string("name"))))),
                        "database-function"))),
    only(kAdx,
         of_kind(FunctionKind::Scope,
                 impure("entity_group", RD_LIST(gives(ResultRule::Reference, RD_LIST(string("name")))), ""))),
    of_kind(FunctionKind::Table,
            impure("external_table",
                   RD_LIST(gives(ResultRule::Reference, RD_LIST(string("name"), optional(string("mapping")))),
                           gives(ResultRule::Reference, RD_LIST(string("name"), timespan("max_age")))),
                   "external-table-function")),
    of_kind(
        FunctionKind::Table,
        impure("graph",
               RD_LIST(gives(ResultRule::Reference, RD_LIST(string("name"), optional(string("snapshot")))),
                       gives(ResultRule::Reference, RD_LIST(string("name"), boolean("volatile")))),
               "graph-function")),
    of_kind(
        FunctionKind::Table,
        impure("materialized_view",
               RD_LIST(gives(ResultRule::Reference, RD_LIST(string("name"), optional(timespan("max_age"))))),
               "materialized-view-function")),
    of_kind(FunctionKind::Table,
            impure("stored_query_result",
                   RD_LIST(gives(ResultRule::Reference, RD_LIST(string("name"))),
                           gives(ResultRule::Reference, RD_LIST(string("name"), typed(Long, "index"))),
                           gives(ResultRule::Reference, RD_LIST(string("name"), string("table_name")))),
                   "stored-query-result-function")),
    of_kind(FunctionKind::Table,
            impure("table",
                   RD_LIST(gives(ResultRule::Reference,
                                 RD_LIST(string("name"), optional(string("query_data_scope"))))),
                   "table-function")),
};

}  // namespace

std::span<const Function> source_functions() { return kRows; }

}  // namespace redoubt::kql::detail

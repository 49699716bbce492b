#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

// Who asks, where, and of which rows. Sorted by name.
constexpr std::array kRows = {
    impure("current_cluster_endpoint", RD_LIST(gives(String)), "current-cluster-endpoint-function"),
    only(kAdx | kFabric,
         alias("cursor_current", deprecated("cursor_current", impure("current_cursor", RD_LIST(gives(String)),
                                                                     "cursor-current")))),
    impure("current_database", RD_LIST(gives(String)), "current-database-function"),
    only(kAdx, hidden(impure("current_node_id", RD_LIST(gives(String)), ""))),
    only(kAdx | kFabric, impure("current_principal", RD_LIST(gives(String)), "current-principal-function")),
    impure("current_principal_details", RD_LIST(gives_bag()), "current-principal-details-function"),
    only(kAdx | kFabric, impure("current_principal_is_member_of",
                                RD_LIST(gives(Bool, RD_LIST(times(1, 64, string_or_array("group"))))),
                                "current-principal-is-member-of-function")),
    only(kAdx | kFabric,
         impure("cursor_after", RD_LIST(gives(Bool, RD_LIST(string("cursor")))), "cursor-after-function")),
    only(kAdx | kFabric, impure("cursor_before_or_at", RD_LIST(gives(Bool, RD_LIST(string("cursor")))),
                                "cursor-before-or-at-function")),
    only(kAdx | kFabric, impure("cursor_current", RD_LIST(gives(String)), "cursor-current")),
    impure("estimate_data_size",
           RD_LIST(gives(Long, RD_LIST(one_or_more(column(scalar("column"))))),
                   gives(Long, RD_LIST(star("column")))),
           "estimate-data-size-function"),
    only(kAdx | kFabric, impure("extent_id", RD_LIST(gives(Guid)), "extent-id-function")),
    only(kAdx | kFabric, impure("extent_tags", RD_LIST(gives_array()), "extent-tags-function")),
    only(kAdx | kFabric, alias("extent_id", deprecated("extent_id", impure("extentid", RD_LIST(gives(Guid)),
                                                                           "extent-id-function")))),
    impure("ingestion_time", RD_LIST(gives(DateTime)), "ingestion-time-function", Prefix, "$IngestionTime"),
    impure("new_guid", RD_LIST(gives(Guid)), "new-guid-function"),
    only(kAdx, impure("row_id", RD_LIST(gives(String)), "")),
    only(kAdx, hidden(impure("rowstore_ordinal_range", RD_LIST(gives(Dynamic)), ""))),
};

}  // namespace

std::span<const Function> context_functions() { return kRows; }

}  // namespace redoubt::kql::detail

#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

// How bag_unpack treats a property with the name of a column. Its last two parameters are from its page; the
// library has the first two only.
constexpr auto kConflicts = std::to_array<std::string_view>({"error", "replace_source", "keep_source"});

constexpr Columns kResponse = RD_LIST(out("ResponseHeaders", Dynamic), out("ResponseBody", Dynamic));

constexpr Signatures kSqlRequest =
    RD_LIST(gives(OpenTable, RD_LIST(string("connection_string"), string("sql_query"),
                                     optional(bag("sql_parameters")), optional(bag("options")))));
constexpr Signatures kScript = RD_LIST(
    gives(TableByName, RD_LIST(type_literal("OutputSchema"), string("Script"), optional(bag("Arguments")))));
constexpr Signatures kEmbedding =
    RD_LIST(gives(TableByName, RD_LIST(scalar("Text"), string("ConnectionString"), optional(bag("Options")),
                                       optional(boolean("IncludeErrorMessages")))));

// Plugins that reshape, look up or call out. Sorted by name.
constexpr std::array kRows = {
    only(kAdx | kFabric,
         plugin("ai_chat_completion",
                RD_LIST(gives(TableByName,
                              RD_LIST(array("Prompt"), string("ConnectionString"), optional(bag("Options")),
                                      optional(boolean("IncludeErrorMessages"))))),
                "ai-chat-completion-plugin")),
    only(kAdx | kFabric,
         plugin("ai_chat_completion_prompt",
                RD_LIST(gives(TableByName,
                              RD_LIST(string("Prompt"), string("ConnectionString"), optional(bag("Options")),
                                      optional(boolean("IncludeErrorMessages"))))),
                "ai-chat-completion-prompt-plugin")),
    only(kAdx | kFabric,
         alias("ai_embeddings",
               deprecated("ai_embeddings", plugin("ai_embed_text", kEmbedding, "ai-embeddings-plugin")))),
    only(kAdx | kFabric, plugin("ai_embeddings", kEmbedding, "ai-embeddings-plugin")),
    plugin("azure_digital_twins_query_request",
           RD_LIST(gives(OpenTable, RD_LIST(string("endpoint"), string("sql_query")))),
           "azure-digital-twins-query-request-plugin"),
    plugin("bag_unpack",
           RD_LIST(gives(TableByName,
                         RD_LIST(column(scalar("column")), optional(full_literal(string("column_prefix"))),
                                 optional(one_of(kConflicts, literal(string("columnsConflict")))),
                                 optional(array("ignoredProperties"))))),
           "bag-unpack-plugin"),
    only(kAdx | kFabric, plugin("cosmosdb_sql_request", kSqlRequest, "cosmosdb-plugin")),
    only(kAdx, plugin("csharp", kScript, "")),
    only(kAdx,
         hidden(plugin(
             "dax_request",
             RD_LIST(gives(OpenTable, RD_LIST(string("connection_string"), string("dax_query"),
                                              optional(bag("dax_parameters")), optional(bag("options"))))),
             ""))),
    only(kAdx, plugin("estimate_rows_count",
                      RD_LIST(gives(FixedTable, {}, RD_LIST(out("EstimatedRowsCount", Long)))), "")),
    only(kAdx, plugin("execute_query",
                      RD_LIST(gives(OpenTable, RD_LIST(string("connection_string"), string("query")))), "")),
    only(kAdx,
         plugin("execute_show_command",
                RD_LIST(gives(OpenTable, RD_LIST(string("connection_string"), string("command")))), "")),
    only(kAdx, plugin("external_datatable", RD_LIST(gives(OpenTable)), "")),
    // Options stand by name in any order, or by position; so for geo_polygon_lookup.
    plugin(
        "geo_line_lookup",
        RD_LIST(laid_out(Layout::ByKind,
                         gives(TableByName, RD_LIST(table("LookupTable"), table_column(bag("LookupLineKey")),
                                                    column(scalar("SourceLongitude")),
                                                    column(scalar("SourceLatitude")), literal(real("radius")),
                                                    optional(literal(boolean("return_unmatched"))),
                                                    optional(literal(real("lookup_area_radius"))),
                                                    optional(literal(boolean("return_lookup_key"))))))),
        "geo-line-lookup-plugin"),
    plugin("geo_polygon_lookup",
           RD_LIST(laid_out(
               Layout::ByKind,
               gives(TableByName, RD_LIST(table("LookupTable"), table_column(bag("LookupPolygonKey")),
                                          column(scalar("SourceLongitude")), column(scalar("SourceLatitude")),
                                          optional(literal(real("radius"))),
                                          optional(literal(boolean("return_unmatched"))),
                                          optional(literal(real("lookup_area_radius"))),
                                          optional(literal(boolean("return_lookup_key"))))))),
           "geo-polygon-lookup-plugin"),
    only(kAdx | kFabric,
         plugin("http_request",
                RD_LIST(gives(FixedTable,
                              RD_LIST(constant(string("Uri")), optional(bag("RequestHeaders")),
                                      optional(bag("Options"))),
                              kResponse)),
                "http-request-plugin")),
    only(kAdx | kFabric,
         plugin("http_request_post",
                RD_LIST(gives(FixedTable,
                              RD_LIST(constant(string("Uri")), optional(bag("RequestHeaders")),
                                      optional(bag("Options")), optional(constant(string("Content")))),
                              kResponse)),
                "http-request-post-plugin")),
    only(kAdx, plugin("identity", RD_LIST(gives(InputTable)), "")),
    only(kAdx, plugin("identity_v3",
                      RD_LIST(gives(InputTable,
                                    RD_LIST(constant(string("mode")), constant(string("exceptionText"))))),
                      "")),
    plugin("infer_storage_schema",
           RD_LIST(gives(FixedTable, RD_LIST(bag("Options")), RD_LIST(out("CslSchema", String)))),
           "infer-storage-schema-plugin"),
    plugin("infer_storage_schema_with_suggestions",
           RD_LIST(gives(FixedTable, RD_LIST(bag("Options")), RD_LIST(out("SuggestedTableSchema", String)))),
           "infer-storage-schema-with-suggestions-plugin"),
    // A last argument named return_unmatched, or a bool literal, is that option; those before it are keys.
    plugin("ipv4_lookup",
           RD_LIST(laid_out(
               Layout::ByKind,
               gives(TableByName, RD_LIST(table("LookupTable"), column(scalar("SourceIPv4Key")),
                                          table_column(scalar("IPv4LookupKey")),
                                          any_number(of_form(ArgumentForm::ColumnOfBoth, scalar("ExtraKey"))),
                                          optional(literal(boolean("return_unmatched"))))))),
           "ipv4-lookup-plugin"),
    plugin("ipv6_lookup",
           RD_LIST(laid_out(Layout::ByKind,
                            gives(TableByName, RD_LIST(table("LookupTable"), column(scalar("SourceIPv6Key")),
                                                       table_column(scalar("IPv6LookupKey")),
                                                       optional(literal(boolean("return_unmatched"))))))),
           "ipv6-lookup-plugin"),
    only(kAdx | kFabric, plugin("mysql_request", kSqlRequest, "mysql-request-plugin")),
    plugin("narrow",
           RD_LIST(
               gives(FixedTable, {}, RD_LIST(out("Row", Long), out("Column", String), out("Value", String)))),
           "narrow-plugin"),
    plugin("pivot",
           RD_LIST(gives(TableByName,
                         RD_LIST(column(not_dynamic("pivotColumn")),
                                 optional(of_form(ArgumentForm::Aggregate, scalar("aggregateFunction"))),
                                 any_number(column(scalar("columnName")))))),
           "pivot-plugin"),
    only(kAdx | kFabric, plugin("postgresql_request", kSqlRequest, "postgresql-request-plugin")),
    plugin("preview", RD_LIST(gives(TableByName, RD_LIST(integer("NumberOfRows")))), "preview-plugin"),
    only(kAdx | kFabric,
         plugin("python",
                RD_LIST(gives(TableByName, RD_LIST(type_literal("OutputSchema"), string("Script"),
                                                   optional(bag("Arguments")), optional(bag("Artifacts"))))),
                "python-plugin")),
    only(kAdx, plugin("r", kScript, "r-plugin")),
    plugin("schema_merge",
           RD_LIST(gives(FixedTable, RD_LIST(optional(boolean("PreserveOrder"))),
                         RD_LIST(out("ColumnName", String), out("ColumnOrdinal", Long),
                                 out("DataType", String), out("ColumnType", String)))),
           "schema-merge-plugin"),
    only(kAdx | kFabric, plugin("sql_request", kSqlRequest, "sql-request-plugin")),
};

}  // namespace

std::span<const Function> plugins() { return kRows; }

}  // namespace redoubt::kql::detail

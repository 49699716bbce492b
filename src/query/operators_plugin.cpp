#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "query/detail/plugin.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "evaluate plugin operator".

namespace {

using kql::NodeKind;

constexpr PluginRows (*kTables[])() = {bag_plugins,      pivot_plugins,  lookup_plugins, shape_plugins,
                                       activity_plugins, window_plugins, funnel_plugins, pattern_plugins,
                                       sketch_plugins,   text_plugins};

// What these ask is not here.
constexpr std::string_view kServices[] = {"ai_chat_completion",
                                          "ai_chat_completion_prompt",
                                          "ai_embed_text",
                                          "ai_embeddings",
                                          "azure_digital_twins_query_request",
                                          "cosmosdb_sql_request",
                                          "csharp",
                                          "dax_request",
                                          "execute_query",
                                          "execute_show_command",
                                          "external_datatable",
                                          "http_request",
                                          "http_request_post",
                                          "infer_storage_schema",
                                          "infer_storage_schema_with_suggestions",
                                          "mysql_request",
                                          "postgresql_request",
                                          "python",
                                          "r",
                                          "sql_request"};

PluginFunction function_of(std::string_view name) {
  for (const auto table : kTables)
    for (const PluginRow& row : table())
      if (row.name == name) return row.run;
  return nullptr;
}

/// Columns by their names, with the types that are declared; those of the input that `*` stands for by
/// themselves.
Result<Table> as_declared(const PluginCall& call) {
  const kql::Relation& plugin = *call.relation().inputs.front();
  Table out(call.rows());
  for (const kql::Column* column : call.relation().columns) {
    std::shared_ptr<const Cells> cells;
    if (const auto* const same = call.input().find(column)) {
      cells = *same;
    } else {
      for (const TableColumn& one : call.input().columns())
        if (one.column->name == column->name) cells = one.cells;
    }
    if (cells == nullptr) {
      const kql::Value missing = RD_TRY(missing_cell(call.executor(), plugin, column->type));
      cells = std::make_shared<const Cells>(call.rows(), missing);
    }
    out.set(column, typed_cells(std::move(cells), column->type));
  }
  return out;
}

Result<Table> evaluate(Operation& operation) {
  const PluginCall call(operation);
  const std::string_view name = operation.relation.name;
  if (name.empty() && !operation.relation.inputs.empty()) return as_declared(call);
  if (const PluginFunction run = function_of(name)) return run(call);
  if (is_one_of(name, kServices))
    return unsupported(fmt::format("the plugin {}, which asks another service or runs other code", name));
  return unsupported(fmt::format("the plugin {}", name));
}

constexpr OperatorRow kRows[] = {{NodeKind::Evaluate, evaluate}, {NodeKind::Reduce, reduce}};

}  // namespace

OperatorRows plugin_operators() { return kRows; }

}  // namespace redoubt::query::detail

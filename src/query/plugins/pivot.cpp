#include <algorithm>

#include "query/detail/plugin.h"
#include "query/detail/summary.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "pivot plugin". Columns come in the order in which their values do.

namespace {

using kql::Type;
using kql::Value;

/// The columns that rows are told apart by: those that are named, or else all but the pivoted one and what is
/// aggregated.
std::vector<TableColumn> key_columns(const PluginCall& call) {
  std::vector<TableColumn> out;
  const std::vector<const kql::Expression*> named = call.arguments("columnName");
  if (!named.empty()) {
    for (const kql::Expression* one : named)
      if (const auto* const cells = call.input().find(one->column)) out.push_back({one->column, *cells});
    return out;
  }
  const kql::Column* const pivoted = call.column("pivotColumn");
  const kql::Expression* const aggregate = call.argument("aggregateFunction");
  const auto aggregated = [&](const kql::Column* column) {
    return aggregate != nullptr && !aggregate->operands.empty() &&
           aggregate->operands.front()->kind == kql::ExpressionKind::Column &&
           aggregate->operands.front()->column == column;
  };
  for (const TableColumn& one : call.input().columns())
    if (one.column != pivoted && !aggregated(one.column)) out.push_back(one);
  return out;
}

/// A cell for each row of keys (first) and each value of the pivoted column, one behind the other.
Result<Cells> aggregated(const PluginCall& call, const Groups& keys, const Groups& pivots) {
  const std::size_t groups = keys.first.size() * pivots.first.size();
  RD_TRY(call.budget().spend(groups));
  const auto group_of = [&](std::size_t row) {
    return keys.of_row[row] * pivots.first.size() + pivots.of_row[row];
  };
  const kql::Expression* const aggregate = call.argument("aggregateFunction");
  if (aggregate == nullptr) {
    std::vector<std::int64_t> counts(groups, 0);
    for (std::size_t row = 0; row < call.rows(); ++row)
      ++counts[group_of(row)];
    Cells out;
    for (const std::int64_t count : counts)
      out.push_back(Value::of_long(count));
    return out;
  }
  const kql::Column made{"", aggregate->type};
  const kql::Assignment assignment{&made, aggregate};
  Summary summary = RD_TRY(Summary::begin(call.executor(), {&assignment, 1}, call.input()));
  for (std::size_t row = 0; row < call.rows(); ++row) {
    RD_TRY(keep_going(call.operation(), row));
    RD_TRY(summary.add(row, group_of(row)));
  }
  std::vector<Cells> cells = RD_TRY(summary.results(groups));
  return std::move(cells.front());
}

Result<Table> pivot(const PluginCall& call) {
  const std::shared_ptr<const Cells> pivoted = RD_TRY(call.cells("pivotColumn"));
  if (pivoted == nullptr) return unsupported("pivot of no column");
  const std::vector<TableColumn> columns = key_columns(call);
  std::vector<std::shared_ptr<const Cells>> key_cells;
  key_cells.reserve(columns.size());
  for (const TableColumn& one : columns)
    key_cells.push_back(one.cells);
  const Groups keys = grouped(key_cells, call.rows());
  const Groups pivots = grouped({&pivoted, 1}, call.rows());
  const Cells cells = RD_TRY(aggregated(call, keys, pivots));
  const kql::Expression* const aggregate = call.argument("aggregateFunction");
  const Type type = aggregate == nullptr ? Type::Long : aggregate->type;
  PluginTable out(call, keys.first.size());
  for (const TableColumn& one : columns) {
    Cells values;
    for (const std::size_t row : keys.first)
      values.push_back((*one.cells)[row]);
    out.add(one.column->name, one.column->type, std::move(values));
  }
  for (std::size_t i = 0; i < pivots.first.size(); ++i) {
    Cells values;
    for (std::size_t key = 0; key < keys.first.size(); ++key)
      values.push_back(cells[key * pivots.first.size() + i]);
    out.add(kql::to_text((*pivoted)[pivots.first[i]]), type, std::move(values));
  }
  return std::move(out).table();
}

constexpr PluginRow kRows[] = {{"pivot", pivot}};

}  // namespace

PluginRows pivot_plugins() { return kRows; }

/// Where pivot has no rows for a column, its aggregate is that of none.
Result<Value> missing_cell(Executor& executor, const kql::Relation& plugin, Type type) {
  if (plugin.name != "pivot") return Value::null(type);
  const kql::Expression* aggregate = nullptr;
  for (std::size_t i = 0; i < plugin.arguments.size() && i < plugin.argument_names.size(); ++i)
    if (plugin.argument_names[i] == "aggregateFunction") aggregate = plugin.arguments[i];
  if (aggregate == nullptr) return Value::of_long(0);
  const kql::Column made{"", aggregate->type};
  const kql::Assignment assignment{&made, aggregate};
  Table none;
  for (const kql::Column* column : plugin.inputs.front()->columns)
    none.add(column, Cells());
  Summary summary = RD_TRY(Summary::begin(executor, {&assignment, 1}, none));
  const std::vector<Cells> cells = RD_TRY(summary.results(1));
  return cells.front().front();
}

}  // namespace redoubt::query::detail

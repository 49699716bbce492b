#include "query/detail/summary.h"

namespace redoubt::query::detail {

namespace {

using kql::NodeKind;

Result<Table> summarize(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  const std::span<const kql::Assignment> keys = relation.assignments.first(relation.keys);
  const std::span<const kql::Assignment> made = relation.assignments.subspan(relation.keys);
  const Table with_keys = RD_TRY(assigned(operation, operation.input, keys));
  std::vector<std::shared_ptr<const Cells>> key_cells;
  for (const kql::Assignment& key : keys)
    key_cells.push_back(*with_keys.find(key.column));
  const Groups groups = grouped(key_cells, operation.input.rows());
  const std::size_t count = keys.empty() ? 1 : groups.first.size();
  Summary summary = RD_TRY(Summary::begin(operation.executor, made, operation.input));
  for (std::size_t row = 0; row < operation.input.rows(); ++row) {
    RD_TRY(keep_going(operation, row));
    RD_TRY(summary.add(row, keys.empty() ? 0 : groups.of_row[row]));
  }
  std::vector<Cells> cells = RD_TRY(summary.results(count));
  Table out(count);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Cells values;
    for (const std::size_t row : groups.first)
      values.push_back((*key_cells[i])[row]);
    out.set(keys[i].column, std::make_shared<const Cells>(std::move(values)));
  }
  for (std::size_t i = 0; i < made.size(); ++i)
    out.set(made[i].column, std::make_shared<const Cells>(std::move(cells[i])));
  return out;
}

constexpr OperatorRow kRows[] = {{NodeKind::Summarize, summarize}};

}  // namespace

OperatorRows group_operators() { return kRows; }

}  // namespace redoubt::query::detail

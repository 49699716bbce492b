#include "query/detail/operators.h"

namespace redoubt::query::detail {

namespace {

using kql::NodeKind;

/// The query is applied to the rows of each key.
Result<Table> partition(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  if (relation.inputs.size() != 2) return unsupported("partition without rows");
  const std::shared_ptr<const Cells> keys =
      RD_TRY(cells_of(operation.executor, {operation.argument(0)}, operation.input));
  const Groups groups = grouped({&keys, 1}, operation.input.rows());
  std::vector<std::vector<std::size_t>> rows(groups.first.size());
  for (std::size_t row = 0; row < groups.of_row.size(); ++row)
    rows[groups.of_row[row]].push_back(row);
  Appender out(relation.columns);
  for (const std::vector<std::size_t>& of_key : rows) {
    const Table result = RD_TRY(operation.executor.rows_given(*relation.inputs[1], *relation.inputs[0],
                                                              operation.input.take(of_key)));
    out.append(result);
  }
  return std::move(out).table();
}

constexpr OperatorRow kRows[] = {{NodeKind::Partition, partition}};

}  // namespace

OperatorRows partition_operators() { return kRows; }

}  // namespace redoubt::query::detail

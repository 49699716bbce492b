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
  Appender out(relation.columns);
  for (const std::vector<std::size_t>& of_key : rows_of_groups(grouped({&keys, 1}, operation.input.rows()))) {
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

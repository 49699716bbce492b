#include "query/detail/operators.h"

namespace redoubt::query::detail {

namespace {

using kql::NodeKind;

/// The query is applied to the rows of each key; where it has rows of its own it sees the key alone.
Result<Table> partition(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  const kql::Expression* const by = operation.argument(0);
  if (relation.inputs.size() != 2 || by == nullptr) return unsupported("partition without rows");
  const std::shared_ptr<const Cells> keys = RD_TRY(cells_of(operation.executor, {by}, operation.input));
  Appender out(relation.columns);
  for (const std::vector<std::size_t>& rows : rows_of_groups(grouped({&keys, 1}, operation.input.rows()))) {
    const Table result = RD_TRY(operation.executor.rows_given(*relation.inputs[1], *relation.inputs[0],
                                                              operation.input.take(rows),
                                                              {by->column, (*keys)[rows.front()]}));
    out.append(result);
  }
  return std::move(out).table();
}

constexpr OperatorRow kRows[] = {{NodeKind::Partition, partition}};

}  // namespace

OperatorRows partition_operators() { return kRows; }

}  // namespace redoubt::query::detail

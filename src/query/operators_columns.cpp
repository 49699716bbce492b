#include "query/detail/operators.h"

namespace redoubt::query::detail {

namespace {

using kql::NodeKind;

/// Columns that are made, and those of the input; the executor takes those that the relation has.
Result<Table> project(Operation& operation) {
  return assigned(operation, std::move(operation.input), operation.relation.assignments);
}

constexpr OperatorRow kRows[] = {{NodeKind::Extend, project},         {NodeKind::Project, project},
                                 {NodeKind::ProjectAway, project},    {NodeKind::ProjectByNames, project},
                                 {NodeKind::ProjectKeep, project},    {NodeKind::ProjectRename, project},
                                 {NodeKind::ProjectReorder, project}, {NodeKind::Serialize, project}};

}  // namespace

OperatorRows column_operators() { return kRows; }

}  // namespace redoubt::query::detail

#pragma once

#include "query/detail/aggregate.h"
#include "query/detail/operators.h"

namespace redoubt::query::detail {

/// The aggregates of several expressions over groups of rows, and then the expressions themselves.
class Summary {
 public:
  /// `made`: expressions of aggregates; columns are those of `table`.
  /// Errors: QRY0001 an aggregate that is not known here.
  static Result<Summary> begin(Executor& executor, std::span<const kql::Assignment> made, const Table& table);

  /// Adds a row of the table to a group; groups are numbered from 0 on.
  Result<void> add(std::size_t row, std::size_t group);
  /// The cells of each expression for groups 0 to `groups` - 1; those without rows are there, too.
  Result<std::vector<Cells>> results(std::size_t groups);

 private:
  struct Call {
    AggregateCall shared;
    const AggregateRow* row = nullptr;
    std::vector<std::size_t> roots;        ///< of its arguments
    std::size_t predicate = kNoPredicate;  ///< the root that says whether a row counts
    std::vector<std::unique_ptr<Aggregate>> groups;

    Aggregate& of_group(std::size_t group);
  };

  explicit Summary(Executor& executor, Program program)
      : executor_(&executor), program_(std::move(program)) {}

  static Result<Call> call_of(Executor& executor, const kql::Expression& value, std::vector<Root>& roots);
  Result<void> end_group(std::size_t group, std::span<std::vector<kql::Value>> given);

  Executor* executor_;
  std::span<const kql::Assignment> made_;
  std::vector<Call> calls_;
  Program program_;
  std::vector<const kql::Value*> arguments_;
};

}  // namespace redoubt::query::detail

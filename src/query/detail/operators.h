#pragma once

#include <span>
#include <string>
#include <vector>

#include "query/detail/executor.h"
#include "query/detail/program.h"

/// What operators share.
namespace redoubt::query::detail {

/// Of rows that may take long each.
inline constexpr std::size_t kRowsBetweenChecks = 64;

/// Asks the budget now and then in a long loop.
inline Result<void> keep_going(Operation& operation, std::size_t row) {
  return row % kRowsBetweenChecks == 0 ? operation.budget().spend(0) : Result<void>();
}

/// A list of row numbers, 0 to n - 1.
std::vector<std::size_t> all_rows(std::size_t count);

/// Whether a condition with this value holds: null does not.
bool holds_true(const kql::Value& value);

/// The rows for which a condition holds.
Result<std::vector<std::size_t>> rows_where(Operation& operation, const Root& condition, const Table& table);

/// The cells as those of a column of a type; the same, where they are such already.
std::shared_ptr<const Cells> typed_cells(std::shared_ptr<const Cells> cells, kql::Type type);

/// The input and what the assignments make, with their types.
Result<Table> assigned(Operation& operation, const Table& table,
                       std::span<const kql::Assignment> assignments);

/// Where one value stands to another in the order of a key, with its nulls: less than 0 in front of it.
int order_by(const kql::Value& left, const kql::Value& right, const kql::SortKey& key);

/// Rows in the order of the keys; equal ones stay as they are.
Result<std::vector<std::size_t>> sorted_rows(Operation& operation, std::span<const kql::SortKey> keys,
                                             const Table& table);

/// The column of an input that is one of the union's: of its name and type. Null: it has none.
const kql::Column* source_of(const kql::Column& column, const kql::Relation& input);

/// A key of these cells of a row.
std::string row_key(std::span<const std::shared_ptr<const Cells>> columns, std::size_t row);

/// Rows that have the same cells, in the order of the first of each.
struct Groups {
  std::vector<std::size_t> of_row;  ///< the group of each row
  std::vector<std::size_t> first;   ///< the first row of each group
};
Groups grouped(std::span<const std::shared_ptr<const Cells>> columns, std::size_t rows);
/// The rows of each group, in their order.
std::vector<std::vector<std::size_t>> rows_of_groups(const Groups& groups);

/// Puts rows of several tables one below the other.
class Appender {
 public:
  explicit Appender(kql::ColumnList columns)
      : columns_(columns.begin(), columns.end()), cells_(columns.size()) {}

  /// Those columns of the table; what it lacks is null.
  void append(const Table& table);
  Table table() &&;

 private:
  std::vector<const kql::Column*> columns_;
  std::vector<Cells> cells_;
  std::size_t rows_ = 0;
};

}  // namespace redoubt::query::detail

#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "kql/evaluate.h"
#include "query/detail/executor.h"

namespace redoubt::query::detail {

/// An expression to be worked out; of one that is several columns, which.
struct Root {
  const kql::Expression* value = nullptr;
  std::uint32_t part = 0;
  bool cased = false;  ///< of search: case counts in its terms
};

/// Expressions made ready to be worked out for one row after the other. What hangs on no row is worked out
/// once, what several need once a row.
class Program {
 public:
  /// Columns are those of the tables (both sides of a join: two), of the first that has them. Values that are
  /// there already, such as the results of aggregates, stand in `known`; a slot of it may change between
  /// rows. Errors: QRY0001, QRY0006, and those of queries inside.
  using Known = std::unordered_map<const kql::Expression*, const kql::Value*>;
  static Result<Program> compile(Executor& executor, const std::vector<Root>& roots,
                                 std::vector<const Table*> tables, const Known* known = nullptr);

  Program(Program&&) = default;
  Program& operator=(Program&&) = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() = default;

  /// Works all out for a row of each table.
  Result<void> work_out(std::span<const std::size_t> rows);
  /// For a row of the first table, and one of the second.
  Result<void> work_out(std::size_t row, std::size_t other = 0) {
    const std::size_t rows[] = {row, other};
    return work_out(rows);
  }
  /// Of the row worked out last.
  const kql::Value& result(std::size_t root) const { return *steps_[results_[root]].current; }
  /// What the root is in every row; null: rows may change it.
  const kql::Value* constant(std::size_t root) const {
    const Step& step = steps_[results_[root]];
    return step.kind == Kind::Constant ? &step.value : nullptr;
  }

 private:
  Program() = default;

  enum class Kind : std::uint8_t { Constant, Column, Known, Call, Unary, Binary, List, Set, Member, Chance };

  struct Step {
    Kind kind = Kind::Constant;
    kql::TokenKind op = kql::TokenKind::End;
    bool negated = false;
    bool any_case = false;
    bool full_only = false;  ///< of pack_all: without empty values
    const kql::Function* function = nullptr;
    std::shared_ptr<const Cells> cells;
    std::uint32_t table = 0;
    std::vector<std::uint32_t> operands;
    std::shared_ptr<const std::unordered_set<std::string>> set;
    kql::Value value;
    const kql::Value* current = nullptr;
  };
  friend class Compiler;

  Result<void> work_out(Step& step);
  std::span<const kql::Value> arguments_of(const Step& step, std::size_t from = 0);
  std::span<const kql::Value> full_pairs(const Step& step);

  const kql::EvaluationContext* evaluation_ = nullptr;
  std::vector<Step> steps_;
  std::vector<std::uint32_t> moving_;  ///< steps that change from row to row, in order
  std::vector<std::uint32_t> results_;
  std::vector<kql::Value> arguments_;
};

/// The values of an expression for all rows of a table. A column is not copied.
Result<std::shared_ptr<const Cells>> cells_of(Executor& executor, const Root& root, const Table& table);

/// The value as a cell of a column.
kql::Value as_cell(kql::Value value, kql::Type type);

// What looks at other rows: prev(), row_number() ...
struct WindowCall {
  std::vector<std::shared_ptr<const Cells>> operands;
  std::size_t rows = 0;

  bool has(std::size_t i) const { return i < operands.size(); }
  const kql::Value& at(std::size_t i, std::size_t row) const { return (*operands[i])[row]; }
  /// Of an argument that is the same for all rows.
  std::int64_t whole(std::size_t i, std::int64_t otherwise) const;
  bool restarts(std::size_t i, std::size_t row) const;
};
using WindowFunction = Cells (*)(const WindowCall& call, kql::Type type);
/// Null: the function is none of these.
WindowFunction window_function(std::string_view name);

}  // namespace redoubt::query::detail

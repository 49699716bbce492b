#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/arena.h"
#include "kql/analysis.h"
#include "kql/evaluate.h"
#include "query/limits.h"
#include "query/table_source.h"

namespace redoubt::query::detail {

/// A column that has one value for a whole query, which is about the rows that have it.
struct FixedColumn {
  const kql::Column* column = nullptr;
  kql::Value value;
};

/// Works a plan out in memory, operator by operator.
///
/// A relation that several read is worked out once. An operator that applies a query to each of several lots
/// of rows (mv-apply, partition) gives the rows that it begins with anew each time; what does not hang on
/// them is kept.
class Executor {
 public:
  Executor(const kql::Analysis& analysis, TableSource& source, const kql::EvaluationContext& evaluation,
           Budget& budget);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// The rows of a relation, with its columns in their order.
  Result<Table> rows(const kql::Relation& relation);
  /// The same of a result, of which no more than the first so many are asked for; there may be more.
  Result<Table> first_rows(const kql::Relation& relation, std::uint64_t count);
  /// How many of the rows that a source gives are asked for.
  std::uint64_t wanted_rows(const kql::Relation& relation) const {
    return &relation == wanted_ ? wanted_count_ : UINT64_MAX;
  }
  /// What stands for a relation inside a query.
  struct Given {
    const kql::Relation* begin = nullptr;
    Table table;
    FixedColumn fixed = {};
  };
  /// The rows of a query where the relations, which it begins with, have these rows.
  Result<Table> rows_given(const kql::Relation& query, std::vector<Given> given);
  Result<Table> rows_given(const kql::Relation& query, const kql::Relation& begin, Table table,
                           FixedColumn fixed = {}) {
    std::vector<Given> given;
    given.push_back({&begin, std::move(table), std::move(fixed)});
    return rows_given(query, std::move(given));
  }
  /// What a column is that no table here has. Null: it has no value.
  const kql::Value* fixed_value(const kql::Column* column) const;
  /// A value that hangs on no row.
  Result<kql::Value> constant(const kql::Expression& value);
  /// The same, as a whole number that is not negative.
  Result<std::int64_t> number(const kql::Expression* value, std::int64_t otherwise);

  /// A column that the plan does not have, since only rows tell it; it lives as long as the executor.
  const kql::Column* new_column(std::string_view name, kql::Type type);
  /// Tables that an operator gives beside its own, where it is the last of a query.
  void give_too(const kql::Relation& relation, std::vector<Table> tables) {
    more_[&relation] = std::move(tables);
  }
  std::vector<Table> given_too(const kql::Relation& relation) { return std::exchange(more_[&relation], {}); }

  const kql::EvaluationContext& evaluation() const { return evaluation_; }
  Budget& budget() { return budget_; }
  TableSource& source() { return source_; }

 private:
  struct Frame {
    const kql::Relation* begin = nullptr;
    Table table;
    FixedColumn fixed;
    std::unordered_map<const kql::Relation*, Table> made;
  };

  const Table* find(const kql::Relation* relation) const;
  /// An operator of a pipe, and how many of its rows are all that is asked for.
  struct Step {
    const kql::Relation* rows = nullptr;
    std::uint64_t enough = UINT64_MAX;
  };
  Result<std::optional<Table>> steps_of(const kql::Relation& relation, std::vector<Step>& out);
  Result<std::optional<Table>> of_source(const kql::Relation& relation);
  Result<std::optional<Table>> likely_rows(const kql::Relation& filter);
  Result<Table> taken(const kql::Relation& relation, Table rows);
  bool is_used_again(const kql::Relation& relation) const;
  void keep(const kql::Relation& relation, const Table& table);
  bool hangs_on(const kql::Relation& query, const Frame& frame);

  Error placed(const kql::Relation& relation, Error error) const;

  const kql::Syntax& syntax_;
  TableSource& source_;
  const kql::EvaluationContext& evaluation_;
  Budget& budget_;
  std::unordered_map<const kql::Relation*, std::size_t> uses_;
  const kql::Relation* wanted_ = nullptr;  ///< a result that is cut
  std::uint64_t wanted_count_ = 0;
  Arena arena_;
  std::unordered_map<const kql::Relation*, std::vector<Table>> more_;
  std::vector<std::unique_ptr<Frame>> frames_;
  std::unordered_map<const kql::Relation*, std::unordered_map<const kql::Relation*, bool>> begins_;
};

/// An operator under way. `input` is its first one; the others are for it to ask for.
struct Operation {
  Executor& executor;
  const kql::Relation& relation;
  Table input;
  std::optional<Error> lacks = std::nullopt;  ///< of a union with isfuzzy: why there is no first input
  std::uint64_t enough = UINT64_MAX;          ///< more rows than these are not asked for

  /// The value of an option; nothing: it is not written.
  std::optional<std::string_view> option(std::string_view name) const;
  /// An argument; null: it is not written.
  const kql::Expression* argument(std::size_t number) const {
    return number < relation.arguments.size() ? relation.arguments[number] : nullptr;
  }
  Budget& budget() const { return executor.budget(); }
};

using OperatorFunction = Result<Table> (*)(Operation& operation);
struct OperatorRow {
  kql::NodeKind op;
  OperatorFunction run;
};
using OperatorRows = std::span<const OperatorRow>;

// The tables, a topic each.
OperatorRows row_operators();     ///< what keeps, orders and counts rows
OperatorRows source_operators();  ///< where rows come from
OperatorRows column_operators();  ///< what makes and leaves out columns
OperatorRows group_operators();   ///< summarize and its like
OperatorRows join_operators();    ///< several tables into one
OperatorRows search_operators();
OperatorRows expansion_operators();  ///< mv-expand, mv-apply
OperatorRows parse_operators();
OperatorRows series_operators();  ///< make-series
OperatorRows partition_operators();
OperatorRows nested_operators();  ///< top-nested
OperatorRows scan_operators();
OperatorRows plugin_operators();  ///< evaluate
OperatorRows graph_operators();

/// Whether an error says that a table is not there.
bool is_missing(const Error& error);

/// QRY0001: what cannot be run here.
tl::unexpected<Error> unsupported(std::string_view what, std::string hint = {});

}  // namespace redoubt::query::detail

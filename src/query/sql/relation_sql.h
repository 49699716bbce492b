#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "query/detail/executor.h"
#include "query/sql/catalog.h"
#include "query/sql/scalar_sql.h"
#include "query/sql/select.h"

namespace redoubt::query::sql {

/// SQL whose columns are those of a relation, in their order.
struct SqlQuery {
  std::string text;
  std::vector<kql::Type> types;
  bool has_settings = false;  ///< it ends in them
};

/// Says relations in SQL, as far as they can be.
class RelationSql {
 public:
  /// `everything`: also rows that stand in the query itself (datatable, print, range).
  RelationSql(detail::Executor& executor, const Catalog& catalog, bool everything = false)
      : executor_(executor), catalog_(catalog), everything_(everything) {}

  /// Nothing: it can not be said, or nothing stored is in it.
  std::optional<SqlQuery> query(const kql::Relation& relation);
  /// The same without making the text.
  bool can(const kql::Relation& relation);
  /// Of a filter that can't be said: its input, with those parts of the condition that can. Nothing: none
  /// can.
  std::optional<SqlQuery> likely(const kql::Relation& filter);
  /// From now on it can't be said.
  void leave_out(const kql::Relation& relation) { selects_[&relation] = nullptr; }
  /// Rows in memory that a statement reads.
  std::vector<store::Input> inputs_of(std::string_view sql) const;

 private:
  /// With these columns as a result.
  std::optional<SqlQuery> query_of(const Select& select, kql::ColumnList columns) const;
  /// Null: it cannot be said.
  const Select* select_of(const kql::Relation& relation);
  std::optional<Select> made(const kql::Relation& relation);
  using Make = std::optional<Select> (RelationSql::*)(const kql::Relation& relation);
  struct Row {
    kql::NodeKind op;
    Make make;
  };
  static const Row kRows[];
  /// What an engine takes by default: it reads statements of 256 KiB with 100 tables in each other, and does
  /// so many optimizations, of which each table that is read needs some at each level. Beyond that rows are
  /// worked out in memory, where what is used more than once is made once.
  static constexpr std::size_t kMaxText = 250'000;

  std::optional<Select> stored(const kql::Relation& relation);
  std::optional<Select> print(const kql::Relation& relation);
  std::optional<Select> range(const kql::Relation& relation);
  std::optional<Select> data_table(const kql::Relation& relation);
  std::optional<Select> same(const kql::Relation& relation);
  std::optional<Select> filter(const kql::Relation& relation);
  std::optional<Select> project(const kql::Relation& relation);
  std::optional<Select> distinct(const kql::Relation& relation);
  std::optional<Select> sort(const kql::Relation& relation);
  std::optional<Select> take(const kql::Relation& relation);
  std::optional<Select> top(const kql::Relation& relation);
  std::optional<Select> count(const kql::Relation& relation);
  std::optional<Select> summarize(const kql::Relation& relation);
  std::optional<Select> join(const kql::Relation& relation);
  std::optional<Select> make_series(const kql::Relation& relation);
  std::optional<Select> series_of(Select groups, const kql::Relation& relation, const std::string& axis,
                                  std::int64_t bins, const std::vector<std::int64_t>& defaults,
                                  const kql::Column* bin);
  /// What summarize makes: keys and aggregates; `keys` is what stands behind GROUP BY.
  using Made = std::vector<std::pair<const kql::Column*, SqlValue>>;
  std::optional<Made> groups(Select& input, const kql::Relation& relation,
                             std::span<const kql::Assignment> assignments, std::string& keys);
  std::optional<Select> union_of(const kql::Relation& relation);
  std::optional<Select> parse(const kql::Relation& relation);
  std::optional<Select> mv_expand(const kql::Relation& relation);

  /// What the input is, to be added to. `open`: rows may still be filtered and columns made in it.
  std::optional<Select> input_of(const kql::Relation& relation, std::size_t number = 0);
  /// The same; what can not be said in SQL is worked out in memory, and given to the engine.
  std::optional<Select> input_or_rows(const kql::Relation& relation, std::size_t number);
  /// The select as a table of its own, of which the columns are those of the relation.
  std::optional<Select> closed(const Select& select, kql::ColumnList columns);
  std::optional<Select> open_input(const kql::Relation& relation);

  // window_sql.cpp
  static bool has_windows(const kql::Expression& value);
  static bool has_windows(const kql::Relation& relation);
  std::optional<Select> windowed(const kql::Relation& relation);
  std::optional<SqlValue> window(Select& select, const kql::Expression& call);
  std::optional<SqlValue> neighbour(Select& select, const kql::Expression& call, bool is_prev);
  std::optional<SqlValue> running(Select& select, const kql::Expression& call, bool is_number);
  std::optional<std::size_t> restart_keys(Select& select, const kql::Expression& restart);
  std::optional<std::string> window_of(Select& select, std::size_t partition_keys);
  void fix_order(Select& select);
  void note_neighbours(Select& select, const kql::Relation& relation);
  static Select parted(Select select);
  void part_windows(Select& select, const kql::Expression& condition);

  ScalarSql scalars(Select& select, ScalarSql::Aggregates aggregates = {});
  std::string named(Select& select, const std::string& text);
  std::optional<SqlValue> aggregate(Select& select, const kql::Expression& call, std::uint32_t part);
  bool assign(Select& select, const kql::Relation& relation);
  /// A condition more on its rows; false: it can't be said.
  bool narrow(Select& select, const kql::Expression& condition);
  bool set_order(Select& select, const kql::Relation& relation);
  std::optional<std::string> list_of(const Select& select, kql::ColumnList columns, bool as_result) const;
  static std::optional<SqlValue> value_of(const Select& select, const kql::Column* column);

  detail::Executor& executor_;
  const Catalog& catalog_;
  bool everything_;
  bool of_groups_ = false;  ///< aggregates are of groups, which have rows
  bool windows_ = false;    ///< they may be said
  Names names_;
  std::unordered_map<const kql::Relation*, std::unique_ptr<Select>> selects_;
  struct Rows {
    std::string name;
    Table table;
  };
  std::vector<Rows> rows_;                                 ///< in memory
  std::unordered_map<const kql::Relation*, bool> stored_;  ///< whether something stored is in it
};

}  // namespace redoubt::query::sql

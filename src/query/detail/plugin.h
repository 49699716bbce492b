#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "query/detail/operators.h"

/// Plugins, which `evaluate` calls.
namespace redoubt::query::detail {

/// A call of a plugin under way.
class PluginCall {
 public:
  explicit PluginCall(Operation& operation) : operation_(&operation) {}

  Operation& operation() const { return *operation_; }
  Executor& executor() const { return operation_->executor; }
  Budget& budget() const { return operation_->budget(); }
  const kql::Relation& relation() const { return operation_->relation; }
  const Table& input() const { return operation_->input; }
  std::size_t rows() const { return input().rows(); }

  /// The arguments of a parameter, in their order; `~`, which stands for the default, is none.
  std::vector<const kql::Expression*> arguments(std::string_view parameter) const;
  /// The first of them; null: there is none.
  const kql::Expression* argument(std::string_view parameter) const;

  /// The value of an argument that hangs on no row; the null of no type: it is not written.
  Result<kql::Value> value(std::string_view parameter) const;
  Result<std::int64_t> whole(std::string_view parameter, std::int64_t otherwise) const;
  Result<double> real(std::string_view parameter, double otherwise) const;
  /// The values of an argument for all rows; null: it is not written.
  Result<std::shared_ptr<const Cells>> cells(std::string_view parameter) const;
  /// Those of all arguments of a parameter.
  Result<std::vector<std::shared_ptr<const Cells>>> all_cells(std::string_view parameter) const;
  /// Those of the column that an argument is, in the input; null: it is none.
  const kql::Column* column(std::string_view parameter) const;

 private:
  Operation* operation_;
};

/// QRY0006: what a plugin does not take.
tl::unexpected<Error> refused(std::string message, std::string hint = {});

/// The table that a plugin gives, column by column.
class PluginTable {
 public:
  PluginTable(const PluginCall& call, std::size_t rows)
      : executor_(&call.executor()), relation_(&call.relation()), table_(rows) {}

  /// The next of the columns that the plan says.
  void add(std::shared_ptr<const Cells> cells);
  void add(Cells cells) { add(std::make_shared<const Cells>(std::move(cells))); }
  /// A column that hangs on the rows: that of the plan with its name, or a new one where the plan is open.
  void add(std::string_view name, kql::Type type, std::shared_ptr<const Cells> cells);
  void add(std::string_view name, kql::Type type, Cells cells) {
    add(name, type, std::make_shared<const Cells>(std::move(cells)));
  }
  /// A column of the input that is passed on.
  void pass(const TableColumn& one);

  Table table() && { return std::move(table_); }

 private:
  Executor* executor_;
  const kql::Relation* relation_;
  Table table_;
  std::size_t next_ = 0;
};

using PluginFunction = Result<Table> (*)(const PluginCall& call);
struct PluginRow {
  std::string_view name;
  PluginFunction run;
};
using PluginRows = std::span<const PluginRow>;

// The tables, a topic each: plugins/*.cpp.
PluginRows bag_plugins();       ///< bag_unpack
PluginRows pivot_plugins();     ///< pivot
PluginRows lookup_plugins();    ///< ipv4_lookup ...
PluginRows shape_plugins();     ///< narrow, preview, schema_merge ...
PluginRows activity_plugins();  ///< who was there when
PluginRows window_plugins();    ///< sliding_window_counts, rolling_percentile, rows_near ...
PluginRows funnel_plugins();    ///< sequences of states
PluginRows sketch_plugins();    ///< dcount_intersect
PluginRows pattern_plugins();   ///< autocluster, basket, diffpatterns
PluginRows text_plugins();      ///< diffpatterns_text

/// The cell of a column that a plugin's output schema declares and its rows do not give.
Result<kql::Value> missing_cell(Executor& executor, const kql::Relation& plugin, kql::Type type);

/// The operator reduce: texts that share a pattern.
Result<Table> reduce(Operation& operation);

}  // namespace redoubt::query::detail

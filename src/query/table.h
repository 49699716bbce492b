#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "kql/plan.h"
#include "kql/value.h"

namespace redoubt::query {

namespace detail {
struct Graph;
}

/// The values of a column, in the order of the rows.
using Cells = std::vector<kql::Value>;

/// A column of rows in memory. Tables that have the same values share them.
struct TableColumn {
  const kql::Column* column = nullptr;
  std::shared_ptr<const Cells> cells;
};

/// Rows in memory, held by columns. Copying is cheap.
class Table {
 public:
  explicit Table(std::size_t rows = 0) : rows_(rows) {}
  /// Of cells by column.
  Table(std::size_t rows, kql::ColumnList columns, std::vector<Cells> cells) : rows_(rows) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      add(columns[i], std::move(cells[i]));
  }

  std::size_t rows() const { return rows_; }
  std::span<const TableColumn> columns() const { return columns_; }
  /// Null: it has no such column.
  const std::shared_ptr<const Cells>* find(const kql::Column* column) const;

  /// A column of as many cells as there are rows.
  void add(const kql::Column* column, std::shared_ptr<const Cells> cells);
  void add(const kql::Column* column, Cells cells) {
    add(column, std::make_shared<const Cells>(std::move(cells)));
  }
  /// In place of one of the same address, or at the end.
  void set(const kql::Column* column, std::shared_ptr<const Cells> cells);

  /// The rows of these numbers, in that order; a number may come again. kNoRow gives nulls.
  Table take(std::span<const std::size_t> numbers) const;
  static constexpr std::size_t kNoRow = SIZE_MAX;

  /// With these columns alone, in this order. Those that it lacks are null.
  Table with(kql::ColumnList columns) const;

  /// The graph whose edges the rows are; null: they are none.
  const std::shared_ptr<const detail::Graph>& graph() const { return graph_; }
  void set_graph(std::shared_ptr<const detail::Graph> graph) { graph_ = std::move(graph); }

 private:
  std::size_t rows_;
  std::vector<TableColumn> columns_;
  std::shared_ptr<const detail::Graph> graph_;
};

}  // namespace redoubt::query

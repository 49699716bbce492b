#include "query/table.h"

#include "core/result.h"

namespace redoubt::query {

const std::shared_ptr<const Cells>* Table::find(const kql::Column* column) const {
  for (const TableColumn& one : columns_)
    if (one.column == column) return &one.cells;
  return nullptr;
}

void Table::add(const kql::Column* column, std::shared_ptr<const Cells> cells) {
  RD_CHECK(cells->size() == rows_);
  columns_.push_back({column, std::move(cells)});
}

void Table::set(const kql::Column* column, std::shared_ptr<const Cells> cells) {
  for (TableColumn& one : columns_)
    if (one.column == column) {
      RD_CHECK(cells->size() == rows_);
      one.cells = std::move(cells);
      return;
    }
  add(column, std::move(cells));
}

Table Table::take(std::span<const std::size_t> numbers) const {
  Table out(numbers.size());
  for (const TableColumn& one : columns_) {
    Cells cells;
    cells.reserve(numbers.size());
    for (const std::size_t number : numbers)
      cells.push_back(number == kNoRow ? kql::Value::null(one.column->type) : (*one.cells)[number]);
    out.add(one.column, std::move(cells));
  }
  return out;
}

Table Table::with(kql::ColumnList columns) const {
  Table out(rows_);
  out.graph_ = graph_;
  for (const kql::Column* column : columns) {
    const std::shared_ptr<const Cells>* found = nullptr;
    for (const kql::Column* from = column; from != nullptr && found == nullptr; from = from->origin)
      found = find(from);
    if (found != nullptr)
      out.add(column, *found);
    else
      out.add(column, Cells(rows_, kql::Value::null(column->type)));
  }
  return out;
}

}  // namespace redoubt::query

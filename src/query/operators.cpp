#include "query/detail/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "query/detail/keys.h"

namespace redoubt::query::detail {

using kql::Value;

std::vector<std::size_t> all_rows(std::size_t count) {
  std::vector<std::size_t> out(count);
  std::iota(out.begin(), out.end(), std::size_t{0});
  return out;
}

bool holds_true(const Value& value) {
  if (!value.is(kql::Type::Bool)) {
    const Value truth = kql::convert(value, kql::Type::Bool);
    return !truth.is_null() && truth.as_bool();
  }
  return !value.is_null() && value.as_bool();
}

Result<std::vector<std::size_t>> rows_where(Operation& operation, const Root& condition, const Table& table) {
  const std::shared_ptr<const Cells> holds = RD_TRY(cells_of(operation.executor, condition, table));
  std::vector<std::size_t> out;
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (holds_true((*holds)[row])) out.push_back(row);
  return out;
}

std::shared_ptr<const Cells> typed_cells(std::shared_ptr<const Cells> cells, kql::Type type) {
  const bool fits =
      type == kql::Type::Unknown ||
      std::all_of(cells->begin(), cells->end(), [&](const Value& value) { return value.is(type); });
  if (fits) return cells;
  Cells typed;
  typed.reserve(cells->size());
  for (const Value& value : *cells)
    typed.push_back(as_cell(value, type));
  return std::make_shared<const Cells>(std::move(typed));
}

Result<Table> assigned(Operation& operation, const Table& table,
                       std::span<const kql::Assignment> assignments) {
  Table out = table;
  for (const kql::Assignment& one : assignments) {
    if (one.value == nullptr || one.column == nullptr) continue;
    std::shared_ptr<const Cells> cells = RD_TRY(cells_of(operation.executor, {one.value, one.part}, table));
    out.set(one.column, typed_cells(std::move(cells), one.column->type));
  }
  return out;
}

namespace {

/// Where a value stands among all: numbers that are none stand with the nulls.
int special(const Value& value) {
  if (value.is_null()) return 2;
  return value.is(kql::Type::Real) && std::isnan(value.as_real()) ? 1 : 0;
}

}  // namespace

int order_by(const Value& left, const Value& right, const kql::SortKey& key) {
  const int left_special = special(left);
  const int right_special = special(right);
  if (left_special != right_special) {
    const int order = left_special > right_special ? -1 : 1;
    return key.nulls_first ? order : -order;
  }
  if (left_special != 0) return 0;
  const std::partial_ordering order = kql::order_of(left, right);
  const int sign = order < 0 ? -1 : order > 0 ? 1 : 0;
  return key.descending ? -sign : sign;
}

Result<std::vector<std::size_t>> sorted_rows(Operation& operation, std::span<const kql::SortKey> keys,
                                             const Table& table) {
  std::vector<std::shared_ptr<const Cells>> columns;
  for (const kql::SortKey& key : keys) {
    std::shared_ptr<const Cells> cells = RD_TRY(cells_of(operation.executor, {key.value}, table));
    columns.push_back(std::move(cells));
  }
  std::vector<std::size_t> out = all_rows(table.rows());
  std::stable_sort(out.begin(), out.end(), [&](std::size_t left, std::size_t right) {
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (const int order = order_by((*columns[i])[left], (*columns[i])[right], keys[i]); order != 0)
        return order < 0;
    return false;
  });
  return out;
}

const kql::Column* source_of(const kql::Column& column, const kql::Relation& input) {
  for (const kql::Column* one : input.columns) {
    if (one == &column) return one;
    const bool named =
        one->name == column.name || (column.origin != nullptr && one->name == column.origin->name);
    if (named && one->type == column.type) return one;
  }
  return nullptr;
}

std::string row_key(std::span<const std::shared_ptr<const Cells>> columns, std::size_t row) {
  std::string key;
  for (const std::shared_ptr<const Cells>& cells : columns)
    append_key(key, (*cells)[row]);
  return key;
}

Groups grouped(std::span<const std::shared_ptr<const Cells>> columns, std::size_t rows) {
  Groups out;
  std::unordered_map<std::string, std::size_t> numbers;
  out.of_row.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto [found, added] = numbers.try_emplace(row_key(columns, row), numbers.size());
    if (added) out.first.push_back(row);
    out.of_row.push_back(found->second);
  }
  return out;
}

std::vector<std::vector<std::size_t>> rows_of_groups(const Groups& groups) {
  std::vector<std::vector<std::size_t>> out(groups.first.size());
  for (std::size_t row = 0; row < groups.of_row.size(); ++row)
    out[groups.of_row[row]].push_back(row);
  return out;
}

void Appender::append(const Table& table) {
  const Table same = table.with(columns_);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Cells& more = *same.columns()[i].cells;
    cells_[i].insert(cells_[i].end(), more.begin(), more.end());
  }
  rows_ += table.rows();
}

Table Appender::table() && {
  Table out(rows_);
  for (std::size_t i = 0; i < columns_.size(); ++i)
    out.add(columns_[i], std::move(cells_[i]));
  return out;
}

}  // namespace redoubt::query::detail

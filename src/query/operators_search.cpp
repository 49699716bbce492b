#include <algorithm>

#include "kql/json_text.h"
#include "kql/plan_walk.h"
#include "query/detail/operators.h"

namespace redoubt::query::detail {

namespace {

using kql::NodeKind;
using kql::Value;

/// Columns of a union, which conditions are said in, as an input has them: by name, of their type.
Table seen_as(const Table& rows, kql::ColumnList columns) {
  Table out = rows;
  for (const kql::Column* column : columns) {
    if (out.find(column) != nullptr) continue;
    for (const TableColumn& one : rows.columns()) {
      if (one.column->name != column->name) continue;
      out.add(column, typed_cells(one.cells, column->type));
      break;
    }
    if (out.find(column) == nullptr) out.add(column, Cells(rows.rows(), Value::null(column->type)));
  }
  return out;
}

/// The numbers of the rows that the condition finds.
Result<std::vector<std::size_t>> found_in(Operation& operation, const Table& rows) {
  std::vector<const kql::Column*> used;
  kql::each_expression(*operation.argument(0), [&](const kql::Expression& value) {
    if (value.kind == kql::ExpressionKind::Column) used.push_back(value.column);
  });
  const Table seen = seen_as(rows, used);
  return rows_where(operation, {operation.argument(0), 0, operation.option("kind") == "case_sensitive"},
                    seen);
}

/// The input has a column that tells where its rows come from, where it is made of several tables.
Result<Table> search(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  Table rows(operation.input.rows());
  for (const TableColumn& one : operation.input.columns())
    if (one.column != relation.source) rows.add(one.column, one.cells);
  const std::vector<std::size_t> found = RD_TRY(found_in(operation, rows));
  Table out = operation.input.take(found);
  if (relation.source != nullptr && out.find(relation.source) == nullptr)
    out.add(relation.source, Cells(found.size(), Value::of_string(std::string(relation.sources[0]))));
  return out;
}

/// The columns of a row that the result does not have, as a bag.
Cells packed(const Table& rows, kql::ColumnList columns) {
  std::vector<const TableColumn*> left;
  for (const TableColumn& one : rows.columns())
    if (std::none_of(columns.begin(), columns.end(),
                     [&](const kql::Column* column) { return column->name == one.column->name; }))
      left.push_back(&one);
  Cells out;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    std::string bag = "{";
    for (const TableColumn* one : left) {
      const Value& value = (*one->cells)[row];
      if (value.is_null() || (value.is(kql::Type::String) && value.as_string().empty())) continue;
      if (bag.size() > 1) bag += ',';
      kql::append_json_of_text(bag, one->column->name);
      bag += ':';
      bag += kql::to_json(value);
    }
    out.push_back(Value::of_dynamic(bag + "}"));
  }
  return out;
}

Result<Table> find(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  const kql::ColumnList columns = relation.columns;
  Appender out(columns);
  for (std::size_t i = 0; i < relation.inputs.size(); ++i) {
    Table rows = std::move(operation.input);
    if (i != 0) rows = RD_TRY(operation.executor.rows(*relation.inputs[i]));
    const std::vector<std::size_t> numbers = RD_TRY(found_in(operation, rows));
    const Table found = rows.take(numbers);
    Table part = seen_as(found, columns);
    for (const kql::Column* column : columns) {
      if (column == relation.source)
        part.set(column, std::make_shared<const Cells>(part.rows(),
                                                       Value::of_string(std::string(relation.sources[i]))));
      if (column->name == "pack_") part.set(column, std::make_shared<const Cells>(packed(found, columns)));
    }
    out.append(part);
  }
  return std::move(out).table();
}

constexpr OperatorRow kRows[] = {{NodeKind::Find, find}, {NodeKind::Search, search}};

}  // namespace

OperatorRows search_operators() { return kRows; }

}  // namespace redoubt::query::detail

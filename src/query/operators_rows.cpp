#include <algorithm>
#include <random>

#include "core/text.h"
#include "query/detail/operators.h"

namespace redoubt::query::detail {

namespace {

using kql::NodeKind;
using kql::Value;

Result<Table> same(Operation& operation) { return std::move(operation.input); }

/// Its input is worked out, and nothing is left of it.
Result<Table> consume(Operation&) { return Table(0); }

Result<Table> filter(Operation& operation) {
  std::vector<std::size_t> rows = RD_TRY(rows_where(operation, {operation.argument(0)}, operation.input));
  return rows.size() == operation.input.rows() ? std::move(operation.input) : operation.input.take(rows);
}

Result<std::size_t> count_of(Operation& operation) {
  const std::int64_t count = RD_TRY(operation.executor.number(operation.argument(0), 0));
  return static_cast<std::size_t>(count);
}

Result<Table> take(Operation& operation) {
  const std::size_t count = RD_TRY(count_of(operation));
  if (count >= operation.input.rows()) return std::move(operation.input);
  return operation.input.take(all_rows(count));
}

Result<Table> sample(Operation& operation) {
  const std::size_t count = RD_TRY(count_of(operation));
  std::vector<std::size_t> chosen;
  std::mt19937_64 engine{std::random_device{}()};
  const std::vector<std::size_t> all = all_rows(operation.input.rows());
  std::sample(all.begin(), all.end(), std::back_inserter(chosen), count, engine);
  return operation.input.take(chosen);
}

Result<Table> sort(Operation& operation) {
  const std::vector<std::size_t> rows =
      RD_TRY(sorted_rows(operation, operation.relation.order, operation.input));
  return operation.input.take(rows);
}

Result<Table> top(Operation& operation) {
  const std::size_t count = RD_TRY(count_of(operation));
  std::vector<std::size_t> rows = RD_TRY(sorted_rows(operation, operation.relation.order, operation.input));
  rows.resize(std::min(rows.size(), count));
  return operation.input.take(rows);
}

Result<Table> count(Operation& operation) {
  Table out(1);
  out.add(operation.relation.columns[0],
          Cells{Value::of_long(static_cast<std::int64_t>(operation.input.rows()))});
  return out;
}

/// Columns of the result as keys.
std::vector<std::shared_ptr<const Cells>> cells_of_all(const Table& table) {
  std::vector<std::shared_ptr<const Cells>> out;
  for (const TableColumn& one : table.columns())
    out.push_back(one.cells);
  return out;
}

Result<Table> distinct(Operation& operation) {
  Table made = RD_TRY(assigned(operation, operation.input, operation.relation.assignments));
  made = made.with(operation.relation.columns);
  return made.take(grouped(cells_of_all(made), made.rows()).first);
}

Result<Table> sample_distinct(Operation& operation) {
  const std::size_t count = RD_TRY(count_of(operation));
  Table made = RD_TRY(distinct(operation));
  if (count >= made.rows()) return made;
  return made.take(all_rows(count));
}

Result<Table> top_hitters(Operation& operation) {
  const auto& columns = operation.relation.columns;
  const std::size_t count = RD_TRY(count_of(operation));
  const std::shared_ptr<const Cells> of =
      RD_TRY(cells_of(operation.executor, {operation.argument(1)}, operation.input));
  std::shared_ptr<const Cells> weights;
  if (operation.argument(2) != nullptr)
    weights = RD_TRY(cells_of(operation.executor, {operation.argument(2)}, operation.input));
  const Groups groups = grouped({&of, 1}, operation.input.rows());
  Cells sums(groups.first.size(), Value::null(columns[1]->type));
  for (std::size_t row = 0; row < operation.input.rows(); ++row) {
    const Value weight = weights == nullptr ? Value::of_long(1) : (*weights)[row];
    Value& sum = sums[groups.of_row[row]];
    if (!weight.is_null()) sum = sum.is_null() ? weight : apply(kql::TokenKind::Plus, sum, weight);
  }
  std::vector<std::size_t> order = all_rows(sums.size());
  std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return kql::order_of(sums[left], sums[right]) > 0;
  });
  order.resize(std::min(order.size(), count));
  Cells values;
  Cells totals;
  for (const std::size_t group : order) {
    values.push_back((*of)[groups.first[group]]);
    totals.push_back(as_cell(sums[group], columns[1]->type));
  }
  Table out(order.size());
  out.add(columns[0], std::move(values));
  out.add(columns[1], std::move(totals));
  return out;
}

/// Of facet: how often each value of a column is there.
Result<Table> facet(Operation& operation) {
  const auto& columns = operation.relation.columns;
  const auto* const found = operation.input.find(columns[0]);
  if (found == nullptr) return unsupported("a facet of an unknown column");
  const Groups groups = grouped({found, 1}, operation.input.rows());
  std::vector<std::int64_t> counts(groups.first.size(), 0);
  for (const std::size_t group : groups.of_row)
    ++counts[group];
  Cells values;
  Cells totals;
  for (std::size_t group = 0; group < counts.size(); ++group) {
    values.push_back((**found)[groups.first[group]]);
    totals.push_back(Value::of_long(counts[group]));
  }
  Table out(counts.size());
  out.add(columns[0], std::move(values));
  out.add(columns[1], std::move(totals));
  return out;
}

constexpr std::string_view kSystemTypes[] = {
    "System.Object", "System.SByte",    "System.Int32",
    "System.Int64",  "System.Double",   "System.Data.SqlTypes.SqlDecimal",
    "System.String", "System.DateTime", "System.TimeSpan",
    "System.Guid",   "System.Object"};

/// A name as a query has it: in brackets unless it is letters, digits and underscores.
std::string written_name(std::string_view name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
  });
  return plain ? std::string(name) : "['" + replace_all(name, "'", "\\'") + "']";
}

Result<Table> get_schema(Operation& operation) {
  const kql::Relation& of = *operation.relation.inputs[0];
  const auto& columns = operation.relation.columns;
  if (columns.size() == 1) {
    std::string text;
    for (const kql::Column* column : of.columns)
      text +=
          (text.empty() ? "" : ",") + written_name(column->name) + ":" + std::string(type_name(column->type));
    Table out(1);
    out.add(columns[0], Cells{Value::of_string(std::move(text))});
    return out;
  }
  std::vector<Cells> cells(4);
  for (std::size_t i = 0; i < of.columns.size(); ++i) {
    const kql::Column& column = *of.columns[i];
    cells[0].push_back(Value::of_string(std::string(column.name)));
    cells[1].push_back(Value::of_long(static_cast<std::int64_t>(i)));
    cells[2].push_back(Value::of_string(std::string(kSystemTypes[static_cast<std::size_t>(column.type)])));
    cells[3].push_back(Value::of_string(std::string(type_name(column.type))));
  }
  Table out(of.columns.size());
  for (std::size_t i = 0; i < 4; ++i)
    out.add(columns[i], std::move(cells[i]));
  return out;
}

constexpr OperatorRow kRows[] = {{NodeKind::As, same},
                                 {NodeKind::AssertSchema, same},
                                 {NodeKind::Consume, consume},
                                 {NodeKind::Count, count},
                                 {NodeKind::Distinct, distinct},
                                 {NodeKind::ExecuteAndCache, same},
                                 {NodeKind::Facet, facet},
                                 {NodeKind::Filter, filter},
                                 {NodeKind::GetSchema, get_schema},
                                 {NodeKind::Render, same},
                                 {NodeKind::Sample, sample},
                                 {NodeKind::SampleDistinct, sample_distinct},
                                 {NodeKind::Sort, sort},
                                 {NodeKind::Take, take},
                                 {NodeKind::Top, top},
                                 {NodeKind::TopHitters, top_hitters}};

}  // namespace

OperatorRows row_operators() { return kRows; }

}  // namespace redoubt::query::detail

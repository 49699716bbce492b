// Where rows come from: stored tables, print, range, datatable, union.

#include <fmt/format.h>

#include <algorithm>

#include "kql/union_columns.h"
#include "query/detail/operators.h"
#include "query/sql/relation_sql.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::Relation;
using kql::Type;

namespace {

/// Rows in the text of a query.
constexpr std::size_t kMaxCells = 100'000;

}  // namespace

std::optional<Select> RelationSql::stored(const Relation& relation) {
  const std::optional<StoredTable> table = catalog_.find(relation.name);
  if (!table) return std::nullopt;
  Select out;
  out.from = table->from;
  out.is_small_table = table->is_small;
  for (const kql::Column* column : relation.columns) {
    const auto found = table->columns.find(std::string(column->name));
    if (found == table->columns.end()) {
      const std::optional<SqlValue> none = constant(kql::Value::null(column->type));
      if (!none) return std::nullopt;
      out.columns[column] = *none;
      continue;
    }
    const StoredTable::Column& held = found->second;
    if (held.type != column->type) return std::nullopt;
    out.columns[column] = {.text = held.name,
                           .type = held.type,
                           .form = held.form,
                           .nullable = held.nullable,
                           .words = held.words};
  }
  return out;
}

std::optional<Select> RelationSql::print(const Relation& relation) {
  Select out;
  out.from = "numbers(1)";
  if (!assign(out, relation)) return std::nullopt;
  return out;
}

std::optional<Select> RelationSql::range(const Relation& relation) {
  const kql::Column* const column = relation.columns.empty() ? nullptr : relation.columns[0];
  if (column == nullptr || column->type == Type::Real || column->type == Type::Decimal) return std::nullopt;
  std::vector<std::int64_t> ends;
  for (const Expression* end : relation.arguments) {
    const Result<kql::Value> value = executor_.constant(*end);
    if (!value || value->is_null() || value->is(Type::Real) || value->is(Type::Dynamic)) return std::nullopt;
    ends.push_back(value->as_long());
  }
  if (ends.size() != 3 || ends[2] <= 0) return std::nullopt;
  const std::int64_t count = ends[1] < ends[0] ? 0 : (ends[1] - ends[0]) / ends[2] + 1;
  Select out;
  out.from = fmt::format("numbers({})", count);
  const std::string_view cast = column->type == Type::Int ? "toInt32" : "toInt64";
  SqlValue value{.text = fmt::format("{}(toInt64('{}') + number * {})", cast, ends[0], ends[2]),
                 .type = column->type};
  value.text = named(out, value.text);
  out.columns[column] = value;
  return out;
}

std::optional<Select> RelationSql::data_table(const Relation& relation) {
  const std::size_t width = relation.columns.size();
  if (width == 0 || relation.arguments.size() > kMaxCells) return std::nullopt;
  std::string structure;
  Select out;
  for (const kql::Column* column : relation.columns) {
    const std::string_view type = column_type(column->type, true);
    if (type.empty()) return std::nullopt;
    const std::string name = names_.next();
    structure += fmt::format("{}{} {}", structure.empty() ? "" : ", ", name, type);
    const bool text = column->type == Type::String || column->type == Type::Dynamic;
    out.columns[column] = {.text = name, .type = column->type, .nullable = !text};
  }
  std::string rows;
  for (std::size_t i = 0; i < relation.arguments.size(); ++i) {
    const Result<kql::Value> value = executor_.constant(*relation.arguments[i]);
    if (!value) return std::nullopt;
    const Type type = relation.columns[i % width]->type;
    const kql::Value cell = value->is_null() ? kql::Value::null(type) : kql::convert(*value, type);
    const std::optional<SqlValue> literal = constant(cell);
    if (!literal) return std::nullopt;
    rows += fmt::format("{}{}{}", i % width == 0 ? (i == 0 ? "(" : ", (") : ", ", literal->text,
                        i % width == width - 1 ? ")" : "");
  }
  // A table without rows has no text in values().
  if (rows.empty())
    out.from = fmt::format("null({})", sql_text(structure));
  else
    out.from = fmt::format("values({}, {})", sql_text(structure), rows);
  return out;
}

std::optional<Select> RelationSql::union_of(const Relation& relation) {
  std::vector<std::string> names;
  Select out;
  for (const kql::Column* column : relation.columns) {
    if (column_type(column->type, true).empty()) return std::nullopt;
    names.push_back(names_.next());
    const bool text = column->type == Type::String || column->type == Type::Dynamic;
    out.columns[column] = {.text = names.back(), .type = column->type, .nullable = !text};
  }
  out.reads = 0;
  const kql::UnionColumns columns(relation);
  std::string parts;
  for (std::size_t i = 0; i < relation.inputs.size(); ++i) {
    const Select* const select = select_of(*relation.inputs[i]);
    if (select == nullptr) return std::nullopt;
    Select part = *select;
    std::string list;
    for (std::size_t j = 0; j < relation.columns.size(); ++j) {
      const kql::Column& column = *relation.columns[j];
      const kql::Column* const from = columns.source_of(j, *relation.inputs[i]);
      std::optional<SqlValue> value = constant(kql::Value::null(column.type));
      if (&column == relation.source)
        value = constant(kql::Value::of_string(std::string(relation.sources[i])));
      else if (from != nullptr)
        value = value_of(part, from);
      if (value) value = scalars(part).converted(std::move(*value), column.type);
      if (!value) return std::nullopt;
      list += fmt::format("{}{} AS {}", list.empty() ? "" : ", ", value->text, names[j]);
    }
    if (part.tail.empty()) part.order.clear();
    out.reads += part.reads;
    out.depth = std::max(out.depth, part.depth + 1);
    parts += fmt::format("{}{}", parts.empty() ? "" : " UNION ALL ", part.text(list.empty() ? "1" : list));
    if (parts.size() > kMaxText) return std::nullopt;
  }
  if (parts.empty()) return std::nullopt;
  out.from = fmt::format("({})", parts);
  return out;
}

}  // namespace redoubt::query::sql

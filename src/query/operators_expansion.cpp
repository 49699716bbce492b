#include <algorithm>
#include <limits>

#include "kql/json_text.h"
#include "query/detail/operators.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "mv-expand operator", "mv-apply operator".

namespace {

using kql::JsonKind;
using kql::NodeKind;
using kql::Type;
using kql::Value;

/// What an element may be to become a value of a type: it is cast, not read, so that a text is no number.
/// Source: answers of Microsoft's engine that the tests of duckdb-kql (MIT) record; it casts none to timespan
/// and decimal.
struct Cast {
  Type to;
  kql::TypeSet from;
};
constexpr Cast kCasts[] = {{Type::Bool, kql::set_of(Type::Bool, Type::Long)},
                           {Type::Int, kql::set_of(Type::Long, Type::Real)},
                           {Type::Long, kql::set_of(Type::Long, Type::Real)},
                           {Type::Real, kql::set_of(Type::Long, Type::Real)},
                           {Type::String, kql::kAllTypes},
                           {Type::DateTime, kql::set_of(Type::String)},
                           {Type::Guid, kql::set_of(Type::String)}};

Value cast_element(const Value& element, Type type) {
  const Value plain = kql::unwrap(element);
  for (const Cast& cast : kCasts)
    if (cast.to == type && kql::contains(cast.from, plain.type())) return as_cell(plain, type);
  return Value::null(type);
}

/// What a value becomes: elements of an array, members of a bag (alone in a bag each, or as a pair), or
/// itself. A null gives one null; an empty array or bag nothing.
std::vector<Value> elements(const Value& value, bool as_pairs, Type type) {
  std::vector<Value> out;
  const auto add = [&](Value element) {
    out.push_back(type == Type::Dynamic ? std::move(element) : cast_element(element, type));
  };
  if (value.is_null() || !value.is(Type::Dynamic)) {
    out.push_back(as_cell(value, type));
    return out;
  }
  const JsonKind kind = kql::json_kind(value.json());
  if (kind == JsonKind::Array) {
    for (const std::string_view one : kql::json_elements(value.json()))
      add(Value::of_dynamic(std::string(one)));
  } else if (kind == JsonKind::Bag) {
    for (const auto& [name, member] : kql::json_members(value.json())) {
      const std::string text = as_pairs ? "[" + std::string(name) + "," + std::string(member) + "]"
                                        : "{" + std::string(name) + ":" + std::string(member) + "}";
      add(Value::of_dynamic(text));
    }
  } else {
    add(value);
  }
  return out;
}

/// The items of an expansion: which row each new one is of, and their cells.
struct Expansion {
  std::vector<std::size_t> rows;
  std::vector<Cells> items;
  Cells index;
};

Result<Expansion> expanded(Operation& operation, std::span<const kql::Assignment> items, std::int64_t limit,
                           std::size_t from, std::size_t to) {
  const bool as_pairs = operation.option("kind") == "array" || operation.option("bagexpansion") == "array";
  std::vector<std::shared_ptr<const Cells>> values;
  for (const kql::Assignment& item : items) {
    std::shared_ptr<const Cells> cells =
        RD_TRY(cells_of(operation.executor, {item.value, item.part}, operation.input));
    values.push_back(std::move(cells));
  }
  Expansion out;
  out.items.resize(items.size());
  std::vector<std::vector<Value>> lists(items.size());
  for (std::size_t row = from; row < to; ++row) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      lists[i] = elements((*values[i])[row], as_pairs, items[i].column->type);
      length = std::max(length, lists[i].size());
    }
    length = std::min(length, static_cast<std::size_t>(limit));
    RD_TRY(operation.budget().spend(length * (items.size() + operation.input.columns().size())));
    for (std::size_t i = 0; i < items.size(); ++i) {
      lists[i].resize(length, Value::null(items[i].column->type));
      std::move(lists[i].begin(), lists[i].end(), std::back_inserter(out.items[i]));
    }
    for (std::size_t i = 0; i < length; ++i) {
      out.rows.push_back(row);
      out.index.push_back(Value::of_long(static_cast<std::int64_t>(i)));
    }
  }
  return out;
}

/// The rows of the input that an expansion has, with its items.
Table table_of(const Operation& operation, const kql::Relation& shape, Expansion made) {
  Table out = operation.input.take(made.rows);
  for (std::size_t i = 0; i < shape.assignments.size(); ++i)
    out.set(shape.assignments[i].column, std::make_shared<const Cells>(std::move(made.items[i])));
  if (!operation.option("with_itemindex")) return out;
  // Its name is another one where the option's was taken.
  const auto index = std::find_if(shape.columns.rbegin(), shape.columns.rend(),
                                  [&](const kql::Column* column) { return out.find(column) == nullptr; });
  if (index != shape.columns.rend()) out.add(*index, std::move(made.index));
  return out;
}

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

Result<Table> mv_expand(Operation& operation) {
  const std::int64_t limit = RD_TRY(operation.executor.number(operation.argument(0), kNoLimit));
  Expansion made =
      RD_TRY(expanded(operation, operation.relation.assignments, limit, 0, operation.input.rows()));
  return table_of(operation, operation.relation, std::move(made));
}

/// The query is applied to what each row becomes.
Result<Table> mv_apply(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  if (relation.inputs.size() == 1) {
    // What the query begins with, of all rows at once: a plugin inside looks for its columns.
    Expansion made = RD_TRY(expanded(operation, relation.assignments, kNoLimit, 0, operation.input.rows()));
    return table_of(operation, relation, std::move(made));
  }
  if (relation.inputs.size() != 3) return unsupported("mv-apply of something faulty");
  const kql::Relation& query = *relation.inputs[1];
  const kql::Relation& begin = *relation.inputs[2];
  const std::int64_t limit = RD_TRY(operation.executor.number(operation.argument(0), kNoLimit));
  Appender out(relation.columns);
  for (std::size_t row = 0; row < operation.input.rows(); ++row) {
    Expansion made = RD_TRY(expanded(operation, begin.assignments, limit, row, row + 1));
    const Table given = table_of(operation, begin, std::move(made)).with(begin.columns);
    const Table result = RD_TRY(operation.executor.rows_given(query, begin, given));
    Table part = operation.input.take(std::vector<std::size_t>(result.rows(), row));
    for (const TableColumn& one : result.columns())
      part.set(one.column, one.cells);
    out.append(part);
  }
  return std::move(out).table();
}

constexpr OperatorRow kRows[] = {{NodeKind::MvApply, mv_apply}, {NodeKind::MvExpand, mv_expand}};

}  // namespace

OperatorRows expansion_operators() { return kRows; }

}  // namespace redoubt::query::detail

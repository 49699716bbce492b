// Rows out of groups: distinct, count, summarize.

#include <fmt/format.h>

#include "query/sql/relation_sql.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::NodeKind;
using kql::Relation;
using kql::Type;

std::optional<Select> RelationSql::distinct(const Relation& relation) {
  std::optional<Select> out = open_input(relation);
  if (!out || !assign(*out, relation)) return std::nullopt;
  out->order.clear();
  for (const kql::Column* column : relation.columns)
    if (std::optional<SqlValue> value = value_of(*out, column))
      out->columns[column] = as_key(*std::move(value));
  out->distinct = true;
  out = closed(*out, relation.columns);
  if (out) out->is_small = true;
  return out;
}

std::optional<Select> RelationSql::count(const Relation& relation) {
  std::optional<Select> input = open_input(relation);
  if (!input) return std::nullopt;
  input->order.clear();
  input->columns[relation.columns[0]] = {.text = "toInt64(count())", .type = Type::Long};
  return closed(*input, relation.columns);
}

std::optional<RelationSql::Made> RelationSql::groups(Select& input, const Relation& relation,
                                                     std::span<const kql::Assignment> assignments,
                                                     std::string& keys) {
  Made made;
  ScalarSql scalar = scalars(input);
  for (const kql::Assignment& key : relation.assignments.first(relation.keys)) {
    std::optional<SqlValue> value = scalar.of(*key.value);
    if (!value || value->size > ScalarSql::kMaxSize || value->type == Type::Dynamic) return std::nullopt;
    if (value->type != key.column->type) return std::nullopt;
    if (!value->constant) {
      value = as_key(*std::move(value));
      if (!value->is_simple()) value->text = named(input, value->text);
      keys += (keys.empty() ? "" : ", ") + value->text;
    }
    made.emplace_back(key.column, std::move(*value));
  }
  if (keys.empty() && relation.keys > 0) return std::nullopt;  // one group only where there are rows
  of_groups_ = relation.keys > 0;
  for (const kql::Assignment& one : assignments.subspan(relation.keys)) {
    const auto aggregates = [&](const Expression& call) { return aggregate(input, call, 0); };
    std::optional<SqlValue> value = one.value->kind == kql::ExpressionKind::Columns
                                        ? aggregate(input, *one.value, one.part)
                                        : scalars(input, aggregates).of(*one.value);
    if (!value || value->size > ScalarSql::kMaxSize) return std::nullopt;
    const bool is_series = relation.op == NodeKind::MakeSeries;
    if (!is_series && value->type != one.column->type)
      value = scalar.converted(std::move(*value), one.column->type);
    if (!value) return std::nullopt;
    made.emplace_back(one.column, std::move(*value));
  }
  return made;
}

std::optional<Select> RelationSql::summarize(const Relation& relation) {
  std::optional<Select> input = open_input(relation);
  std::string keys;
  auto made = input ? groups(*input, relation, relation.assignments, keys) : std::nullopt;
  if (!made) return std::nullopt;
  input->order.clear();
  for (auto& [column, value] : *made)
    input->columns[column] = std::move(value);
  if (!keys.empty()) input->tail = fmt::format("GROUP BY {}", keys);
  input->unique.clear();
  std::optional<Select> out = closed(*input, relation.columns);
  if (!out) return out;
  out->is_small = true;
  for (const kql::Assignment& key : relation.assignments.first(relation.keys))
    out->unique.push_back(out->columns.contains(key.column) ? out->columns[key.column].text : std::string());
  return out;
}

}  // namespace redoubt::query::sql

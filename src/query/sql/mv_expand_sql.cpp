#include <fmt/format.h>

#include "query/sql/relation_sql.h"

namespace redoubt::query::sql {

using kql::Relation;
using kql::Type;

/// One column at a time: what it becomes is joined to its row.
std::optional<Select> RelationSql::mv_expand(const Relation& relation) {
  if (relation.assignments.size() != 1) return std::nullopt;
  for (const kql::Option& option : relation.options)
    if (option.name != "with_itemindex") return std::nullopt;
  const kql::Assignment& item = relation.assignments[0];
  std::optional<Select> out = open_input(relation);
  if (!out) return std::nullopt;
  if (!out->array_join.empty() || !out->where.empty()) out = closed(*out, relation.inputs[0]->columns);
  if (!out) return std::nullopt;
  out->is_total = false;
  out->unique.clear();
  std::optional<SqlValue> value = scalars(*out).of(*item.value);
  if (!value || value->type != Type::Dynamic || item.column->type == Type::Bool) return std::nullopt;
  std::string list;
  SqlValue element{.type = Type::Dynamic};
  if (value->form == Form::Texts) {
    list = value->text;
  } else {
    const std::string json = value->ways.source.empty() ? named(*out, plain(*value).text) : std::string();
    ScalarSql scalar = scalars(*out);
    list = value->ways.source.empty() ? elements_of_json(scalar, json)
                                      : elements_of_text(scalar, value->ways.source);
  }
  if (!relation.arguments.empty() && relation.arguments[0] != nullptr) {
    const Result<std::int64_t> limit = executor_.number(relation.arguments[0], 0);
    if (!limit) return std::nullopt;
    list = fmt::format("arraySlice({}, 1, {})", list, *limit);
  }
  const std::string list_name = named(*out, list);
  const std::string item_name = names_.next();
  const bool texts = value->form == Form::Texts;
  element.text = texts ? json_of(item_name) : item_name;
  if (texts) element.ways.as_text = item_name;
  out->array_join.push_back(fmt::format("{} AS {}", list_name, item_name));
  std::optional<SqlValue> typed = item.column->type == Type::Dynamic
                                      ? std::optional(element)
                                      : scalars(*out).converted(element, item.column->type);
  if (!typed) return std::nullopt;
  // A text or bool in an array is no number.
  if (typed->nullable && !texts)
    typed->text = fmt::format("if(startsWith({0}, '\"') OR {0} IN ('true', 'false'), NULL, {1})",
                              element.text, typed->text);
  if (typed->nullable && texts) return std::nullopt;
  out->columns[item.column] = *typed;
  for (const kql::Option& option : relation.options) {
    const std::string index = names_.next();
    out->array_join.push_back(fmt::format("arrayEnumerate({}) AS {}", list_name, index));
    for (const kql::Column* column : relation.columns)
      if (column->name == option.value && !out->columns.contains(column))
        out->columns[column] = {.text = fmt::format("toInt64({} - 1)", index), .type = Type::Long};
  }
  return closed(*out, relation.columns);
}

}  // namespace redoubt::query::sql

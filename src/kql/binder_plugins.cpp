#include <fmt/format.h>

#include <algorithm>

#include "kql/detail/binder.h"

namespace redoubt::kql::detail {

// Tables that calls give. Source: Kusto.Language 12.4.1, PlugIns; the documents of each.

Binder::Bound Binder::plugin_table(const Function& function, const Signature& signature,
                                   const std::vector<Bound>& arguments, const Node& node) {
  std::vector<const Column*> columns;
  bool open = false;
  const auto add_listed = [&] {
    for (const ResultColumn& one : signature.columns)
      columns.push_back(column(one.name, one.type));
  };
  const auto add_rows = [&] {
    const std::vector<const Column*> more = columns_of(rows_);
    columns.insert(columns.end(), more.begin(), more.end());
    open = open || rows_or_none().open;
  };
  switch (signature.rule) {
    case ResultRule::FixedTable:
      add_listed();
      break;
    case ResultRule::KeysTable:
      for (std::size_t i = 0; i < arguments.size() && i < signature.parameters.size(); ++i)
        if (arguments[i]->kind == ExpressionKind::Column &&
            (signature.parameters[i].name == "TimelineColumn" ||
             signature.parameters[i].name.starts_with("Dimension")))
          columns.push_back(arguments[i]->column);
      add_listed();
      break;
    case ResultRule::TableBeforeInput:
      add_listed();
      add_rows();
      break;
    case ResultRule::InputTable:
      add_rows();
      break;
    case ResultRule::TableByName:
      columns = plugin_columns(function, arguments, open);
      break;
    default:
      open = true;
      break;
  }
  Relation* const out = relation(NodeKind::Evaluate, node, made_unique(std::move(columns)));
  if (rows_ != nullptr) out->inputs = list_of({rows_});
  out->open = open;
  out->name = function.name;
  return table(out, node);
}

std::vector<const Column*> Binder::plugin_columns(const Function& function,
                                                  const std::vector<Bound>& arguments, bool& open) {
  std::vector<const Column*> columns = columns_of(rows_);
  open = rows_or_none().open;
  const auto argument_column = [&](std::size_t number) -> const Column* {
    return number < arguments.size() && arguments[number]->kind == ExpressionKind::Column
               ? arguments[number]->column
               : nullptr;
  };
  const auto drop = [&](const Column* column) { std::erase(columns, column); };
  if (function.name == "bag_unpack") {
    drop(argument_column(0));
    open = true;
    return columns;
  }
  if (function.name == "pivot") {
    const Column* const pivoted = argument_column(0);
    const Column* aggregated = nullptr;
    if (arguments.size() > 1 && !arguments[1]->operands.empty() &&
        arguments[1]->operands.front()->kind == ExpressionKind::Column)
      aggregated = arguments[1]->operands.front()->column;
    open = true;
    if (arguments.size() > 2) {
      columns.clear();
      for (std::size_t i = 2; i < arguments.size(); ++i)
        if (const Column* const kept = argument_column(i)) columns.push_back(kept);
      return columns;
    }
    drop(pivoted);
    drop(aggregated);
    return columns;
  }
  if (function.name == "dcount_intersect") {
    for (std::size_t i = 0; i < arguments.size(); ++i)
      columns.push_back(column(keep(fmt::format("s{}", i)), Type::Long));
    return columns;
  }
  if (function.name.ends_with("_lookup")) return looked_up_columns(function, arguments);
  for (const Bound argument : arguments)
    if (argument->kind == ExpressionKind::Word && !argument->columns.empty()) {
      open = false;
      return {argument->columns.begin(), argument->columns.end()};
    }
  open = true;
  return {};
}

/// ipv4_lookup and its like: the input, then the columns of the table that is looked into.
std::vector<const Column*> Binder::looked_up_columns(const Function& function,
                                                     const std::vector<Bound>& arguments) {
  std::vector<const Column*> columns = columns_of(rows_);
  const Relation* const other = arguments.empty() ? nullptr : arguments.front()->relation();
  if (other == nullptr) return columns;
  std::vector<std::string_view> keys;
  if (function.name == "ipv4_lookup")
    for (std::size_t i = 3; i < arguments.size(); ++i)
      if (arguments[i]->kind == ExpressionKind::Column) keys.push_back(arguments[i]->column->name);
  const bool drops_key = function.name.starts_with("geo_") && arguments.size() > 1;
  const bool returns_key = std::any_of(arguments.begin(), arguments.end(), [](Bound argument) {
    return argument->literal && argument->type == Type::Bool && argument->name == "true";
  });
  if (drops_key && !returns_key && arguments[1]->kind == ExpressionKind::Column)
    keys.push_back(arguments[1]->column->name);
  for (const Column* column : columns_of(other))
    if (std::find(keys.begin(), keys.end(), column->name) == keys.end()) columns.push_back(column);
  return columns;
}

}  // namespace redoubt::kql::detail

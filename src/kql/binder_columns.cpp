#include <fmt/format.h>

#include <algorithm>

#include "kql/detail/binder.h"
#include "kql/detail/characters.h"
#include "kql/detail/made_literal.h"
#include "kql/evaluate.h"

namespace redoubt::kql::detail {

// Calls that make several columns. Source: Kusto.Language 12.4.1, Aggregates, Functions; the documents of
// each.

namespace {

/// `99_9` of a literal or a name of one; nothing of what has to be worked out first.
std::string number_in_name(const Expression& percentile) {
  const Expression* const literal = literal_behind(&percentile);
  const std::optional<Value> value = literal == nullptr ? std::nullopt : literal_value(*literal);
  std::string out = value ? to_text(*value) : std::string();
  if (value && value->is(Type::Real) && out.ends_with(".0")) out.resize(out.size() - 2);
  for (char& c : out)
    if (!is_letter(c) && !is_digit(c)) c = '_';
  return out;
}

}  // namespace

ColumnList Binder::several_columns(const Function& function, const std::vector<Bound>& arguments,
                                   const Node& node, std::vector<Bound>& operands) {
  const std::string_view name = function.alias_of.empty() ? function.name : function.alias_of;
  if (name == "inner_nodes") return element_columns(graph_nodes(), node);
  if (name == "arg_max" || name == "arg_min")
    return extreme_columns(function, arguments, node, true, operands);
  if (name == "take_any") return extreme_columns(function, arguments, node, false, operands);
  if (name.starts_with("percentile")) return percentile_columns(function, arguments, node);
  std::vector<const Column*> out;
  if (name == "array_sort_asc" || name == "array_sort_desc") {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const bool nulls = i + 1 == arguments.size() && i != 0 && arguments[i]->type == Type::Bool;
      const std::optional<std::string> own = result_name(arguments[i]);
      out.push_back(
          column(nulls ? "nulls_last"
                       : keep(own ? fmt::format("{}_sorted", *own) : fmt::format("array{}_sorted", i)),
                 nulls ? Type::Bool : Type::Dynamic));
    }
  }
  if (out.empty())
    out.push_back(column(name_or(make(ExpressionKind::Star, node), function.name), Type::Dynamic));
  return arena_.copy(std::span<const Column* const>(out));
}

/// The name that an argument is given, or has by itself.
std::optional<std::string> Binder::argument_name(const Node& call, std::size_t number, Bound argument) {
  const Node* const written = call[1].child(number);
  if (written != nullptr && written->kind == NodeKind::NamedExpression)
    return std::string(name_of((*written)[0]));
  return result_name(argument);
}

/// arg_max(value, returned...) and take_any(returned...). The operands become one for each column.
ColumnList Binder::extreme_columns(const Function& function, const std::vector<Bound>& arguments,
                                   const Node& node, bool with_first, std::vector<Bound>& operands) {
  operands.clear();
  const bool old_form =
      !function.alias_of.empty() && with_first;  // argmax: the others carry the name of the first
  const std::string_view extreme = function.name.ends_with("max") ? "max" : "min";
  std::vector<const Column*> out;
  FewOrMany<const Column*> taken;
  for (const Column* column : grouped_)
    taken.add(column);
  std::string first_name;
  const auto is_taken = [&](const Column* column) { return taken.contains(column); };
  const auto prefixed = [&](std::string_view name) { return keep(fmt::format("{}_{}", first_name, name)); };
  const bool star = std::any_of(arguments.begin(), arguments.end(),
                                [](Bound argument) { return argument->kind == ExpressionKind::Star; });
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Bound argument = arguments[i];
    const bool primary = with_first && i == 0;
    if (argument->kind == ExpressionKind::Star) {
      if (!spend(rows_or_none().columns.size(), node)) return {};
      for (const Column* one : columns_of(rows_))
        if (!is_taken(one)) {
          out.push_back(old_form ? column(prefixed(one->name), one->type, one->shape) : one);
          operands.push_back(unnamed_reference(one, *argument->syntax));
        }
      continue;
    }
    const Column* const itself = argument->kind == ExpressionKind::Column ? argument->column : nullptr;
    if (star && !primary && itself != nullptr && is_taken(itself)) continue;
    if (itself != nullptr) taken.add(itself);
    std::optional<std::string> own = argument_name(node, i, argument);
    if (primary) first_name = own.value_or("");
    if (!own || own->empty()) {
      if (primary)
        own = fmt::format("{}_", extreme);
      else if (with_first && !old_form)
        own = fmt::format("{}_{}_arg{}", extreme, first_name, i);
      else
        own = fmt::format("{}arg{}", function.name == "take_any" ? "any_" : "", i);
    }
    operands.push_back(argument);
    out.push_back(column_of(argument, old_form && !primary ? prefixed(*own) : keep(*own)));
  }
  return arena_.copy(std::span<const Column* const>(out));
}

/// One column for each percentile, percentile_x_95; of the arrays one.
ColumnList Binder::percentile_columns(const Function& function, const std::vector<Bound>& arguments,
                                      const Node& node) {
  std::vector<const Column*> out;
  if (arguments.empty()) return {};
  const std::string name = argument_name(node, 0, arguments.front()).value_or("");
  const bool array = function.name.ends_with("_array");
  if (array) {
    out.push_back(column(keep(fmt::format("percentiles_{}", name)), Type::Dynamic, DynamicShape::Array));
    return arena_.copy(std::span<const Column* const>(out));
  }
  Type type = arguments.front()->type;
  if (type == Type::Int) type = Type::Long;
  if (type == Type::Decimal) type = Type::Real;
  const std::size_t from =
      function.name.starts_with("percentilew") || function.name.starts_with("percentilesw") ? 2 : 1;
  for (std::size_t i = from; i < arguments.size(); ++i)
    out.push_back(column(keep(fmt::format("percentile_{}_{}", name, number_in_name(*arguments[i]))), type));
  return arena_.copy(std::span<const Column* const>(out));
}

/// series_stats_x_min: the function, the first argument, the column; parts without a name are left out.
ColumnList Binder::prefixed_columns(const Function& function, const Signature& signature,
                                    const std::vector<Bound>& arguments) {
  std::string prefix(function.name);
  if (!arguments.empty())
    if (const std::optional<std::string> own = result_name(arguments.front()); own && !own->empty())
      prefix += "_" + *own;
  std::vector<const Column*> out;
  for (const ResultColumn& one : signature.columns)
    out.push_back(column(keep(one.name.empty() ? prefix : fmt::format("{}_{}", prefix, one.name)), one.type));
  return arena_.copy(std::span<const Column* const>(out));
}

}  // namespace redoubt::kql::detail

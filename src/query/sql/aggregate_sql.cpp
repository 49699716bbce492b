#include <fmt/format.h>

#include <algorithm>

#include "query/sql/relation_sql.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::Type;

namespace {

/// What a list holds where the call does not say how much, and what one with an old name does.
/// Source: Kusto Query Language reference, "make_list() (aggregation function)".
constexpr std::int64_t kMostElements = 1'048'576;
constexpr std::int64_t kMostElementsOfOldNames = 128;

/// A call of an aggregate: its arguments as SQL, and the condition of its ...if form.
struct AggregateCall {
  Type type;  ///< of the result
  std::vector<SqlValue> arguments;
  std::string condition;  ///< empty: there is none
  std::int64_t most_elements = kMostElements;

  /// `sum(x)` or `sumIf(x, condition)`.
  std::string call(std::string_view function, std::string_view arguments_text) const {
    if (condition.empty()) return fmt::format("{}({})", function, arguments_text);
    return fmt::format("{}If({}{}{})", function, arguments_text, arguments_text.empty() ? "" : ", ",
                       condition);
  }
};
using Make = std::optional<SqlValue> (*)(const AggregateCall&);

SqlValue result(const AggregateCall& call, std::string text, bool nullable) {
  SqlValue out{.text = std::move(text), .type = call.type, .nullable = nullable};
  for (const SqlValue& argument : call.arguments)
    out.size += argument.size;
  return out;
}

std::optional<SqlValue> count(const AggregateCall& call) {
  // Of a condition it counts where that holds, of anything else the rows.
  if (!call.arguments.empty() && call.arguments[0].type == Type::Bool)
    return result(call, fmt::format("toInt64(countIf(ifNull({}, 0)))", call.arguments[0].text), false);
  return result(call, fmt::format("toInt64({})", call.call("count", "")), false);
}

std::optional<SqlValue> sum(const AggregateCall& call) {
  const SqlValue& of = call.arguments[0];
  const bool whole = of.type == Type::Long || of.type == Type::Int || of.type == Type::Timespan;
  if (!whole && of.type != Type::Real) return std::nullopt;
  return result(call, fmt::format("ifNull({}, 0)", call.call("sum", of.text)), false);
}

std::optional<SqlValue> avg(const AggregateCall& call) {
  const SqlValue& of = call.arguments[0];
  if (of.type != Type::Long && of.type != Type::Int && of.type != Type::Real) return std::nullopt;
  return result(call, fmt::format("ifNull({}, nan)", call.call("avg", fmt::format("toFloat64({})", of.text))),
                false);
}

/// Of no rows, or nulls alone, it is null.
std::optional<SqlValue> extreme(const AggregateCall& call, std::string_view function) {
  const SqlValue of = plain(call.arguments[0]);
  if (of.type == Type::Dynamic || of.type == Type::Bool || of.type == Type::String ||
      of.type == Type::Decimal)
    return std::nullopt;
  return result(call, call.call(fmt::format("{}OrNull", function), of.text), true);
}
std::optional<SqlValue> min(const AggregateCall& call) { return extreme(call, "min"); }
std::optional<SqlValue> max(const AggregateCall& call) { return extreme(call, "max"); }

std::optional<SqlValue> dcount(const AggregateCall& call) {
  const SqlValue of = plain(call.arguments[0]);
  if (of.type == Type::Dynamic) return std::nullopt;
  return result(call, fmt::format("toInt64({})", call.call("uniqExact", of.text)), false);
}

/// Arrays as JSON: of texts and whole numbers.
std::optional<SqlValue> list(const AggregateCall& call, std::string_view function) {
  const SqlValue of = plain(call.arguments[0]);
  const bool whole = of.type == Type::Long || of.type == Type::Int;
  if (!whole && of.type != Type::String) return std::nullopt;
  std::int64_t most = call.most_elements;
  if (call.arguments.size() > 1) {
    const std::optional<kql::Value>& size = call.arguments[1].constant;
    if (!size || size->is_null() || size->as_long() <= 0) return std::nullopt;
    most = std::min(size->as_long(), kMostElements);
  }
  const std::string text = call.condition.empty()
                               ? fmt::format("{}({})({})", function, most, of.text)
                               : fmt::format("{}If({})({}, {})", function, most, of.text, call.condition);
  SqlValue out = result(call, text, false);
  if (of.type == Type::String)
    out.form = Form::Texts;
  else
    out.text = fmt::format("toJSONString({})", text);
  return out;
}
std::optional<SqlValue> make_list(const AggregateCall& call) { return list(call, "groupArray"); }
std::optional<SqlValue> make_set(const AggregateCall& call) { return list(call, "groupUniqArray"); }

std::optional<SqlValue> stdev(const AggregateCall& call) {
  const SqlValue& of = call.arguments[0];
  if (of.type != Type::Long && of.type != Type::Int && of.type != Type::Real) return std::nullopt;
  const std::string value = call.call("stddevSamp", fmt::format("toFloat64({})", of.text));
  return result(call, fmt::format("if({} < 2, 0, {})", call.call("count", of.text), value), true);
}

struct AggregateShape {
  std::string_view name;
  Make make;
  bool conditional = false;  ///< the last argument is a condition
};
constexpr AggregateShape kAggregates[] = {{"avg", avg},
                                          {"avgif", avg, true},
                                          {"count", count},
                                          {"count_distinct", dcount},
                                          {"count_distinctif", dcount, true},
                                          {"countif", count, true},
                                          {"dcount", dcount},
                                          {"dcountif", dcount, true},
                                          {"make_list", make_list},
                                          {"make_list_if", make_list, true},
                                          {"make_set", make_set},
                                          {"make_set_if", make_set, true},
                                          {"max", max},
                                          {"maxif", max, true},
                                          {"min", min},
                                          {"minif", min, true},
                                          {"stdev", stdev},
                                          {"stdevif", stdev, true},
                                          {"sum", sum},
                                          {"sumif", sum, true}};

}  // namespace

namespace {

/// The value of one row of a group: take_any takes any, of one column one that is there.
std::string any_value(const SqlValue& value, bool alone) {
  if (!alone) return fmt::format("any(tuple({})).1", value.text);
  if (value.type == Type::String) return fmt::format("ifNull(any(nullIf({}, '')), '')", value.text);
  return fmt::format("any({})", value.text);
}

/// What rows are compared by: nulls, and what is no number, come after all else.
std::string extreme_key(ScalarSql& scalars, const SqlValue& key, bool greatest) {
  if (key.type == Type::String || key.type == Type::Guid) return key.text;
  const std::string there = key.type == Type::Real
                                ? fmt::format("NOT ifNull(isNaN({0}), 1)", scalars.once(key))
                                : fmt::format("isNotNull({})", key.text);
  return fmt::format("tuple({}{}, {})", greatest ? "" : "NOT ", there,
                     key.nullable ? fmt::format("ifNull({}, 0)", key.text) : key.text);
}

/// arg_max(), arg_min() and take_any(): all columns are of one row.
std::optional<SqlValue> of_one_row(ScalarSql& scalars, const Expression& call, std::string_view name,
                                   std::uint32_t part) {
  if (part >= call.operands.size()) return std::nullopt;
  const std::optional<SqlValue> wanted = scalars.of(*call.operands[part]);
  const std::optional<SqlValue> by = scalars.of(*call.operands[0]);
  if (!wanted || !by || by->type == Type::Dynamic || by->type == Type::Decimal) return std::nullopt;
  const SqlValue value = plain(*wanted);
  const SqlValue key = plain(*by);
  SqlValue out{.type = value.type, .nullable = value.nullable, .size = value.size + key.size};
  if (name == "take_any")
    out.text = any_value(value, call.operands.size() == 1);
  else
    out.text = fmt::format("{}(tuple({}), {}).1", name == "arg_max" ? "argMax" : "argMin", value.text,
                           extreme_key(scalars, key, name == "arg_max"));
  return out;
}

/// The arguments of a call and its condition, which comes before the size of a list; false: one can't be
/// said.
bool take_arguments(ScalarSql& scalars, const Expression& call, bool conditional, AggregateCall& out) {
  const std::size_t count = call.operands.size();
  const std::size_t condition_at = !conditional ? count : count == 3 ? 1 : count - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::optional<SqlValue> argument =
        i == condition_at ? scalars.condition(*call.operands[i]) : scalars.of(*call.operands[i]);
    if (!argument) return false;
    if (i != condition_at)
      out.arguments.push_back(plain(*argument));
    else
      out.condition = argument->nullable ? fmt::format("ifNull({}, 0)", argument->text) : argument->text;
  }
  return true;
}

}  // namespace

std::optional<SqlValue> RelationSql::aggregate(Select& select, const Expression& call, std::uint32_t part) {
  const std::string_view name =
      call.function->alias_of.empty() ? call.function->name : call.function->alias_of;
  ScalarSql scalar = scalars(select);
  if (name == "arg_max" || name == "arg_min" || name == "take_any")
    return of_one_row(scalar, call, name, part);
  // A list keeps the order of its rows.
  if (name.starts_with("make_list") && !select.order.empty()) return std::nullopt;
  for (const AggregateShape& row : kAggregates) {
    if (row.name != name) continue;
    AggregateCall made{.type = call.type};
    if (call.function->name == "makelist" || call.function->name == "makeset")
      made.most_elements = kMostElementsOfOldNames;
    return take_arguments(scalar, call, row.conditional, made) ? row.make(made) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace redoubt::query::sql

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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
  bool of_groups = false;  ///< which have rows, each of them

  /// `sum(x)` or `sumIf(x, condition)`.
  std::string call(std::string_view function, std::string_view arguments_text) const {
    if (condition.empty()) return fmt::format("{}({})", function, arguments_text);
    return fmt::format("{}If({}{}{})", function, arguments_text, arguments_text.empty() ? "" : ", ",
                       condition);
  }
};
/// Of such an argument there is always a value.
bool is_there(const AggregateCall& call, const SqlValue& of) {
  return call.of_groups && call.condition.empty() && !of.nullable;
}

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
  const std::string text = call.call("sum", of.text);
  return result(call, of.nullable ? fmt::format("ifNull({}, 0)", text) : text, false);
}

std::optional<SqlValue> avg(const AggregateCall& call) {
  const SqlValue& of = call.arguments[0];
  if (of.type != Type::Long && of.type != Type::Int && of.type != Type::Real) return std::nullopt;
  const std::string text = call.call("avg", fmt::format("toFloat64({})", of.text));
  return result(call, of.nullable ? fmt::format("ifNull({}, nan)", text) : text, false);
}

/// Of no rows, or nulls alone, it is null.
std::optional<SqlValue> extreme(const AggregateCall& call, std::string_view function) {
  const SqlValue& given = call.arguments[0];
  if (given.type == Type::Dynamic || given.type == Type::Bool || given.type == Type::String ||
      given.type == Type::Decimal)
    return std::nullopt;
  if (is_there(call, given)) {
    SqlValue out = result(call, call.call(function, given.text), false);
    out.form = given.form;
    return out;
  }
  const SqlValue of = plain(given);
  return result(call, call.call(fmt::format("{}OrNull", function), of.text), true);
}
std::optional<SqlValue> min(const AggregateCall& call) { return extreme(call, "min"); }
std::optional<SqlValue> max(const AggregateCall& call) { return extreme(call, "max"); }

std::optional<SqlValue> dcount(const AggregateCall& call) {
  const SqlValue of = as_key(plain(call.arguments[0]));
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

/// The value of the nearest rank, the smallest whole number not below percentile * count. `quantileExact(p)`
/// takes the one whose number, from 0 on, is floor(p * count): so p is a little less. Other percentiles than
/// these, which are multiples of 0.1, may lie too close to a whole number of rows.
std::optional<SqlValue> percentile(const AggregateCall& call, const std::vector<kql::Value>& percentiles,
                                   std::size_t part) {
  constexpr double kLess = 1e-13;
  const SqlValue of = plain(call.arguments[0]);
  const bool whole =
      of.type == Type::Long || of.type == Type::Int || of.type == Type::DateTime || of.type == Type::Timespan;
  if ((!whole && of.type != Type::Real) || part >= percentiles.size()) return std::nullopt;
  std::string levels;
  for (const kql::Value& one : percentiles) {
    const kql::Value real = kql::convert(one, Type::Real);
    if (real.is_null() || !(real.as_real() >= 0) || !(real.as_real() <= 100)) return std::nullopt;
    const double tenths = real.as_real() * 10;
    if (tenths != std::round(tenths)) return std::nullopt;
    levels += fmt::format("{}{:.17g}", levels.empty() ? "" : ", ", std::max(0.0, tenths / 1000 - kLess));
  }
  const std::string value =
      call.condition.empty() ? fmt::format("quantilesExact({})({})", levels, of.text)
                             : fmt::format("quantilesExactIf({})({}, {})", levels, of.text, call.condition);
  const std::string element = fmt::format("arrayElement({}, {})", value, part + 1);
  if (is_there(call, of) && whole) return result(call, element, false);
  const std::string counted = of.type == Type::Real ? fmt::format("nullIf(isNaN({}), 1)", of.text) : of.text;
  return result(call, fmt::format("if({} = 0, NULL, {})", call.call("count", counted), element), true);
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

/// The value of the row that a function finds by a key. A tuple holds a null, which the functions pass over,
/// but numbers beside their nulls are quicker.
std::string value_at(const SqlValue& value, const std::string& key, std::string_view function,
                     bool of_groups) {
  const bool text = value.type == Type::String || value.type == Type::Dynamic;
  if (text || (of_groups && !value.nullable)) return fmt::format("{}({}, {})", function, value.text, key);
  return fmt::format("if({3}{0}(isNull({1}), {2}), NULL, {0}(assumeNotNull({1}), {2}))", function, value.text,
                     key, of_groups ? "" : "count() = 0 OR ");
}

/// What rows are compared by: nulls, and what is no number, come after all else.
std::string extreme_key(ScalarSql& scalars, const SqlValue& key, bool greatest) {
  if (key.type == Type::String || key.type == Type::Guid || (!key.nullable && key.type != Type::Real))
    return key.text;
  const std::string there = key.type == Type::Real
                                ? fmt::format("NOT ifNull(isNaN({0}), 1)", scalars.once(key))
                                : fmt::format("isNotNull({})", key.text);
  return fmt::format("tuple({}{}, {})", greatest ? "" : "NOT ", there,
                     key.nullable ? fmt::format("ifNull({}, 0)", key.text) : key.text);
}

/// arg_max(), arg_min() and take_any(): all columns are of one row.
std::optional<SqlValue> of_one_row(ScalarSql& scalars, const Expression& call, std::string_view name,
                                   std::uint32_t part, bool of_groups) {
  if (part >= call.operands.size()) return std::nullopt;
  const std::optional<SqlValue> wanted = scalars.of(*call.operands[part]);
  const std::optional<SqlValue> by = scalars.of(*call.operands[0]);
  if (!wanted || !by || by->type == Type::Dynamic || by->type == Type::Decimal) return std::nullopt;
  if (call.operands[part] == call.operands[0] && !by->nullable && by->type != Type::Real && of_groups &&
      name != "take_any")
    return SqlValue{.text = fmt::format("{}({})", name == "arg_max" ? "max" : "min", by->text),
                    .type = by->type,
                    .form = by->form,
                    .size = by->size};
  const SqlValue value = plain(*wanted);
  // Beside a number for its null a time has to be one.
  const SqlValue key = by->form == Form::Time && !by->nullable ? *by : plain(*by);
  const bool text = value.type == Type::String || value.type == Type::Dynamic;
  SqlValue out{
      .type = value.type, .nullable = value.nullable || (!of_groups && !text), .size = value.size + key.size};
  if (name == "take_any")
    out.text = any_value(value, call.operands.size() == 1);
  else
    out.text = value_at(value, extreme_key(scalars, key, name == "arg_max"),
                        name == "arg_max" ? "argMax" : "argMin", of_groups);
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
      out.arguments.push_back(*argument);
    else
      out.condition = argument->nullable ? fmt::format("ifNull({}, 0)", argument->text) : argument->text;
  }
  return true;
}

std::optional<SqlValue> percentile_of(ScalarSql& scalars, const Expression& call, std::uint32_t part,
                                      bool of_groups) {
  AggregateCall made{.type = call.type, .of_groups = of_groups};
  if (call.kind == kql::ExpressionKind::Columns && part < call.columns.size())
    made.type = call.columns[part]->type;
  const std::optional<SqlValue> of = scalars.of(*call.operands[0]);
  if (!of) return std::nullopt;
  made.arguments.push_back(*of);
  std::vector<kql::Value> percentiles;
  for (const Expression* operand : call.operands.subspan(1)) {
    const std::optional<kql::Value> value = scalars.known(*operand);
    if (!value || value->is_null() || value->is(Type::Dynamic)) return std::nullopt;
    percentiles.push_back(*value);
  }
  return percentile(made, percentiles, part);
}

}  // namespace

std::optional<SqlValue> RelationSql::aggregate(Select& select, const Expression& call, std::uint32_t part) {
  const std::string_view name =
      call.function->alias_of.empty() ? call.function->name : call.function->alias_of;
  ScalarSql scalar = scalars(select);
  if (name == "arg_max" || name == "arg_min" || name == "take_any")
    return of_one_row(scalar, call, name, part, of_groups_);
  // A list keeps the order of its rows.
  if (name.starts_with("make_list") && !select.order.empty()) return std::nullopt;
  if (name == "percentile" || name == "percentiles") return percentile_of(scalar, call, part, of_groups_);
  for (const AggregateShape& row : kAggregates) {
    if (row.name != name) continue;
    AggregateCall made{.type = call.type};
    made.of_groups = of_groups_;
    if (call.function->name == "makelist" || call.function->name == "makeset")
      made.most_elements = kMostElementsOfOldNames;
    return take_arguments(scalar, call, row.conditional, made) ? row.make(made) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace redoubt::query::sql

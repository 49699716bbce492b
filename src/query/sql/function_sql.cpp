#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/text.h"
#include "core/time.h"
#include "kql/pattern.h"
#include "kql/pattern_spelling.h"
#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::Type;
using kql::Value;

/// Source: "chrono-compatible low-level date algorithms", days to civil.
Civil civil(ScalarSql& scalars, const std::string& ticks) {
  const std::string z = scalars.named(fmt::format("(intDiv({}, 864000000000) + 306)", ticks));
  const std::string of_era = scalars.named(fmt::format("({} % 146097)", z));
  const std::string of_years = scalars.named(
      fmt::format("intDiv({0} - intDiv({0}, 1460) + intDiv({0}, 36524) - intDiv({0}, 146096), 365)", of_era));
  const std::string of_year =
      scalars.named(fmt::format("({0} - (365 * {1} + intDiv({1}, 4) - intDiv({1}, 100)))", of_era, of_years));
  const std::string march = scalars.named(fmt::format("intDiv(5 * {} + 2, 153)", of_year));
  Civil out;
  out.day = scalars.named(fmt::format("({} - intDiv(153 * {} + 2, 5) + 1)", of_year, march));
  out.month = scalars.named(fmt::format("if({0} < 10, {0} + 3, {0} - 9)", march));
  out.year =
      scalars.named(fmt::format("({} + intDiv({}, 146097) * 400 + ({} <= 2))", of_years, z, out.month));
  return out;
}

namespace {

struct Call {
  ScalarSql& scalars;
  const Expression& expression;

  std::size_t size() const { return expression.operands.size(); }
  const Expression& at(std::size_t i) const { return *expression.operands[i]; }
  std::optional<SqlValue> sql(std::size_t i) const { return scalars.of(at(i)); }
  std::optional<SqlValue> text(std::size_t i) const { return scalars.of(at(i), Type::String); }
  std::optional<Value> known(std::size_t i) const { return scalars.known(at(i)); }
};
using Handler = std::optional<SqlValue> (*)(const Call&);

template <Type type>
std::optional<SqlValue> to_type(const Call& call) {
  return call.scalars.of(call.at(0), type);
}

/// YYYY-MM-DDThh:mm:ss.fffffffZ and [-][d.]hh:mm:ss[.fffffff].
std::optional<SqlValue> to_string(const Call& call) {
  const std::optional<SqlValue> value = call.sql(0);
  if (!value) return std::nullopt;
  return call.scalars.converted(*value, Type::String);
}

std::optional<SqlValue> parse_json(const Call& call) {
  std::optional<SqlValue> value = call.sql(0);
  if (!value) return std::nullopt;
  if (value->type == Type::Dynamic) return value;
  if (value->type != Type::String) return call.scalars.converted(*value, Type::Dynamic);
  return json_of_text(call.scalars, *value);
}

std::optional<SqlValue> is_null(const Call& call, bool wanted) {
  const std::optional<SqlValue> value = call.sql(0);
  if (!value) return std::nullopt;
  std::string test = "0";
  if (value->type == Type::Dynamic)
    test = is_null_json(plain(*value).text);
  else if (value->nullable)
    test = fmt::format("isNull({})", value->text);
  return ScalarSql::made(Type::Bool, false, {&*value}, wanted ? test : fmt::format("(NOT {})", test));
}
std::optional<SqlValue> isnull(const Call& call) { return is_null(call, true); }
std::optional<SqlValue> isnotnull(const Call& call) { return is_null(call, false); }

std::optional<SqlValue> is_empty(const Call& call, bool wanted) {
  const std::optional<SqlValue> value = call.sql(0);
  if (!value) return std::nullopt;
  if (value->type != Type::String && value->type != Type::Dynamic) return is_null(call, wanted);
  const std::optional<SqlValue> text = call.scalars.converted(*value, Type::String);
  return ScalarSql::made(Type::Bool, false, {&*text},
                         fmt::format("({} {} '')", text->text, wanted ? "=" : "!="));
}
std::optional<SqlValue> isempty(const Call& call) { return is_empty(call, true); }
std::optional<SqlValue> isnotempty(const Call& call) { return is_empty(call, false); }

/// if and case: predicate, then, ..., otherwise.
std::optional<SqlValue> choice(const Call& call) {
  const Type type = call.expression.type;
  if (type == Type::Unknown) return std::nullopt;
  SqlValue out{.type = type};
  std::string parts;
  for (std::size_t i = 0; i < call.size(); ++i) {
    const bool predicate = i % 2 == 0 && i + 1 < call.size();
    std::optional<SqlValue> one =
        predicate ? call.scalars.condition(call.at(i)) : call.scalars.of(call.at(i), type);
    if (!one) return std::nullopt;
    out.size += one->size;
    if (!predicate) out.nullable = out.nullable || one->nullable;
    const std::string text = predicate && one->nullable ? fmt::format("ifNull({}, 0)", one->text) : one->text;
    parts += (parts.empty() ? "" : ", ") + text;
  }
  out.text = fmt::format("multiIf({})", parts);
  return out;
}

std::optional<SqlValue> coalesce(const Call& call) {
  const Type type = call.expression.type;
  std::string parts;
  SqlValue out{.type = type, .nullable = true};
  for (std::size_t i = 0; i < call.size(); ++i) {
    std::optional<SqlValue> one = call.scalars.of(call.at(i), type);
    if (!one) return std::nullopt;
    out.size += one->size;
    out.nullable = out.nullable && one->nullable;
    if (type == Type::Dynamic) one->text = call.scalars.once(*one);
    const std::string as_null = type == Type::String ? fmt::format("nullIf({}, '')", one->text)
                                : type == Type::Dynamic
                                    ? fmt::format("if({}, NULL, {})", is_null_json(one->text), one->text)
                                    : one->text;
    parts += (parts.empty() ? "" : ", ") + as_null;
  }
  const bool text = type == Type::String || type == Type::Dynamic;
  out.text = fmt::format("coalesce({}{})", parts, text ? ", ''" : "");
  out.nullable = out.nullable && !text;
  return out;
}

template <bool upper>
std::optional<SqlValue> to_case(const Call& call) {
  const std::optional<SqlValue> text = call.text(0);
  if (!text) return std::nullopt;
  return ScalarSql::made(Type::String, false, {&*text}, in_case(call.scalars, text->text, upper));
}

std::optional<SqlValue> strcat(const Call& call) {
  SqlValue out{.type = Type::String};
  std::string parts;
  for (std::size_t i = 0; i < call.size(); ++i) {
    const std::optional<SqlValue> one = call.text(i);
    if (!one) return std::nullopt;
    out.size += one->size;
    parts += (parts.empty() ? "" : ", ") + one->text;
  }
  out.text = call.size() == 1 ? parts : fmt::format("concat({})", parts);
  return out;
}

std::optional<SqlValue> strcat_delim(const Call& call) {
  SqlValue out{.type = Type::String};
  const std::optional<SqlValue> delimiter = call.text(0);
  if (!delimiter) return std::nullopt;
  std::string parts;
  for (std::size_t i = 1; i < call.size(); ++i) {
    const std::optional<SqlValue> one = call.text(i);
    if (!one) return std::nullopt;
    out.size += one->size;
    parts += (parts.empty() ? "" : fmt::format(", {}, ", delimiter->text)) + one->text;
  }
  out.text = fmt::format("concat('', {})", parts.empty() ? "''" : parts);
  return out;
}

/// Of characters counted from the start.
std::optional<SqlValue> substring(const Call& call) {
  const std::optional<SqlValue> text = call.text(0);
  const std::optional<Value> start = call.known(1);
  if (!text || !start || start->is_null()) return std::nullopt;
  const Value from = kql::convert(*start, Type::Long);
  // The engine counts from 1.
  if (from.is_null() || from.as_long() < 0 || from.as_long() == std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  std::string length;
  if (call.size() > 2) {
    const std::optional<Value> count = call.known(2);
    const Value whole = count ? kql::convert(*count, Type::Long) : Value();
    if (whole.is_null() || whole.as_long() < 0) return std::nullopt;
    length = fmt::format(", {}", whole.as_long());
  }
  return ScalarSql::made(Type::String, false, {&*text},
                         fmt::format("substringUTF8({}, {}{})", text->text, from.as_long() + 1, length));
}

std::optional<SqlValue> split(const Call& call) {
  const std::optional<SqlValue> text = call.text(0);
  const std::optional<Value> delimiter = call.known(1);
  if (!text || !delimiter || call.size() > 2 || kql::to_text(*delimiter).empty()) return std::nullopt;
  SqlValue out =
      ScalarSql::made(Type::Dynamic, false, {&*text},
                      fmt::format("splitByString({}, {})", sql_text(kql::to_text(*delimiter)), text->text));
  out.form = Form::Texts;
  return out;
}

std::optional<SqlValue> array_length(const Call& call) {
  const std::optional<SqlValue> value = call.sql(0);
  if (!value || value->type != Type::Dynamic) return std::nullopt;
  if (value->form == Form::Texts)
    return ScalarSql::made(Type::Long, false, {&*value}, fmt::format("toInt64(length({}))", value->text));
  const SqlValue json = plain(*value);
  return ScalarSql::made(
      Type::Long, true, {&json, &json},
      fmt::format("if(JSONType({0}) = 'Array', toInt64(JSONLength({0})), NULL)", call.scalars.once(json)));
}

std::optional<SqlValue> extract(const Call& call) {
  const std::optional<Value> pattern = call.known(0);
  const std::optional<Value> group = call.known(1);
  const std::optional<SqlValue> text = call.text(2);
  if (!pattern || !group || !text || call.size() > 3 || group->is_null()) return std::nullopt;
  if (!kql::is_plain_pattern(kql::to_text(*pattern))) return std::nullopt;
  const Result<kql::Pattern> compiled = kql::Pattern::compile(kql::to_text(*pattern));
  const std::int64_t number = kql::convert(*group, Type::Long).as_long();
  if (!compiled || number < 0 || number > static_cast<std::int64_t>(compiled->group_count()))
    return std::nullopt;
  return ScalarSql::made(
      Type::String, false, {&*text},
      fmt::format("regexpExtract({}, {}, {})", text->text, pattern_text(kql::to_text(*pattern)), number));
}

/// The largest multiple of a constant that is not above the value.
std::optional<SqlValue> bin(const Call& call) {
  std::optional<SqlValue> value = call.sql(0);
  const std::optional<Value> size = call.known(1);
  if (!value || !size || size->is_null() || value->type == Type::Dynamic) return std::nullopt;
  const SqlValue of = plain(std::move(*value));
  const bool time = of.type == Type::DateTime || of.type == Type::Timespan;
  const bool whole =
      (of.type == Type::Long || of.type == Type::Int) && (size->is(Type::Long) || size->is(Type::Int));
  if ((time && size->is(Type::Timespan)) || whole) {
    const std::int64_t step = size->as_long();
    if (step <= 0) return std::nullopt;
    const std::string name = call.scalars.once(of);
    if (of.type == Type::DateTime)
      return ScalarSql::made(Type::DateTime, of.nullable, {&of, &of},
                             fmt::format("({0} - positiveModulo({0}, {1}))", name, step));
    // Below the smallest number there is none.
    const std::string down = call.scalars.named(fmt::format(
        "({} - {})", name, floor_rest(call.scalars, name, constant(Value::of_long(step))->text, 1)));
    return ScalarSql::made(call.expression.type, true, {&of, &of, &of},
                           fmt::format("if({0} > {1}, NULL, {0})", down, name));
  }
  return std::nullopt;
}

std::optional<SqlValue> floor(const Call& call) {
  if (call.size() == 2) return bin(call);
  return std::nullopt;
}

std::optional<SqlValue> round(const Call& call) {
  std::optional<SqlValue> value = call.sql(0);
  if (!value) return std::nullopt;
  if (value->type == Type::Long || value->type == Type::Int) return call.size() == 1 ? value : std::nullopt;
  return std::nullopt;
}

std::optional<SqlValue> now(const Call& call) {
  const std::optional<Value> value = call.scalars.known(call.expression);
  return value ? constant(*value) : std::nullopt;
}

/// min_of and max_of: nulls are passed over.
std::optional<SqlValue> extreme(const Call& call, std::string_view function) {
  SqlValue out{.type = call.expression.type};
  std::string parts;
  for (std::size_t i = 0; i < call.size(); ++i) {
    const std::optional<SqlValue> one = call.scalars.of(call.at(i), out.type);
    // The engine puts NaN before or behind all numbers.
    if (!one || one->nullable || one->type == Type::Real) return std::nullopt;
    out.size += one->size;
    parts += (parts.empty() ? "" : ", ") + one->text;
  }
  out.text = fmt::format("{}({})", function, parts);
  return out;
}
std::optional<SqlValue> min_of(const Call& call) { return extreme(call, "least"); }
std::optional<SqlValue> max_of(const Call& call) { return extreme(call, "greatest"); }

/// Borders of units between two times.
std::optional<SqlValue> datetime_diff(const Call& call) {
  struct Unit {
    std::string_view name;
    std::int64_t ticks;
  };
  static constexpr Unit kUnits[] = {{"day", kTicksPerDay},
                                    {"hour", kTicksPerHour},
                                    {"minute", kTicksPerMinute},
                                    {"second", kTicksPerSecond},
                                    {"millisecond", kTicksPerSecond / 1000},
                                    {"microsecond", 10}};
  const std::optional<Value> unit = call.known(0);
  const std::optional<SqlValue> left = call.scalars.of(call.at(1), Type::DateTime);
  const std::optional<SqlValue> right = call.scalars.of(call.at(2), Type::DateTime);
  if (!unit || !left || !right) return std::nullopt;
  const std::string name = lower(kql::to_text(*unit));
  for (const Unit& one : kUnits)
    if (one.name == name)
      return ScalarSql::made(
          Type::Long, left->nullable || right->nullable, {&*left, &*right},
          fmt::format("(intDiv({0}, {2}) - intDiv({1}, {2}))", left->text, right->text, one.ticks));
  return std::nullopt;
}

template <std::string Civil::* part>
std::optional<SqlValue> date_part(const Call& call) {
  const std::optional<SqlValue> time = call.scalars.of(call.at(0), Type::DateTime);
  if (!time) return std::nullopt;
  return ScalarSql::made(call.expression.type, time->nullable, {&*time},
                         fmt::format("{}({})", call.expression.type == Type::Int ? "toInt32" : "toInt64",
                                     civil(call.scalars, call.scalars.once(*time)).*part));
}

/// The first day of the month is `day - 1` days back.
std::optional<SqlValue> start_of_month(const Call& call) {
  const std::optional<SqlValue> time = call.scalars.of(call.at(0), Type::DateTime);
  if (!time || call.size() > 1) return std::nullopt;
  const Civil date = civil(call.scalars, call.scalars.once(*time));
  return ScalarSql::made(Type::DateTime, time->nullable, {&*time},
                         fmt::format("({0} - positiveModulo({0}, 864000000000) - ({1} - 1) * 864000000000)",
                                     call.scalars.once(*time), date.day));
}

struct Row {
  std::string_view name;
  Handler make;
};
constexpr Row kRows[] = {{"ago", now},
                         {"array_length", array_length},
                         {"bin", bin},
                         {"case", choice},
                         {"coalesce", coalesce},
                         {"datetime_diff", datetime_diff},
                         {"dayofmonth", date_part<&Civil::day>},
                         {"extract", extract},
                         {"floor", floor},
                         {"getmonth", date_part<&Civil::month>},
                         {"getyear", date_part<&Civil::year>},
                         {"iff", choice},
                         {"isempty", isempty},
                         {"isnotempty", isnotempty},
                         {"isnotnull", isnotnull},
                         {"isnull", isnull},
                         {"max_of", max_of},
                         {"min_of", min_of},
                         {"monthofyear", date_part<&Civil::month>},
                         {"now", now},
                         {"parse_json", parse_json},
                         {"round", round},
                         {"split", split},
                         {"startofmonth", start_of_month},
                         {"strcat", strcat},
                         {"strcat_delim", strcat_delim},
                         {"substring", substring},
                         {"tobool", to_type<Type::Bool>},
                         {"todatetime", to_type<Type::DateTime>},
                         {"toguid", to_type<Type::Guid>},
                         {"toint", to_type<Type::Int>},
                         {"tolong", to_type<Type::Long>},
                         {"tolower", to_case<false>},
                         {"toreal", to_type<Type::Real>},
                         {"tostring", to_string},
                         {"totimespan", to_type<Type::Timespan>},
                         {"toupper", to_case<true>}};

}  // namespace

std::optional<SqlValue> function_call(ScalarSql& scalars, const Expression& call) {
  const std::string_view name =
      call.function->alias_of.empty() ? call.function->name : call.function->alias_of;
  for (const Row& row : kRows)
    if (row.name == name) return row.make({scalars, call});
  if (std::optional<SqlValue> out = shaped_call(scalars, name, call)) return out;
  if (std::optional<SqlValue> out = time_text_call(scalars, name, call)) return out;
  return network_call(scalars, name, call);
}

}  // namespace redoubt::query::sql

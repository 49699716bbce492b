#include <fmt/format.h>

#include "kql/json_text.h"
#include "query/sql/relation_sql.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::TokenKind;
using kql::Type;
using kql::Value;

// make-series with both ends of its axis: groups by bin, then an array of each series with what stands for
// the bins that have no group. Source: Kusto Query Language reference, "make-series operator".

namespace {

/// Values of an array.
constexpr std::int64_t kMostBins = 100'000;

bool is_whole(Type type) { return type == Type::Long || type == Type::Int; }

/// The bins, which begin at `from`.
struct Axis {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::int64_t step = 0;
  Type type = Type::Unknown;

  std::int64_t count() const { return (to - from + step - 1) / step; }
  Value at(std::int64_t ticks) const {
    return type == Type::DateTime ? Value::of_datetime(ticks) : Value::of_long(ticks);
  }
  /// Where they begin, as JSON.
  std::string json() const {
    std::string out = "[";
    for (std::int64_t bin = 0; bin < count(); ++bin)
      out += (bin == 0 ? "" : ",") + kql::to_json(at(from + bin * step));
    return out + "]";
  }
};

std::optional<Axis> axis_of(detail::Executor& executor, const kql::Relation& relation) {
  if (relation.kind == "range" || relation.arguments.size() < 4) return std::nullopt;
  for (std::size_t i = 0; i < 4; ++i)
    if (relation.arguments[i] == nullptr) return std::nullopt;
  Axis out;
  out.type = relation.arguments[0]->type;
  if (out.type != Type::DateTime && out.type != Type::Long) return std::nullopt;
  std::int64_t* const numbers[] = {&out.from, &out.to, &out.step};
  for (std::size_t i = 0; i < 3; ++i) {
    const Result<Value> value = executor.constant(*relation.arguments[i + 1]);
    const Type wanted = i == 2 && out.type == Type::DateTime ? Type::Timespan : out.type;
    if (!value || value->is_null() || !value->is(wanted)) return std::nullopt;
    *numbers[i] = value->as_long();
  }
  const bool near = out.from > -(std::int64_t{1} << 61) && out.to < (std::int64_t{1} << 62);
  if (!near || out.step <= 0 || out.to <= out.from || (out.to - out.from) / out.step >= kMostBins)
    return std::nullopt;
  return out;
}

/// What stands for missing values of each aggregate: whole numbers.
std::optional<std::vector<std::int64_t>> defaults_of(detail::Executor& executor,
                                                     const kql::Relation& relation) {
  std::vector<std::int64_t> out;
  const std::size_t made = relation.assignments.size() - relation.keys - 1;
  for (std::size_t i = 0; i < made; ++i) {
    if (relation.assignments[relation.keys + i].value->kind == kql::ExpressionKind::Columns)
      return std::nullopt;
    const Expression* const written = i + 4 < relation.arguments.size() ? relation.arguments[i + 4] : nullptr;
    Value value = Value::of_long(0);
    if (written != nullptr) {
      const Result<Value> given = executor.constant(*written);
      if (!given || given->is_null() || !is_whole(given->type())) return std::nullopt;
      value = *given;
    }
    out.push_back(value.as_long());
  }
  return out;
}

}  // namespace

std::optional<Select> RelationSql::make_series(const kql::Relation& relation) {
  if (relation.assignments.size() <= relation.keys || (relation.keys == 0 && !relation.options.empty()))
    return std::nullopt;
  const std::optional<Axis> axis = axis_of(executor_, relation);
  const auto defaults = axis ? defaults_of(executor_, relation) : std::nullopt;
  std::optional<Select> input = defaults ? open_input(relation) : std::nullopt;
  if (!input) return std::nullopt;
  std::optional<SqlValue> place = scalars(*input).of(*relation.arguments[0]);
  if (!place) return std::nullopt;
  ScalarSql scalar = scalars(*input);
  const auto from = binary(scalar, TokenKind::GreaterEqual, *place, *constant(axis->at(axis->from)), true);
  const auto to = binary(scalar, TokenKind::Less, *place, *constant(axis->at(axis->to)), true);
  if (!from || !to) return std::nullopt;
  input->where.insert(input->where.end(), {from->text, to->text});
  SqlValue bin{.text = fmt::format("toUInt32(assumeNotNull(intDiv({} - toInt64('{}'), {})))",
                                   plain(*place).text, axis->from, axis->step),
               .type = Type::Long};
  bin.text = named(*input, bin.text);
  const kql::Column* const bin_column = executor_.new_column("bin", Type::Long);
  std::string keys;
  const auto made =
      groups(*input, relation, relation.assignments.first(relation.assignments.size() - 1), keys);
  if (!made) return std::nullopt;
  std::vector<const kql::Column*> columns{bin_column};
  for (const auto& [column, value] : *made) {
    const bool is_key = columns.size() <= relation.keys;
    if (!is_key && (value.nullable || !is_whole(value.type))) return std::nullopt;
    input->columns[column] = value;
    columns.push_back(column);
  }
  input->columns[bin_column] = bin;
  input->order.clear();
  input->tail = fmt::format("GROUP BY {}{}{}", keys, keys.empty() ? "" : ", ", bin.text);
  std::optional<Select> out = closed(*input, columns);
  if (!out) return std::nullopt;
  return series_of(*out, relation, axis->json(), axis->count(), *defaults, bin_column);
}

/// An array of the groups of each series.
std::optional<Select> RelationSql::series_of(Select groups, const kql::Relation& relation,
                                             const std::string& axis, std::int64_t bins,
                                             const std::vector<std::int64_t>& defaults,
                                             const kql::Column* bin) {
  std::string keys;
  for (const kql::Assignment& key : relation.assignments.first(relation.keys)) {
    const std::optional<SqlValue> value = value_of(groups, key.column);
    if (!value) return std::nullopt;
    if (!value->constant) keys += (keys.empty() ? "" : ", ") + value->text;
  }
  if (keys.empty() && relation.keys > 0) return std::nullopt;
  const std::string place = value_of(groups, bin)->text;
  for (std::size_t i = 0; i < defaults.size(); ++i) {
    const kql::Column* const column = relation.assignments[relation.keys + i].column;
    const std::optional<SqlValue> value = value_of(groups, column);
    groups.columns[column] = {
        .text = fmt::format("toJSONString(groupArrayInsertAt(toInt64('{}'), {})(toInt64({}), {}))",
                            defaults[i], bins, value->text, place),
        .type = Type::Dynamic};
  }
  groups.columns[relation.assignments.back().column] = {.text = sql_text(axis), .type = Type::Dynamic};
  // Without rows there is no series.
  groups.tail = keys.empty() ? "HAVING count() > 0" : fmt::format("GROUP BY {}", keys);
  groups.order.clear();
  return closed(groups, relation.columns);
}

}  // namespace redoubt::query::sql

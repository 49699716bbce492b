#include "query/sql/scalar_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "kql/json_text.h"
#include "kql/plan_walk.h"
#include "query/detail/program.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::ExpressionKind;
using kql::TokenKind;
using kql::Type;
using kql::Value;

namespace {

/// Deeper expressions are worked out in memory.
constexpr int kMaxDepth = 200;

}  // namespace

SqlValue ScalarSql::made(Type type, bool nullable, std::initializer_list<const SqlValue*> parts,
                         std::string text) {
  SqlValue out{.text = std::move(text), .type = type, .nullable = nullable};
  for (const SqlValue* part : parts)
    out.size += part->size;
  return out;
}

std::optional<SqlValue> ScalarSql::converted(SqlValue value, Type type) {
  if (value.type == type) return plain(std::move(value));
  if (value.constant) return constant(kql::convert(*value.constant, type));
  if (value.type == Type::Dynamic) {
    if (type == Type::String) return text_of_json(*this, value);
    return scalar_of_json(*this, value, type);
  }
  if (value.type == Type::DateTime && type == Type::String) return text_of_time(*this, value);
  value = plain(std::move(value));
  const auto as = [&](std::string text, bool nullable) {
    return made(type, nullable, {&value}, std::move(text));
  };
  const bool whole = value.type == Type::Int || value.type == Type::Long;
  if (value.type == Type::String) return value_of_text(*this, value, type);
  if (value.type == Type::Timespan && type == Type::String) return text_of_span(*this, value);
  switch (type) {
    case Type::String:
      if (whole || value.type == Type::Guid)
        return as(value.nullable ? fmt::format("ifNull(toString({}), '')", value.text)
                                 : fmt::format("toString({})", value.text),
                  false);
      if (value.type == Type::Bool)
        return as(fmt::format("multiIf({0} = 1, 'true', {0} = 0, 'false', '')", once(value)), false);
      if (value.type == Type::Real) return as(text_of_real(*this, value), false);
      return std::nullopt;
    case Type::Long:
      if (whole || value.type == Type::Bool || value.type == Type::DateTime || value.type == Type::Timespan)
        return as(fmt::format("toInt64({})", value.text), value.nullable);
      if (value.type == Type::Real)
        return as(fmt::format("accurateCastOrNull(trunc({}), 'Int64')", value.text), true);
      return std::nullopt;
    case Type::Int:
      if (whole) return as(fmt::format("accurateCastOrNull({}, 'Int32')", value.text), true);
      if (value.type == Type::Bool) return as(fmt::format("toInt32({})", value.text), value.nullable);
      if (value.type == Type::Real)
        return as(fmt::format("accurateCastOrNull(trunc({}), 'Int32')", value.text), true);
      return std::nullopt;
    case Type::Real:
      if (whole || value.type == Type::Bool || value.type == Type::Timespan)
        return as(fmt::format("toFloat64({})", value.text), value.nullable);
      return std::nullopt;
    case Type::Bool:
      if (whole) return as(fmt::format("({} != 0)", value.text), value.nullable);
      return std::nullopt;
    case Type::Timespan:
      if (whole) return as(fmt::format("toInt64({})", value.text), value.nullable);
      return std::nullopt;
    case Type::Dynamic:
      if (whole) return as(fmt::format("ifNull(toString({}), '')", value.text), false);
      if (value.type == Type::Bool)
        return as(fmt::format("multiIf({0} = 1, 'true', {0} = 0, 'false', '')", once(value)), false);
      if (value.type == Type::Guid) return as(fmt::format("ifNull(toJSONString({}), '')", value.text), false);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<SqlValue> ScalarSql::of(const Expression& value, Type type) {
  std::optional<SqlValue> out = of(value);
  return out ? converted(std::move(*out), type) : std::nullopt;
}

std::optional<SqlValue> ScalarSql::condition(const Expression& value) {
  const Expression& inside = kql::behind_names(value);
  if (inside.kind != ExpressionKind::Operator) return of(inside, Type::Bool);
  if (is_hopeless(inside, true)) return std::nullopt;
  ++depth_;
  std::optional<SqlValue> out = operation(inside, true);
  --depth_;
  if (out) out = converted(std::move(*out), Type::Bool);
  return noted(inside, true, std::move(out));
}

bool ScalarSql::is_hopeless(const Expression& value, bool truth_only) const {
  return depth_ > kMaxDepth || unsayable_.contains({&value, truth_only});
}

std::optional<SqlValue> ScalarSql::noted(const Expression& value, bool truth_only,
                                         std::optional<SqlValue> out) {
  if (out && out->size > kMaxSize) out.reset();
  if (!out) unsayable_.emplace(&value, truth_only);
  return out;
}

namespace {

/// Whether it has one value for all rows. What hangs on chance is another one in each.
bool is_one_value(const Expression& value) {
  if (value.kind == ExpressionKind::Literal) return true;
  bool out = value.constant;
  if (out)
    kql::each_expression(value, [&](const Expression& one) {
      out = out && (one.function == nullptr || !kql::gives_by_chance(one.function->name));
    });
  return out;
}

}  // namespace

std::optional<Value> ScalarSql::known(const Expression& value) {
  if (!is_one_value(value)) return std::nullopt;
  Result<Value> out = executor_.constant(value);
  return out ? std::optional(std::move(*out)) : std::nullopt;
}

std::optional<SqlValue> ScalarSql::of(const Expression& value) { return of_plain(kql::behind_names(value)); }

std::optional<SqlValue> ScalarSql::of_plain(const Expression& value) {
  if (value.kind == ExpressionKind::Literal && value.type == Type::Bool && value.syntax != nullptr &&
      value.syntax->kind == kql::NodeKind::String)
    return std::nullopt;  // of search
  if (is_one_value(value)) {
    const std::optional<Value> out = known(value);
    return out ? constant(value.type == Type::Unknown ? *out : kql::convert(*out, value.type)) : std::nullopt;
  }
  if (is_hopeless(value, false)) return std::nullopt;
  ++depth_;
  std::optional<SqlValue> out = of_kind(value);
  --depth_;
  return noted(value, false, std::move(out));
}

std::optional<SqlValue> ScalarSql::of_kind(const Expression& value) {
  switch (value.kind) {
    case ExpressionKind::Column:
      return columns_(*value.column);
    case ExpressionKind::Call:
      return call(value);
    case ExpressionKind::Operator:
      return operation(value, false);
    case ExpressionKind::Member:
      return member(value);
    default:
      return std::nullopt;
  }
}

std::optional<SqlValue> ScalarSql::call(const Expression& value) {
  if (value.function == nullptr) return std::nullopt;
  if (value.function->kind == kql::FunctionKind::Aggregate)
    return aggregates_ ? aggregates_(value) : std::nullopt;
  if (windows_)
    if (std::optional<SqlValue> out = windows_(value)) return out;
  return function_call(*this, value);
}

std::optional<SqlValue> ScalarSql::operation(const Expression& value, bool truth_only) {
  const std::size_t count = value.operands.size();
  for (const Expression* operand : value.operands)
    if (operand->kind == ExpressionKind::Star) return std::nullopt;
  if (value.op == TokenKind::ToScalarKeyword) {
    const Result<Value> out = executor_.constant(value);
    return out ? constant(*out) : std::nullopt;
  }
  if (count == 1) {
    std::optional<SqlValue> operand = of(*value.operands[0]);
    if (!operand || operand->type == Type::Dynamic || value.op != TokenKind::Minus) return std::nullopt;
    const SqlValue inner = plain(std::move(*operand));
    if (inner.type != Type::Timespan)
      return made(value.type, inner.nullable, {&inner}, fmt::format("(-{})", inner.text));
    return made(value.type, true, {&inner, &inner},
                fmt::format("if({0} = toInt64('-9223372036854775808'), NULL, -{0})", once(inner)));
  }
  const bool list = count != 2 || value.op == TokenKind::InKeyword || value.op == TokenKind::NotInKeyword ||
                    value.op == TokenKind::InCsKeyword || value.op == TokenKind::NotInCsKeyword ||
                    value.op == TokenKind::HasAnyKeyword || value.op == TokenKind::HasAllKeyword;
  if (list) return list_operation(value);
  if (value.op == TokenKind::AndKeyword || value.op == TokenKind::OrKeyword)
    return logical(value, truth_only);
  std::optional<SqlValue> left = of(*value.operands[0]);
  std::optional<SqlValue> right = left ? of(*value.operands[1]) : std::nullopt;
  if (!left || !right) return std::nullopt;
  return binary(*this, value.op, std::move(*left), std::move(*right), truth_only);
}

namespace {

/// An element may be an empty text; one that is not there is null.
SqlValue element_of_texts(const SqlValue& texts, std::int64_t index) {
  const std::string element = fmt::format("arrayElement({}, {})", texts.text, index < 0 ? index : index + 1);
  const std::string there =
      fmt::format("length({}) {} {}", texts.text, index < 0 ? ">=" : ">", index < 0 ? -index : index);
  SqlValue out = ScalarSql::made(Type::Dynamic, false, {&texts, &texts},
                                 fmt::format("if({}, {}, '')", there, json_of(element)));
  out.ways.as_text = element;
  return out;
}

}  // namespace

/// A path from the outermost selector down to what it is of, in one call.
std::optional<SqlValue> ScalarSql::member(const Expression& value) {
  std::vector<PathStep> path;
  const Expression* at = &value;
  for (; at->kind == ExpressionKind::Member; at = &kql::behind_names(*at->operands[0])) {
    if (at->operands.size() == 1) {
      path.push_back({std::string(at->name), 0});
      continue;
    }
    const std::optional<Value> index = known(*at->operands[1]);
    if (!index || index->is_null()) return std::nullopt;
    const Value plain_index = index->is(Type::Dynamic) ? kql::unwrap(*index) : *index;
    if (plain_index.is(Type::String))
      path.push_back({plain_index.as_string(), 0});
    else if (plain_index.is(Type::Long) || plain_index.is(Type::Int))
      path.push_back({std::nullopt, plain_index.as_long()});
    else
      return std::nullopt;
  }
  std::reverse(path.begin(), path.end());
  const std::optional<SqlValue> base = of(*at);
  if (!base || base->type != Type::Dynamic) return std::nullopt;
  if (base->form == Form::Texts && path.size() == 1 && !path[0].name) {
    return element_of_texts(*base, path[0].index);
  }
  return part_of_json(*this, *base, path);
}

}  // namespace redoubt::query::sql

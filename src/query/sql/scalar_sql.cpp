#include "query/sql/scalar_sql.h"

#include <fmt/format.h>

#include <algorithm>

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
/// Longer lists are, too.
constexpr std::size_t kMaxListed = 50'000;

const Expression& behind_names(const Expression& value) {
  const Expression* out = &value;
  while ((out->kind == ExpressionKind::Variable ||
          (out->kind == ExpressionKind::Call && out->user != nullptr)) &&
         out->value != nullptr)
    out = out->value;
  return *out;
}

}  // namespace

SqlValue ScalarSql::made(Type type, bool nullable, std::initializer_list<const SqlValue*> parts,
                         std::string text) {
  SqlValue out{.text = std::move(text), .type = type, .nullable = nullable};
  for (const SqlValue* part : parts)
    out.size += part->size;
  return out;
}

namespace {

/// What a text stands for, as tolong() and its like read it.
std::optional<SqlValue> of_text(ScalarSql& scalars, const SqlValue& value, Type type) {
  const auto as = [&](std::string text, bool nullable) {
    return ScalarSql::made(type, nullable, {&value, &value}, std::move(text));
  };
  const std::string text = scalars.once(value);
  const std::string trimmed = fmt::format("trimBoth({})", text);
  const std::string whole = fmt::format(
      R"(if(match({0}, '^\\s*0[xX][0-9a-fA-F]{{1,16}}\\s*$'), reinterpretAsInt64(reverse(unhex(substring({1}, 3)))), toInt64OrNull({1})))",
      text, trimmed);
  switch (type) {
    case Type::Long:
      return as(whole, true);
    case Type::Int:
      return as(fmt::format("accurateCastOrNull({}, 'Int32')", whole), true);
    case Type::Real:
      return as(fmt::format("toFloat64OrNull({})", trimmed), true);
    case Type::Bool:
      return as(
          fmt::format("multiIf(lower({0}) = 'true', 1, lower({0}) = 'false', 0, toInt64OrNull({0}) != 0)",
                      trimmed),
          true);
    case Type::Dynamic:
      return as(fmt::format("toJSONString({})", value.text), false);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<SqlValue> ScalarSql::converted(SqlValue value, Type type) {
  if (value.type == type) return plain(std::move(value));
  if (value.constant) return constant(kql::convert(*value.constant, type));
  if (value.type == Type::Dynamic) {
    if (type == Type::String) return text_of_json(*this, value);
    if (type == Type::Long || type == Type::Int || type == Type::Real)
      return number_of_json(*this, value, type);
    if (type == Type::Bool) return bool_of_json(*this, value);
    return std::nullopt;
  }
  value = plain(std::move(value));
  const auto as = [&](std::string text, bool nullable) {
    return made(type, nullable, {&value}, std::move(text));
  };
  const bool whole = value.type == Type::Int || value.type == Type::Long;
  if (value.type == Type::String) return of_text(*this, value, type);
  switch (type) {
    case Type::String:
      if (whole || value.type == Type::Guid)
        return as(value.nullable ? fmt::format("ifNull(toString({}), '')", value.text)
                                 : fmt::format("toString({})", value.text),
                  false);
      if (value.type == Type::Bool)
        return as(fmt::format("multiIf({0} = 1, 'true', {0} = 0, 'false', '')", once(value)), false);
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
  const Expression& inside = behind_names(value);
  std::optional<SqlValue> out;
  if (inside.kind == ExpressionKind::Operator)
    out = operation(inside, true);
  else
    out = of(inside);
  return out ? converted(std::move(*out), Type::Bool) : std::nullopt;
}

namespace {

/// Whether it has one value for all rows. What hangs on chance is another one in each.
bool is_one_value(const Expression& value) {
  if (value.kind == ExpressionKind::Literal) return true;
  bool out = value.constant;
  if (out)
    kql::each_expression(value, [&](const Expression& one) {
      out = out && (one.function == nullptr || !detail::is_chance(one.function->name));
    });
  return out;
}

}  // namespace

std::optional<Value> ScalarSql::known(const Expression& value) {
  if (!is_one_value(value)) return std::nullopt;
  Result<Value> out = executor_.constant(value);
  return out ? std::optional(std::move(*out)) : std::nullopt;
}

std::optional<SqlValue> ScalarSql::of(const Expression& value) { return of_plain(behind_names(value)); }

std::optional<SqlValue> ScalarSql::of_plain(const Expression& value) {
  if (value.kind == ExpressionKind::Literal && value.type == Type::Bool && value.syntax != nullptr &&
      value.syntax->kind == kql::NodeKind::String)
    return std::nullopt;  // of search
  if (is_one_value(value)) {
    const std::optional<Value> out = known(value);
    return out ? constant(value.type == Type::Unknown ? *out : kql::convert(*out, value.type)) : std::nullopt;
  }
  if (depth_ > kMaxDepth) return std::nullopt;
  ++depth_;
  std::optional<SqlValue> out;
  switch (value.kind) {
    case ExpressionKind::Column:
      out = columns_(*value.column);
      break;
    case ExpressionKind::Call:
      out = call(value);
      break;
    case ExpressionKind::Operator:
      out = operation(value, false);
      break;
    case ExpressionKind::Member:
      out = member(value);
      break;
    default:
      break;
  }
  --depth_;
  return out;
}

std::optional<SqlValue> ScalarSql::call(const Expression& value) {
  if (value.function == nullptr) return std::nullopt;
  if (value.function->kind == kql::FunctionKind::Aggregate)
    return aggregates_ ? aggregates_(value) : std::nullopt;
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
    return made(value.type, inner.nullable, {&inner}, fmt::format("(-{})", inner.text));
  }
  const bool list = count != 2 || value.op == TokenKind::InKeyword || value.op == TokenKind::NotInKeyword ||
                    value.op == TokenKind::InCsKeyword || value.op == TokenKind::NotInCsKeyword ||
                    value.op == TokenKind::HasAnyKeyword || value.op == TokenKind::HasAllKeyword;
  if (list) return list_operation(value);
  const bool logical = value.op == TokenKind::AndKeyword || value.op == TokenKind::OrKeyword;
  std::optional<SqlValue> left;
  std::optional<SqlValue> right;
  if (logical && truth_only) {
    left = condition(*value.operands[0]);
    right = condition(*value.operands[1]);
  } else if (logical) {
    left = of(*value.operands[0], Type::Bool);
    right = of(*value.operands[1], Type::Bool);
  } else {
    left = of(*value.operands[0]);
    right = left ? of(*value.operands[1]) : std::nullopt;
  }
  if (!left || !right) return std::nullopt;
  return binary(*this, value.op, std::move(*left), std::move(*right), truth_only);
}

/// Constants from an operand on; arrays and tables one by one.
std::optional<std::vector<Value>> ScalarSql::listed(const Expression& value, std::size_t from) {
  std::vector<Value> out;
  for (std::size_t i = from; i < value.operands.size(); ++i) {
    const Expression& operand = *value.operands[i];
    if (operand.is_table()) {
      const Result<Table> rows = executor_.rows(*operand.relation());
      if (!rows || rows->columns().empty()) return std::nullopt;
      const Cells& cells = *rows->columns().front().cells;
      out.insert(out.end(), cells.begin(), cells.end());
      continue;
    }
    const std::optional<Value> one = known(behind_names(operand));
    if (!one) return std::nullopt;
    if (one->is(Type::Dynamic) && !one->is_null() && kql::json_kind(one->json()) == kql::JsonKind::Array)
      for (const std::string_view element : kql::json_elements(one->json()))
        out.push_back(kql::unwrap(Value::of_dynamic(std::string(element))));
    else
      out.push_back(one->is(Type::Dynamic) ? kql::unwrap(*one) : *one);
  }
  if (out.size() > kMaxListed) return std::nullopt;
  return out;
}

namespace {

std::optional<SqlValue> one_of(ScalarSql& scalars, SqlValue left, const std::vector<Value>& list,
                               bool any_case, bool negated) {
  const bool texts = any_case || left.type == Type::String || left.type == Type::Dynamic;
  std::optional<SqlValue> sought =
      texts ? scalars.converted(std::move(left), Type::String) : std::optional(plain(std::move(left)));
  if (!sought) return std::nullopt;
  std::string items;
  bool ascii = true;
  for (const Value& value : list) {
    if (value.is_null()) continue;
    if (texts && !any_case && !value.is(Type::String)) return std::nullopt;
    const Value as = any_case ? Value::of_string(unicode_lower(kql::to_text(value)))
                     : texts  ? value
                              : kql::convert(value, sought->type);
    if (as.is_null()) return std::nullopt;
    ascii = ascii && (!any_case || is_ascii(as.as_string()));
    items += (items.empty() ? "" : ", ") + constant(as)->text;
  }
  if (items.empty()) return constant(Value::of_bool(negated));
  const std::string text =
      any_case ? fmt::format("{}({})", ascii ? "lower" : "lowerUTF8", sought->text) : sought->text;
  std::string test = fmt::format("{} {} ({})", text, negated ? "NOT IN" : "IN", items);
  if (sought->nullable) test = fmt::format("ifNull({}, {})", test, negated ? 1 : 0);
  return ScalarSql::made(Type::Bool, false, {&*sought}, fmt::format("({})", test));
}

}  // namespace

std::optional<SqlValue> ScalarSql::list_operation(const Expression& value) {
  std::optional<SqlValue> left = of(*value.operands[0]);
  if (!left) return std::nullopt;
  if (value.op == TokenKind::BetweenKeyword || value.op == TokenKind::NotBetweenKeyword) {
    if (value.operands.size() != 3) return std::nullopt;
    std::optional<SqlValue> from = of(*value.operands[1]);
    std::optional<SqlValue> to = of(*value.operands[2]);
    if (!from || !to) return std::nullopt;
    if (from->type == Type::DateTime && to->type == Type::Timespan) {
      if (from->constant && to->constant)
        to = constant(kql::apply(TokenKind::Plus, *from->constant, *to->constant));
      else
        to = binary(*this, TokenKind::Plus, *from, std::move(*to), false);
    }
    if (!to) return std::nullopt;
    const std::optional<SqlValue> low =
        binary(*this, TokenKind::GreaterEqual, *left, std::move(*from), false);
    const std::optional<SqlValue> high = binary(*this, TokenKind::LessEqual, *left, std::move(*to), false);
    if (!low || !high) return std::nullopt;
    const bool negated = value.op == TokenKind::NotBetweenKeyword;
    return made(Type::Bool, low->nullable || high->nullable, {&*low, &*high},
                fmt::format("{}({} AND {})", negated ? "NOT " : "", low->text, high->text));
  }
  const std::optional<std::vector<Value>> list = listed(value, 1);
  if (!list) return std::nullopt;
  switch (value.op) {
    case TokenKind::InKeyword:
    case TokenKind::NotInKeyword:
      return one_of(*this, std::move(*left), *list, false, value.op == TokenKind::NotInKeyword);
    case TokenKind::InCsKeyword:
    case TokenKind::NotInCsKeyword:
      return one_of(*this, std::move(*left), *list, true, value.op == TokenKind::NotInCsKeyword);
    case TokenKind::HasAnyKeyword:
    case TokenKind::HasAllKeyword: {
      const std::optional<SqlValue> text = converted(std::move(*left), Type::String);
      if (!text) return std::nullopt;
      const bool all = value.op == TokenKind::HasAllKeyword;
      std::string tests;
      for (const Value& one : *list) {
        const std::optional<SqlValue> test =
            text_test(*this, TokenKind::HasKeyword, *text, kql::to_text(one));
        if (!test) return std::nullopt;
        tests += (tests.empty() ? "" : all ? " AND " : " OR ") + test->text;
      }
      if (tests.empty()) return constant(Value::of_bool(all));
      SqlValue out = made(Type::Bool, false, {&*text}, fmt::format("({})", tests));
      out.size += static_cast<std::uint32_t>(list->size());
      return out;
    }
    default:
      return std::nullopt;
  }
}

/// A path from the outermost selector down to what it is of, in one call.
std::optional<SqlValue> ScalarSql::member(const Expression& value) {
  std::vector<std::string> path;
  std::vector<std::int64_t> indexes;
  const Expression* at = &value;
  for (; at->kind == ExpressionKind::Member; at = &behind_names(*at->operands[0])) {
    if (at->operands.size() == 1) {
      path.push_back(sql_text(at->name));
      continue;
    }
    const std::optional<Value> index = known(*at->operands[1]);
    if (!index || index->is_null()) return std::nullopt;
    const Value plain_index = index->is(Type::Dynamic) ? kql::unwrap(*index) : *index;
    if (plain_index.is(Type::String)) {
      path.push_back(sql_text(plain_index.as_string()));
    } else if (plain_index.is(Type::Long) || plain_index.is(Type::Int)) {
      const std::int64_t number = plain_index.as_long();
      indexes.push_back(number);
      path.push_back(std::to_string(number < 0 ? number : number + 1));
    } else {
      return std::nullopt;
    }
  }
  const std::optional<SqlValue> base = of(*at);
  if (!base || base->type != Type::Dynamic) return std::nullopt;
  if (base->form == Form::Texts && path.size() == 1 && indexes.size() == 1) {
    SqlValue out =
        made(Type::Dynamic, false, {&*base}, fmt::format("arrayElement({}, {})", base->text, path[0]));
    out.form = Form::Text;
    return out;
  }
  const SqlValue json = plain(*base);
  std::string steps;
  for (auto step = path.rbegin(); step != path.rend(); ++step)
    steps += ", " + *step;
  return made(Type::Dynamic, false, {&json}, fmt::format("JSONExtractRaw({}{})", json.text, steps));
}

}  // namespace redoubt::query::sql

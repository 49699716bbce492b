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
/// Longer lists are, too.
constexpr std::size_t kMaxListed = 50'000;

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

/// What is said in `a or b or c`, or with `and`: each once.
std::vector<const Expression*> parts_of(const Expression& chain) {
  std::vector<const Expression*> out;
  std::vector<const Expression*> stack{&chain};
  std::set<const Expression*> seen;
  while (!stack.empty()) {
    const Expression& one = kql::behind_names(*stack.back());
    stack.pop_back();
    if (!seen.insert(&one).second) continue;
    if (one.kind != ExpressionKind::Operator || one.op != chain.op || one.operands.size() != 2) {
      out.push_back(&one);
      continue;
    }
    stack.push_back(one.operands[1]);
    stack.push_back(one.operands[0]);
  }
  return out;
}

/// Tests of so many texts for one thing, as search makes them, become one.
constexpr std::size_t kManyTests = 4;

bool asks_the_same(const Expression& one, const Expression& other) {
  return one.kind == ExpressionKind::Operator && other.kind == ExpressionKind::Operator &&
         one.op == other.op && one.operands.size() == 2 && other.operands.size() == 2 &&
         one.operands[1] == other.operands[1] && is_text_operator(one.op);
}

}  // namespace

/// Tests that ask the same of different values. Nothing: one by one is better.
std::optional<SqlValue> ScalarSql::sought_in_many(std::span<const Expression* const> tests) {
  if (tests.size() < kManyTests) return std::nullopt;
  const std::optional<Value> right = known(*tests.front()->operands[1]);
  if (!right) return std::nullopt;
  std::vector<SqlValue> values;
  for (const Expression* test : tests) {
    std::optional<SqlValue> value = of(*test->operands[0]);
    if (!value) return std::nullopt;
    values.push_back(*std::move(value));
  }
  return any_text_test(*this, tests.front()->op, values, kql::to_text(*right));
}

/// `(a AND b AND c)`: an engine counts brackets in each other. What is said twice in it is said once.
std::optional<SqlValue> ScalarSql::logical(const Expression& chain, bool truth_only) {
  const bool either = chain.op == TokenKind::OrKeyword;
  const std::vector<const Expression*> parts = parts_of(chain);
  SqlValue out{.type = Type::Bool, .size = 0};
  for (std::size_t i = 0; i < parts.size();) {
    std::size_t end = i + 1;
    while (either && end < parts.size() && asks_the_same(*parts[i], *parts[end]))
      ++end;
    std::optional<SqlValue> part = sought_in_many(std::span(parts).subspan(i, end - i));
    if (!part) {
      part = truth_only ? condition(*parts[i]) : of(*parts[i], Type::Bool);
      end = i + 1;
    }
    i = end;
    if (!part || out.size + part->size > kMaxSize) return std::nullopt;
    const std::string_view sign = either ? " OR " : " AND ";
    out.text += fmt::format("{}{}", out.text.empty() ? std::string_view() : sign, part->text);
    out.size += part->size;
    out.nullable = out.nullable || part->nullable;
  }
  out.text = fmt::format("({})", out.text);
  return out;
}

/// Constants from an operand on; arrays and tables one by one.
std::optional<std::vector<Value>> ScalarSql::listed(const Expression& value, std::size_t from) {
  std::vector<Value> out;
  const auto add = [&out](const Value& one) {
    if (one.is(Type::Dynamic) && !one.is_null() && kql::json_kind(one.json()) == kql::JsonKind::Array)
      for (const std::string_view element : kql::json_elements(one.json()))
        out.push_back(kql::unwrap(Value::of_dynamic(std::string(element))));
    else
      out.push_back(one.is(Type::Dynamic) ? kql::unwrap(one) : one);
  };
  for (std::size_t i = from; i < value.operands.size(); ++i) {
    const Expression& operand = *value.operands[i];
    if (operand.is_table()) {
      const Result<Table> rows = executor_.rows(*operand.relation());
      if (!rows || rows->columns().empty()) return std::nullopt;
      for (const Value& one : *rows->columns().front().cells)
        add(one);
      continue;
    }
    const std::optional<Value> one = known(kql::behind_names(operand));
    if (!one) return std::nullopt;
    add(*one);
  }
  if (out.size() > kMaxListed) return std::nullopt;
  return out;
}

namespace {

/// What a listed value is for a left side of a type; `fits` is false where that can't be said. Nothing: it
/// is equal to none.
std::optional<Value> listed_as(const Value& value, Type type, bool& fits) {
  const bool whole = type == Type::Int || type == Type::Long;
  if (whole && value.is(Type::Real)) {
    const double real = value.as_real();
    fits = !(std::fabs(real) >= 0x1p53);
    if (!fits || std::trunc(real) != real) return std::nullopt;
    return Value::of_long(static_cast<std::int64_t>(real));
  }
  Value as = whole ? kql::convert(value, Type::Long) : kql::convert(value, type);
  const bool numbers =
      (whole || type == Type::Real) && (value.is(Type::Int) || value.is(Type::Long) || value.is(Type::Real));
  fits = !as.is_null() && (value.type() == type || numbers || value.is(Type::String));
  if (as.is(Type::Real) && !as.is_null() && std::isnan(as.as_real())) return std::nullopt;
  return as;
}

/// What a value is compared with: items behind IN, and a pattern where case does not count beyond ASCII.
struct ListItems {
  std::string items;
  std::string pattern;

  void add(std::string_view item) { items.append(items.empty() ? "" : ", ").append(item); }
};

ListItems any_case_items(const std::vector<Value>& list) {
  ListItems out;
  for (const Value& value : list) {
    const std::string text = kql::to_text(value);
    if (value.is_null()) continue;
    if (is_ascii(text))
      out.add(sql_text(lower(text)));
    else
      out.pattern += (out.pattern.empty() ? "" : "|") + any_case_pattern(text);
  }
  return out;
}

/// Nothing: they can't be said.
std::optional<ListItems> items_of(const std::vector<Value>& list, Type type) {
  ListItems out;
  for (const Value& value : list) {
    if (value.is_null()) continue;
    if (type == Type::String && !value.is(Type::String)) return std::nullopt;
    bool fits = true;
    const std::optional<Value> as = listed_as(value, type, fits);
    if (!fits) return std::nullopt;
    if (!as) continue;
    out.add(constant(*as)->text);
    // The engine looks reals up by their bits.
    if (as->is(Type::Real) && as->as_real() == 0) out.add("toFloat64(0), -toFloat64(0)");
  }
  return out;
}

std::string list_test(const std::string& value, const ListItems& list, bool any_case) {
  std::string out;
  if (!list.items.empty())
    out = fmt::format("{} IN ({})", any_case ? fmt::format("lower({})", value) : value, list.items);
  if (!list.pattern.empty())
    out += fmt::format("{}match({}, {})", out.empty() ? "" : " OR ", value,
                       sql_text(fmt::format("^(?:{})$", list.pattern)));
  return out;
}

/// Whether a text may be equal to a number or bool.
bool reads_as_scalar(const Value& value) {
  return !kql::convert(value, Type::Real).is_null() || !kql::convert(value, Type::Bool).is_null();
}

std::optional<SqlValue> one_of(ScalarSql& scalars, SqlValue left, const std::vector<Value>& list,
                               bool any_case, bool negated) {
  const bool json = left.type == Type::Dynamic && !any_case;
  const bool texts = any_case || left.type == Type::String || json;
  if (json && std::any_of(list.begin(), list.end(), reads_as_scalar)) return std::nullopt;
  if (json) left = plain(std::move(left));
  std::optional<SqlValue> sought = json ? left
                                        : (texts ? scalars.converted(std::move(left), Type::String)
                                                 : std::optional(plain(std::move(left))));
  if (!sought) return std::nullopt;
  const std::optional<ListItems> items =
      any_case ? any_case_items(list) : items_of(list, texts ? Type::String : sought->type);
  if (!items) return std::nullopt;
  const std::string name = scalars.once(*sought);
  std::string test = list_test(json ? fmt::format("JSONExtractString({})", name) : name, *items, any_case);
  if (test.empty()) return constant(Value::of_bool(negated));
  if (json) test = fmt::format("startsWith({}, '\"') AND {}", name, test);
  if (sought->nullable) test = fmt::format("ifNull({}, 0)", test);
  return ScalarSql::made(Type::Bool, false, {&*sought}, fmt::format("({}({}))", negated ? "NOT " : "", test));
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
      if (list->empty()) return constant(Value::of_bool(all));
      std::vector<std::string> parts;
      parts.reserve(list->size());
      for (const Value& one : *list)
        parts.push_back(kql::to_text(one));
      return has_list(*this, *text, parts, all);
    }
    default:
      return std::nullopt;
  }
}

namespace {

/// An element may be an empty text; one that is not there is null.
SqlValue element_of_texts(const SqlValue& texts, std::int64_t index) {
  const std::string element = fmt::format("arrayElement({}, {})", texts.text, index < 0 ? index : index + 1);
  const std::string there =
      fmt::format("length({}) {} {}", texts.text, index < 0 ? ">=" : ">", index < 0 ? -index : index);
  SqlValue out = ScalarSql::made(Type::Dynamic, false, {&texts, &texts},
                                 fmt::format("if({}, toJSONString({}), '')", there, element));
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

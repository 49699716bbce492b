// Operators with a list on their right side: `in`, `between`, `has_any` ...

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "kql/json_text.h"
#include "kql/plan_walk.h"
#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::TokenKind;
using kql::Type;
using kql::Value;

namespace {

/// Longer lists are worked out in memory.
constexpr std::size_t kMaxListed = 50'000;

}  // namespace

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

/// The type of all values, where it is one that a text may be read as: what a text is equal to.
std::optional<Type> type_to_read(const std::vector<Value>& list) {
  if (list.empty()) return std::nullopt;
  const Type type = list.front().type();
  if (type != Type::Long && type != Type::Real && type != Type::Bool) return std::nullopt;
  const bool all = std::ranges::all_of(list, [&](const Value& one) { return one.is(type); });
  return all ? std::optional(type) : std::nullopt;
}

std::optional<SqlValue> one_of(ScalarSql& scalars, SqlValue left, const std::vector<Value>& list,
                               bool any_case, bool negated) {
  if (const std::optional<Type> type = type_to_read(list); type && left.type == Type::String && !any_case) {
    std::optional<SqlValue> read = value_of_text(scalars, left, *type);
    if (!read) return std::nullopt;
    left = std::move(*read);
  }
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

}  // namespace redoubt::query::sql

#include <cmath>

#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql::detail {

namespace {

std::partial_ordering numbers(const Value& left, const Value& right) {
  const auto whole = [](const Value& value) { return value.is(Type::Int) || value.is(Type::Long); };
  if (whole(left) && whole(right)) return left.as_long() <=> right.as_long();
  if (left.is(Type::Decimal) || right.is(Type::Decimal)) {
    const Value a = convert(left, Type::Decimal);
    const Value b = convert(right, Type::Decimal);
    if (!a.is_null() && !b.is_null()) return a.as_decimal() <=> b.as_decimal();
  }
  const std::optional<double> a = real_of(left);
  const std::optional<double> b = real_of(right);
  return a && b ? *a <=> *b : std::partial_ordering::unordered;
}

std::partial_ordering same_type(const Value& left, const Value& right) {
  switch (left.type()) {
    case Type::Bool:
      return left.as_bool() <=> right.as_bool();
    case Type::String:
      return left.as_string().compare(right.as_string()) <=> 0;
    case Type::DateTime:
    case Type::Timespan:
      return left.ticks() <=> right.ticks();
    case Type::Guid:
      return left.as_guid() <=> right.as_guid();
    case Type::Dynamic:
      return left.json().compare(right.json()) <=> 0;
    default:
      return numbers(left, right);
  }
}

bool is_number(const Value& value) { return contains(kNumbers, value.type()); }

}  // namespace

std::partial_ordering compare_values(const Value& left, const Value& right) {
  if (left.type() == right.type() && !left.is(Type::Dynamic)) return same_type(left, right);
  const Value a = unwrap(left);
  const Value b = unwrap(right);
  if (is_number(a) && is_number(b)) return numbers(a, b);
  if (a.type() == b.type()) return same_type(a, b);
  // A text against another type: it is read as one, or the other is written as a text.
  const auto as_other = [](const Value& text, const Value& other) {
    return other.is(Type::Dynamic) ? Value() : convert(text, other.type());
  };
  if (a.is(Type::String)) {
    const Value read = as_other(a, b);
    if (!read.is_null()) return same_type(read, b);
  } else if (b.is(Type::String)) {
    const Value read = as_other(b, a);
    if (!read.is_null()) return same_type(a, read);
  } else if (a.is(Type::Bool) || b.is(Type::Bool)) {
    const Value x = convert(a, Type::Long);
    const Value y = convert(b, Type::Long);
    if (!x.is_null() && !y.is_null()) return x.as_long() <=> y.as_long();
  }
  return std::partial_ordering::unordered;
}

Value equal(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null())
    return left.is_null() && right.is_null() ? Value::null(Type::Bool) : Value::of_bool(false);
  if (left.is(Type::String) && right.is(Type::String))
    return Value::of_bool(left.as_string() == right.as_string());
  return Value::of_bool(compare_values(left, right) == 0);
}

std::optional<std::int64_t> whole_of(const Value& value) {
  const Value out = convert(value, Type::Long);
  return out.is_null() ? std::nullopt : std::optional(out.as_long());
}

std::optional<double> real_of(const Value& value) {
  const Value out = convert(value, Type::Real);
  return out.is_null() ? std::nullopt : std::optional(out.as_real());
}

std::optional<bool> bool_of(const Value& value) {
  const Value out = convert(value, Type::Bool);
  return out.is_null() ? std::nullopt : std::optional(out.as_bool());
}

}  // namespace redoubt::kql::detail

namespace redoubt::kql {

std::partial_ordering order_of(const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return right.is_null() <=> left.is_null();
  return detail::compare_values(left, right);
}

}  // namespace redoubt::kql

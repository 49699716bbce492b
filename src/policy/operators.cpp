#include "policy/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "arm/ordering.h"
#include "core/text.h"
#include "policy/detail/text_operators.h"

namespace redoubt::policy {

using doc::UnknownType;
using doc::Value;

namespace {

constexpr std::array kOperators = {
    OperatorRow{"equals", Operator::Equals, Operator::Equals, "the same text, without case"},
    OperatorRow{"notEquals", Operator::NotEquals, Operator::Equals, "not equals"},
    OperatorRow{"like", Operator::Like, Operator::Like, "fits a pattern with *, without case"},
    OperatorRow{"notLike", Operator::NotLike, Operator::Like, "not like"},
    OperatorRow{"match", Operator::Match, Operator::Match,
                "fits # digit, ? letter, . any character; with case"},
    OperatorRow{"notMatch", Operator::NotMatch, Operator::Match, "not match"},
    OperatorRow{"matchInsensitively", Operator::MatchInsensitively, Operator::MatchInsensitively,
                "match without case"},
    OperatorRow{"notMatchInsensitively", Operator::NotMatchInsensitively, Operator::MatchInsensitively,
                "not matchInsensitively"},
    OperatorRow{"contains", Operator::Contains, Operator::Contains,
                "a text inside, or an element of an array"},
    OperatorRow{"notContains", Operator::NotContains, Operator::Contains, "not contains"},
    OperatorRow{"in", Operator::In, Operator::In, "equals one of a list"},
    OperatorRow{"notIn", Operator::NotIn, Operator::In, "not in"},
    OperatorRow{"containsKey", Operator::ContainsKey, Operator::ContainsKey, "an object has the key"},
    OperatorRow{"notContainsKey", Operator::NotContainsKey, Operator::ContainsKey, "not containsKey"},
    OperatorRow{"less", Operator::Less, Operator::Less, "smaller; both sides of one type"},
    OperatorRow{"lessOrEquals", Operator::LessOrEquals, Operator::LessOrEquals, "smaller or equal"},
    OperatorRow{"greater", Operator::Greater, Operator::Greater, "larger; both sides of one type"},
    OperatorRow{"greaterOrEquals", Operator::GreaterOrEquals, Operator::GreaterOrEquals, "larger or equal"},
    OperatorRow{"exists", Operator::Exists, Operator::Exists, "the property is there and not null"},
};

/// Null for a missing side, so that the rest sees one kind of nothing.
bool nothing(const Value* value) { return value == nullptr || value->is_null(); }

std::string text_for(const Value& value, Comparison how) {
  std::string text = scalar_text(value).value_or(std::string());
  return how.location ? normal_location(text) : text;
}

bool equal_scalars(const Value& left, const Value& right, Comparison how) {
  if (left.is_string() && right.is_string() && !how.location)
    return equal_ignore_case(left.as_string(), right.as_string());
  if (left.is_number() && right.is_number()) return doc::equal(left, right);
  return equal_ignore_case(text_for(left, how), text_for(right, how));
}

Truth equals(const Value* left, const Value& right, Comparison how, std::string& error) {
  if (right.is_container() && !how.computed_right) {
    error = fmt::format("equals can't compare with a value of type {}", name_of(right.kind()));
    return Truth::Error;
  }
  if ((left != nullptr && left->is_unknown()) || right.is_unknown())
    return detail::open_equals(left == nullptr ? Value::null() : *left, right, how);
  if (nothing(left)) return truth_of(right.is_null());
  if (left->is_container() || right.is_container() || right.is_null()) return Truth::False;
  return truth_of(equal_scalars(*left, right, how));
}

/// Whether one of the items equals, whatever else is in the list.
Truth one_equals(const Value* left, std::span<const Value> items, Comparison how, std::string& error) {
  Truth result = Truth::False;
  how.computed_right = true;  // a list inside a list equals nothing
  for (const Value& item : items) {
    const Truth one = equals(left, item, how, error);
    if (one == Truth::True) return one;
    if (one == Truth::Unknown) result = one;
  }
  return result;
}

Truth in(const Value* left, const Value& right, Comparison how, std::string& error) {
  if (right.is_unknown() &&
      (right.unknown_type() == UnknownType::Any || right.unknown_type() == UnknownType::Array)) {
    if (how.origins == nullptr) return Truth::Unknown;
    for (const Value& run : how.origins->pieces(right))
      if (run.is_array() && one_equals(left, run.items(), how, error) == Truth::True) return Truth::True;
    return Truth::Unknown;
  }
  if (!right.is_array()) {
    error = "in and notIn need a list";
    return Truth::Error;
  }
  return one_equals(left, right.items(), how, error);
}

Truth array_contains(std::span<const Value> items, const Value& right, Comparison how, std::string& error) {
  Truth result = Truth::False;
  for (const Value& item : items) {
    const Truth one = equals(&item, right, how, error);
    if (one == Truth::True || one == Truth::Error) return one;
    if (one == Truth::Unknown) result = one;
  }
  return result;
}

Truth contains(const Value* left, const Value& right, Comparison how, std::string& error) {
  if (nothing(left)) return Truth::False;
  if (left->is_unknown() && left->unknown_type() == UnknownType::Array && how.origins != nullptr) {
    for (const Value& run : how.origins->pieces(*left))
      if (run.is_array() && array_contains(run.items(), right, how, error) == Truth::True) return Truth::True;
    return Truth::Unknown;
  }
  if (left->is_unknown()) return detail::open_contains(*left, right, how);
  if (left->is_array()) return array_contains(left->items(), right, how, error);
  if (right.is_unknown()) return left->is_object() ? Truth::False : detail::open_contains(*left, right, how);
  if (right.is_container()) {
    error = "contains needs text to look for";
    return Truth::Error;
  }
  if (left->is_object()) return Truth::False;
  const std::string text = text_for(*left, how);
  return truth_of(find_ignore_case(text, text_for(right, how)) != std::string::npos);
}

Truth contains_key(const Value* left, const Value& right, std::string& error) {
  if (right.is_container()) {
    error = "containsKey needs the name of a key";
    return Truth::Error;
  }
  if (nothing(left)) return Truth::False;
  if (left->is_unknown()) {
    const bool may = left->unknown_type() == UnknownType::Any || left->unknown_type() == UnknownType::Object;
    return may ? Truth::Unknown : Truth::False;
  }
  if (!left->is_object()) return Truth::False;
  if (right.is_unknown()) return left->size() == 0 ? Truth::False : Truth::Unknown;
  const std::string key = scalar_text(right).value_or(std::string());
  return truth_of(left->find_any_case(key) != nullptr);
}

/// The kinds that can be ordered: numbers among themselves, text among itself.
enum class Order : std::uint8_t { Number, Text, None, Open };

Order order_of(const Value& value) {
  if (value.is_number()) return Order::Number;
  if (value.is_string()) return Order::Text;
  if (!value.is_unknown()) return Order::None;
  switch (value.unknown_type()) {
    case UnknownType::Int:
      return Order::Number;
    case UnknownType::String:
      return Order::Text;
    case UnknownType::Any:
      return Order::Open;
    default:
      return Order::None;
  }
}

bool holds(Operator op, int sign) {
  switch (op) {
    case Operator::Less:
      return sign < 0;
    case Operator::LessOrEquals:
      return sign <= 0;
    case Operator::Greater:
      return sign > 0;
    default:
      return sign >= 0;
  }
}

Truth ordered(Operator op, const Value* left, const Value& right, Comparison how, std::string& error) {
  if (nothing(left)) return Truth::False;
  const Order of_left = order_of(*left);
  const Order of_right = order_of(right);
  const bool open = of_left == Order::Open || of_right == Order::Open;
  if (of_left == Order::None || of_right == Order::None || (!open && of_left != of_right)) {
    error = fmt::format("{} can't compare values of types {} and {}", name_of(op),
                        left->is_unknown() ? name_of(left->unknown_type()) : name_of(left->kind()),
                        right.is_unknown() ? name_of(right.unknown_type()) : name_of(right.kind()));
    return Truth::Error;
  }
  if (left->is_unknown() && right.is_unknown() && left->unknown_id() == right.unknown_id())
    return truth_of(holds(op, 0));
  if (open || left->is_unknown() || right.is_unknown()) return Truth::Unknown;
  if (of_left == Order::Text)
    return truth_of(holds(op, arm::compare_invariant(text_for(*left, how), text_for(right, how), true)));
  if (left->is_int() && right.is_int())
    return truth_of(
        holds(op, left->as_int() < right.as_int() ? -1 : (left->as_int() > right.as_int() ? 1 : 0)));
  const double a = left->as_real();
  const double b = right.as_real();
  return truth_of(holds(op, a < b ? -1 : (a > b ? 1 : 0)));
}

Truth exists(const Value* left, const Value& right, std::string& error) {
  if (right.is_unknown()) return Truth::Unknown;
  std::string wanted_text;
  const std::string_view wanted = detail::view_scalar(right, wanted_text);
  const bool yes = equal_any_case(wanted, "true");
  if (!yes && !equal_any_case(wanted, "false")) {
    error = "exists needs true or false";
    return Truth::Error;
  }
  if (left != nullptr && left->is_unknown() && !left->not_null()) return Truth::Unknown;
  return truth_of(nothing(left) != yes);
}

}  // namespace

std::span<const OperatorRow> operators() { return kOperators; }

std::optional<Operator> find_operator(std::string_view name) {
  for (const OperatorRow& row : kOperators)
    if (equal_any_case(row.name, name)) return row.op;
  return std::nullopt;
}

std::string_view name_of(Operator op) { return kOperators[static_cast<std::size_t>(op)].name; }

std::optional<std::string> scalar_text(const Value& value) {
  switch (value.kind()) {
    case doc::Kind::String:
      return std::string(value.as_string());
    case doc::Kind::Bool:
      return std::string(value.as_bool() ? "True" : "False");
    case doc::Kind::Int:
      return std::to_string(value.as_int());
    case doc::Kind::Real:
      return fmt::format("{}", value.as_real());
    case doc::Kind::Null:
      return std::string();
    default:
      return std::nullopt;
  }
}

std::string normal_location(std::string_view location) {
  std::string out;
  for (const char c : location)
    if (c != ' ') out += lower(c);
  return out;
}

Truth compare(Operator op, const Value* left, const Value& right, Comparison how, std::string& error) {
  const Operator positive = kOperators[static_cast<std::size_t>(op)].positive;
  Truth truth = Truth::False;
  switch (positive) {
    case Operator::Equals:
      truth = equals(left, right, how, error);
      break;
    case Operator::In:
      truth = in(left, right, how, error);
      break;
    case Operator::Contains:
      truth = contains(left, right, how, error);
      break;
    case Operator::ContainsKey:
      truth = contains_key(left, right, error);
      break;
    case Operator::Exists:
      truth = exists(left, right, error);
      break;
    case Operator::Like:
    case Operator::Match:
    case Operator::MatchInsensitively:
      truth = detail::fits_pattern(positive, left, right, how, error);
      break;
    default:
      truth = ordered(positive, left, right, how, error);
      break;
  }
  return positive == op ? truth : negate(truth);
}

}  // namespace redoubt::policy

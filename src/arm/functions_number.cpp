#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "arm/detail/arguments.h"
#include "arm/detail/dotnet_format.h"
#include "arm/detail/equality.h"
#include "arm/ordering.h"
#include "core/text.h"

// Numbers, comparison, logic and conversion. Source: Microsoft Learn "Numeric functions", "Comparison
// functions" and "Logical functions for ARM templates", and semantics.md 4.3.

namespace redoubt::arm {
namespace {

using detail::Arguments;
using doc::UnknownType;
using doc::Value;

// The operations give nothing when the result does not fit 64 bits or does not exist.
std::optional<std::int64_t> add(std::int64_t left, std::int64_t right) {
  std::int64_t out = 0;
  return __builtin_add_overflow(left, right, &out) ? std::nullopt : std::optional(out);
}
std::optional<std::int64_t> subtract(std::int64_t left, std::int64_t right) {
  std::int64_t out = 0;
  return __builtin_sub_overflow(left, right, &out) ? std::nullopt : std::optional(out);
}
std::optional<std::int64_t> multiply(std::int64_t left, std::int64_t right) {
  std::int64_t out = 0;
  return __builtin_mul_overflow(left, right, &out) ? std::nullopt : std::optional(out);
}
bool divisible(std::int64_t left, std::int64_t right) {
  return right != 0 && !(left == std::numeric_limits<std::int64_t>::min() && right == -1);
}
std::optional<std::int64_t> divide(std::int64_t left, std::int64_t right) {
  return divisible(left, right) ? std::optional(left / right) : std::nullopt;
}
std::optional<std::int64_t> modulo(std::int64_t left, std::int64_t right) {
  return divisible(left, right) ? std::optional(left % right) : std::nullopt;
}

template <std::optional<std::int64_t> (*operation)(std::int64_t, std::int64_t)>
Result<Value> arithmetic(Call& call, Arguments arguments) {
  const std::int64_t left = RD_TRY(detail::int_at(call, arguments, 0));
  const std::int64_t right = RD_TRY(detail::int_at(call, arguments, 1));
  if (const std::optional<std::int64_t> result = operation(left, right)) return Value::integer(*result);
  const bool divides = operation == divide || operation == modulo;
  return detail::bad_argument(
      call, divides && right == 0 ? "can't divide by zero" : "gives more than 64 bits hold");
}

Result<Value> extreme(Call& call, Arguments arguments, bool greatest) {
  std::optional<std::int64_t> found;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::span<const Value> numbers =
        arguments[i].is_array() ? arguments[i].items() : arguments.subspan(i, 1);
    for (const Value& number : numbers) {
      if (!number.is_int()) return detail::wrong_type(call, i, "int or array of ints", number);
      if (!found || (greatest ? number.as_int() > *found : number.as_int() < *found)) found = number.as_int();
    }
  }
  if (!found) return detail::bad_argument(call, "needs at least one number");
  return Value::integer(*found);
}

Result<Value> max(Call& call, Arguments arguments) { return extreme(call, arguments, true); }
Result<Value> min(Call& call, Arguments arguments) { return extreme(call, arguments, false); }

Result<Value> equals(Call& call, Arguments arguments) {
  const std::optional<bool> equal = detail::certainly_equal(arguments[0], arguments[1], call.origins);
  if (equal) return Value::boolean(*equal);
  return call.origins.derived(UnknownType::Bool, call.name, arguments, false);
}

int order(const Value& left, const Value& right) {
  if (left.is_string()) return compare_invariant(left.as_string(), right.as_string());
  if (left.is_int() && right.is_int())
    return left.as_int() < right.as_int() ? -1 : static_cast<int>(left.as_int() > right.as_int());
  return left.as_real() < right.as_real() ? -1 : static_cast<int>(left.as_real() > right.as_real());
}

template <bool (*holds)(int)>
Result<Value> compare(Call& call, Arguments arguments) {
  const Value& left = arguments[0];
  const Value& right = arguments[1];
  if (!left.is_number() && !left.is_string()) return detail::wrong_type(call, 0, "int or string", left);
  if (left.is_string() ? !right.is_string() : !right.is_number())
    return detail::wrong_type(
        call, 1, left.is_string() ? "string, as argument 1 is," : "int, as argument 1 is,", right);
  return Value::boolean(holds(order(left, right)));
}

bool is_less(int order) { return order < 0; }
bool is_less_or_equal(int order) { return order <= 0; }
bool is_greater(int order) { return order > 0; }
bool is_greater_or_equal(int order) { return order >= 0; }

Result<Value> negate(Call& call, Arguments arguments) {
  if (!arguments[0].is_bool()) return detail::wrong_type(call, 0, "bool", arguments[0]);
  return Value::boolean(!arguments[0].as_bool());
}

Result<Value> true_value(Call&, Arguments) { return Value::boolean(true); }
Result<Value> false_value(Call&, Arguments) { return Value::boolean(false); }
Result<Value> null_value(Call&, Arguments) { return Value::null(); }

Result<Value> to_bool(Call& call, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is_bool()) return value;
  if (value.is_int()) return Value::boolean(value.as_int() != 0);
  if (!value.is_string()) return detail::wrong_type(call, 0, "string, int or bool", value);
  const std::string_view text = trim(value.as_string());
  if (equal_any_case(text, "true")) return Value::boolean(true);
  if (equal_any_case(text, "false")) return Value::boolean(false);
  return detail::bad_argument(call, "takes the text true or false");
}

/// Text without the white space and the plus sign that .NET passes over and from_chars does not.
std::string_view number_text(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  return text;
}

Result<Value> to_int(Call& call, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is_int()) return value;
  if (value.is_real() && std::trunc(value.as_real()) == value.as_real() &&
      std::fabs(value.as_real()) < 0x1p63)
    return Value::integer(static_cast<std::int64_t>(value.as_real()));
  if (value.is_real()) return detail::bad_argument(call, "takes a number without a fraction");
  if (!value.is_string()) return detail::wrong_type(call, 0, "string or int", value);
  const std::string_view text = number_text(value.as_string());
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range)
    return detail::bad_argument(call, "gives more than 64 bits hold");
  if (error != std::errc() || end != text.data() + text.size())
    return detail::bad_argument(call, "takes the text of a whole decimal number");
  return Value::integer(number);
}

Result<Value> to_float(Call& call, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is_number()) return Value::real(value.as_real());
  if (!value.is_string()) return detail::wrong_type(call, 0, "string or int", value);
  const std::string_view text = number_text(value.as_string());
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number || !std::isfinite(number))
    return detail::bad_argument(call, "takes the text of a decimal number");
  return Value::real(number);
}

Result<Value> to_string(Call& call, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is_string() ||
      (value.is_unknown() && value.unknown_type() == UnknownType::String && value.not_null()))
    return value;
  if (contains_unknown(value)) return detail::open_result(call, UnknownType::String, arguments);
  return detail::text_result(call, dotnet_text(value));
}

constexpr auto kBoth = Language::Both;
constexpr auto kOpaque = OpenArguments::Opaque;
constexpr auto kDeep = OpenArguments::Deep;
constexpr auto kHandled = OpenArguments::Handled;
constexpr auto kInt = UnknownType::Int;
constexpr auto kBool = UnknownType::Bool;

constexpr Function kFunctions[] = {
    {"add", 2, 2, kBoth, kInt, kOpaque, true, arithmetic<add>, "Sum of two ints"},
    {"bool", 1, 1, kBoth, kBool, kOpaque, true, to_bool, "A bool of a string or int"},
    {"div", 2, 2, kBoth, kInt, kOpaque, true, arithmetic<divide>, "Quotient of two ints, towards zero"},
    {"equals", 2, 2, kBoth, kBool, kHandled, false, equals, "Whether two values are equal, text with case"},
    {"false", 0, 0, kBoth, kBool, kOpaque, false, false_value, "The value false"},
    {"float", 1, 1, kBoth, UnknownType::Any, kOpaque, true, to_float,
     "A floating point number of a string or int"},
    {"greater", 2, 2, kBoth, kBool, kOpaque, false, compare<is_greater>, "Order of two numbers or texts"},
    {"greaterOrEquals", 2, 2, kBoth, kBool, kOpaque, false, compare<is_greater_or_equal>,
     "Order of two numbers or texts"},
    {"int", 1, 1, kBoth, kInt, kOpaque, true, to_int, "An int of a string"},
    {"less", 2, 2, kBoth, kBool, kOpaque, false, compare<is_less>, "Order of two numbers or texts"},
    {"lessOrEquals", 2, 2, kBoth, kBool, kOpaque, false, compare<is_less_or_equal>,
     "Order of two numbers or texts"},
    {"max", 1, kAnyCount, kBoth, kInt, kDeep, true, max, "The greatest of ints or of arrays of ints"},
    {"min", 1, kAnyCount, kBoth, kInt, kDeep, true, min, "The least of ints or of arrays of ints"},
    {"mod", 2, 2, kBoth, kInt, kOpaque, true, arithmetic<modulo>, "Remainder with the sign of the dividend"},
    {"mul", 2, 2, kBoth, kInt, kOpaque, true, arithmetic<multiply>, "Product of two ints"},
    {"not", 1, 1, kBoth, kBool, kOpaque, false, negate, "The opposite of a bool"},
    {"null", 0, 0, kBoth, UnknownType::Any, kOpaque, false, null_value, "The value null"},
    {"string", 1, 1, kBoth, UnknownType::String, kHandled, true, to_string, "The text of any value"},
    {"sub", 2, 2, kBoth, kInt, kOpaque, true, arithmetic<subtract>, "Difference of two ints"},
    {"true", 0, 0, kBoth, kBool, kOpaque, false, true_value, "The value true"},
};

}  // namespace

std::span<const Function> number_functions() { return kFunctions; }

}  // namespace redoubt::arm

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#include "core/text.h"
#include "doc/detail/yaml_scalar.h"

namespace redoubt::doc::detail {

namespace {

constexpr std::array<std::string_view, 5> kNull = {"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kTrue = {"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> kFalse = {"false", "False", "FALSE"};
constexpr std::array<std::string_view, 3> kInfinite = {".inf", ".Inf", ".INF"};
constexpr std::array<std::string_view, 3> kNotANumber = {".nan", ".NaN", ".NAN"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_sign(char c) { return c == '+' || c == '-'; }

std::size_t digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

/// (\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool is_decimal(std::string_view text) {
  std::size_t count = digits(text);
  text.remove_prefix(count);
  if (text.starts_with('.')) {
    const std::size_t fraction = digits(text.substr(1));
    count += fraction;
    text.remove_prefix(1 + fraction);
  }
  if (count == 0) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && is_sign(text[0])) text.remove_prefix(1);
  return !text.empty() && digits(text) == text.size();
}

double to_double(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Out of range, from_chars does not say on which side; strtod does.
  return error == std::errc() ? value : std::strtod(std::string(text).c_str(), nullptr);
}

std::optional<std::int64_t> to_integer(std::string_view text, int base) {
  std::int64_t value = 0;
  const auto [read, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || read != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What stands behind 0x or 0o.
std::optional<Value> based_number(std::string_view text, int base) {
  const auto digit = [base](char c) {
    if (c >= '0' && c <= '9') return c - '0' < base ? c - '0' : -1;
    const char small = static_cast<char>(c | 0x20);
    return base == 16 && small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
  };
  if (text.empty() || std::any_of(text.begin(), text.end(), [&](char c) { return digit(c) < 0; }))
    return std::nullopt;
  if (const std::optional<std::int64_t> whole = to_integer(text, base)) return Value::integer(*whole);
  double value = 0;
  for (char c : text)
    value = value * base + digit(c);
  return Value::real(value);
}

std::optional<Value> number(std::string_view text) {
  if (text.starts_with("0x")) return based_number(text.substr(2), 16);
  if (text.starts_with("0o")) return based_number(text.substr(2), 8);
  const bool negative = text.starts_with('-');
  const std::string_view unsigned_text = !text.empty() && is_sign(text[0]) ? text.substr(1) : text;
  if (is_one_of(unsigned_text, kInfinite))
    return Value::real(negative ? -std::numeric_limits<double>::infinity()
                                : std::numeric_limits<double>::infinity());
  if (is_one_of(text, kNotANumber)) return Value::real(std::numeric_limits<double>::quiet_NaN());
  if (!is_decimal(unsigned_text)) return std::nullopt;
  const std::string_view readable = negative ? text : unsigned_text;
  if (digits(unsigned_text) == unsigned_text.size())
    if (const std::optional<std::int64_t> whole = to_integer(readable, 10)) return Value::integer(*whole);
  return Value::real(to_double(readable));
}

std::optional<Value> boolean(std::string_view text) {
  if (is_one_of(text, kTrue)) return Value::boolean(true);
  if (is_one_of(text, kFalse)) return Value::boolean(false);
  return std::nullopt;
}

}  // namespace

Value core_value(std::string_view text) {
  if (is_one_of(text, kNull)) return Value::null();
  const char first = text[0];
  if (is_digit(first) || is_sign(first) || first == '.') {
    if (const std::optional<Value> value = number(text)) return *value;
  } else if (first == 't' || first == 'T' || first == 'f' || first == 'F') {
    if (const std::optional<Value> value = boolean(text)) return *value;
  }
  return Value::string(text);
}

std::optional<ScalarTag> scalar_tag(std::string_view tag) {
  constexpr std::string_view kPrefix = "tag:yaml.org,2002:";
  constexpr std::array<std::string_view, 5> kNames = {"str", "null", "bool", "int", "float"};
  if (tag == "!") return ScalarTag::String;
  if (!tag.starts_with(kPrefix)) return std::nullopt;
  const auto* found = std::find(kNames.begin(), kNames.end(), tag.substr(kPrefix.size()));
  if (found == kNames.end()) return std::nullopt;
  return static_cast<ScalarTag>(found - kNames.begin());
}

std::optional<Value> tagged_value(ScalarTag tag, std::string_view text) {
  switch (tag) {
    case ScalarTag::String:
      return Value::string(text);
    case ScalarTag::Null:
      return is_one_of(text, kNull) ? std::optional(Value::null()) : std::nullopt;
    case ScalarTag::Bool:
      return boolean(text);
    case ScalarTag::Int: {
      const std::optional<Value> value = number(text);
      return value && value->is_int() ? value : std::nullopt;
    }
    case ScalarTag::Float: {
      const std::optional<Value> value = number(text);
      return value ? std::optional(Value::real(value->as_real())) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace redoubt::doc::detail

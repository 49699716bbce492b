#include "query/detail/cell_text.h"

#include <charconv>
#include <cmath>

#include "core/text.h"
#include "kql/evaluate.h"
#include "kql/json_text.h"

namespace redoubt::query::detail {

using kql::set_of;
using kql::Type;
using kql::TypeSet;
using kql::Value;

namespace {

constexpr TypeSet kText = set_of(Type::String);
constexpr std::size_t kLongestTime = 40;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes digits off the front; false: there are fewer than `least` or more than `most`.
bool take_digits(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count]))
    ++count;
  if (count < least || count > most) return false;
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool take_fraction(std::string_view& text) { return !take(text, '.') || take_digits(text, 1, 9); }

/// `Z`, `+01:00`, `+0100`, or nothing.
bool take_zone(std::string_view& text) {
  if (text.empty() || take(text, 'Z')) return true;
  if (!take(text, '+') && !take(text, '-')) return false;
  if (!take_digits(text, 2, 4)) return false;
  return text.empty() || (take(text, ':') && take_digits(text, 2, 2));
}

/// 2024-01-31T23:22[:33[.123]][Z], with a blank in place of T; 2024-01-31 where a day alone will do.
bool looks_like_iso_time(std::string_view text, bool day_alone) {
  if (!take_digits(text, 4, 4) || !take(text, '-') || !take_digits(text, 2, 2) || !take(text, '-') ||
      !take_digits(text, 2, 2))
    return false;
  if (text.empty()) return day_alone;
  if (!take(text, 'T') && !take(text, ' ')) return false;
  if (!take_digits(text, 2, 2) || !take(text, ':') || !take_digits(text, 2, 2)) return false;
  if (take(text, ':') && (!take_digits(text, 2, 2) || !take_fraction(text))) return false;
  take(text, ' ');
  return take_zone(text) && text.empty();
}

/// 1/31/2024, 11:22:33.123 PM
bool looks_like_portal_time(std::string_view text) {
  if (!take_digits(text, 1, 2) || !take(text, '/') || !take_digits(text, 1, 2) || !take(text, '/') ||
      !take_digits(text, 4, 4) || !take(text, ',') || !take(text, ' '))
    return false;
  if (!take_digits(text, 1, 2) || !take(text, ':') || !take_digits(text, 2, 2) || !take(text, ':') ||
      !take_digits(text, 2, 2) || !take_fraction(text))
    return false;
  return text == " AM" || text == " PM";
}

bool is_time(std::string_view text, bool day_alone) {
  if (text.empty() || text.size() > kLongestTime || !is_digit(text.front())) return false;
  return (looks_like_iso_time(text, day_alone) || looks_like_portal_time(text)) &&
         kql::read_datetime(text).has_value();
}

/// As JSON writes it, within 64 bits: what has leading zeros is an identifier.
bool is_whole_number(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || (digits.front() == '0' && text.size() > 1)) return false;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

/// With a point or an exponent, as JSON writes it.
bool is_real_number(std::string_view text) {
  const std::string_view number = text.substr(text.starts_with('-') ? 1 : 0);
  if (number.empty() || !is_digit(number.front()) || number.find_first_of(".eE") == std::string_view::npos)
    return false;
  if (number.size() > 1 && number[0] == '0' && is_digit(number[1])) return false;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

bool is_container(std::string_view text) { return text.starts_with('{') || text.starts_with('['); }

TypeSet types_of_text(std::string_view text) {
  if (is_whole_number(text)) return kText | set_of(Type::Long, Type::Real);
  if (is_real_number(text)) return kText | set_of(Type::Real);
  if (equal_any_case(text, "true") || equal_any_case(text, "false")) return kText | set_of(Type::Bool);
  if (is_time(text, true)) return kText | set_of(Type::DateTime);
  if (is_container(text) && kql::normalize_json(text)) return kText | set_of(Type::Dynamic);
  return kText;
}

TypeSet types_of_json(std::string_view json) {
  if (is_container(json)) return kText | set_of(Type::Dynamic);
  if (json == "true" || json == "false") return kText | set_of(Type::Bool);
  return kText | (is_whole_number(json) ? set_of(Type::Long, Type::Real) : set_of(Type::Real));
}

Value dynamic_of(CellForm form, std::string_view text) {
  const std::string_view trimmed = trim(text);
  // A string that is a number or true stays a string.
  if (form != CellForm::String || is_container(trimmed))
    if (std::optional<std::string> json = kql::normalize_json(trimmed))
      return Value::of_dynamic(std::move(*json));
  return Value::of_dynamic(kql::json_of_text(text));
}

/// 12.0 counts as 12, 12.5 as none.
std::optional<Value> whole_number(Type type, std::string_view text) {
  const Value out = kql::convert(Value::of_string(std::string(text)), type);
  if (!out.is_null()) return out;
  const std::optional<double> real = kql::read_real(text);
  constexpr double kExact = 9'007'199'254'740'992;  // 2^53
  if (!real || std::trunc(*real) != *real || std::abs(*real) > kExact) return std::nullopt;
  const Value whole = kql::convert(Value::of_long(static_cast<std::int64_t>(*real)), type);
  return whole.is_null() ? std::nullopt : std::optional(whole);
}

}  // namespace

TypeSet possible_types(CellForm form, std::string_view text) {
  if (form == CellForm::Text) return types_of_text(text);
  if (form == CellForm::Json) return types_of_json(text);
  return is_time(text, false) ? kText | set_of(Type::DateTime) : kText;
}

bool is_time(CellForm form, std::string_view text) { return form != CellForm::Json && is_time(text, true); }

void ColumnKinds::add(CellForm form, std::string_view text) {
  if (text.empty()) return;
  const TypeSet types = possible_types(form, text);
  common_ &= types;
  any_ = true;
  containers_ = containers_ || (form == CellForm::Json && kql::contains(types, Type::Dynamic));
}

Type ColumnKinds::type() const {
  if (!any_) return Type::String;
  if (containers_) return Type::Dynamic;
  static constexpr Type kOrder[] = {Type::Bool, Type::Long, Type::Real, Type::DateTime, Type::Dynamic};
  for (const Type type : kOrder)
    if (kql::contains(common_, type)) return type;
  return Type::String;
}

std::optional<Value> value_of(Type type, CellForm form, std::string_view text) {
  switch (type) {
    case Type::String:
      return Value::of_string(std::string(text));
    case Type::Dynamic:
      return dynamic_of(form, text);
    case Type::Int:
    case Type::Long:
      return whole_number(type, trim(text));
    default: {
      const Value out = kql::convert(Value::of_string(std::string(text)), type);
      return out.is_null() ? std::nullopt : std::optional(out);
    }
  }
}

}  // namespace redoubt::query::detail

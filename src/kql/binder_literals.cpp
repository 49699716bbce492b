#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "kql/detail/binder.h"
#include "kql/detail/made_literal.h"
#include "kql/evaluate.h"
#include "kql/pattern.h"

namespace redoubt::kql::detail {

namespace {

/// Functions that refuse some texts, whatever else they are given: patterns, units, parts of dates, formats.
constexpr auto kChoosy = std::to_array<std::string_view>(
    {"convert_angle",   "convert_energy",      "convert_force",  "convert_length", "convert_mass",
     "convert_speed",   "convert_temperature", "convert_volume", "countof",        "datetime_add",
     "datetime_diff",   "datetime_part",       "extract",        "extract_all",    "format_bytes",
     "format_datetime", "format_timespan",     "indexof_regex",  "replace_regex",  "trim",
     "trim_end",        "trim_start"});

constexpr std::string_view kNoPattern = "KQL0406";
constexpr std::string_view kRefused = "KQL0407";

/// Any value that functions take, where the query does not say which.
Value stand_in(Type type) {
  switch (type) {
    case Type::DateTime:
      return Value::of_datetime(kTicksPerDay * 730'000);
    case Type::Timespan:
      return Value::of_timespan(kTicksPerHour);
    case Type::Int:
      return Value::of_int(1);
    case Type::Long:
      return Value::of_long(1);
    case Type::Real:
      return Value::of_real(1);
    case Type::String:
      return Value::of_string({});
    default:
      return Value::null(type);
  }
}

}  // namespace

const Expression* literal_behind(const Expression* value) {
  while (value != nullptr && value->kind == ExpressionKind::Variable)
    value = value->value;
  return value != nullptr && value->kind == ExpressionKind::Literal ? value : nullptr;
}

/// The literal that a pattern or a name of a unit stands in; of a call with several texts the one at fault.
Binder::Bound Binder::faulty_literal(std::span<const Bound> arguments, std::string_view message,
                                     bool pattern) {
  Bound out = nullptr;
  for (const Bound argument : arguments) {
    const Expression* const literal = literal_behind(argument);
    if (literal == nullptr || literal->type != Type::String) continue;
    const bool at_fault =
        pattern ? !check_pattern(literal->name) : message.ends_with(fmt::format(": {}", literal->name));
    if (at_fault || (!pattern && out == nullptr)) out = argument;
  }
  return out;
}

/// What a function would refuse when the query runs, and every time: so it is wrong now.
void Binder::check_literals(const Function& function, std::span<const Bound> arguments,
                            std::span<const Parameter* const> parameters, const Node& node) {
  const std::string_view name = function.alias_of.empty() ? function.name : function.alias_of;
  if (!std::ranges::binary_search(kChoosy, name)) {
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (parameters[i] != nullptr) check_value(*parameters[i], arguments[i]);
    return;
  }
  std::vector<Value> values;
  bool any = false;
  for (const Bound argument : arguments) {
    if (!argument->is_scalar()) return;
    const Expression* const literal = literal_behind(argument);
    std::optional<Value> known = literal == nullptr ? std::nullopt : literal_value(*literal);
    any = any || (known && known->is(Type::String));
    values.push_back(known ? std::move(*known) : stand_in(argument->type));
  }
  if (!any) return;
  const auto made = kql::evaluate(function, values, {});
  if (made || (made.error().code != kNoPattern && made.error().code != kRefused)) return;
  const bool pattern = made.error().code == kNoPattern;
  if (!pattern && name == "extract_all") return;  // a group that is not there, which the engine may take
  const Bound fault = faulty_literal(arguments, made.error().message, pattern);
  problem(pattern ? kNoPattern : kRefused, made.error().message, fault == nullptr ? node[0] : *fault->syntax,
          made.error().hint);
}

/// A text where a parameter takes but some.
void Binder::check_value(const Parameter& parameter, Bound argument) {
  const Expression* const literal = literal_behind(argument);
  if (parameter.values.empty() || literal == nullptr || literal->type != Type::String) return;
  for (const std::string_view value : parameter.values)
    if (equal_any_case(value, literal->name)) return;
  problem(kRefused, fmt::format("{} does not take: {}", parameter.name, literal->name), *argument->syntax,
          redoubt::join(parameter.values, ", "));
}

void Binder::check_literal_pattern(Bound value) {
  const Expression* const literal = literal_behind(value);
  if (literal == nullptr || literal->type != Type::String) return;
  if (const auto checked = check_pattern(literal->name); !checked)
    problem(kNoPattern, checked.error().message, *value->syntax);
}

/// Of parse with kind=regex; columns stand in it as groups.
void Binder::check_parse_pattern(std::span<const ParsePiece> pieces, std::string_view flags, const Node& at) {
  std::string pattern = flags.empty() ? std::string() : "(?" + std::string(flags) + ")";
  for (const ParsePiece& piece : pieces)
    pattern += piece.is_text ? std::string(piece.text) : piece.column == nullptr ? ".*?" : "(.*)";
  if (const auto checked = check_pattern(pattern); !checked) problem(kNoPattern, checked.error().message, at);
}

}  // namespace redoubt::kql::detail

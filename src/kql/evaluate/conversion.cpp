#include <fmt/format.h>

#include <cmath>

#include "core/text.h"
#include "kql/detail/evaluation.h"
#include "kql/json_text.h"

namespace redoubt::kql {

namespace {

template <class T>
Value made(Value (*make)(T), const std::optional<std::type_identity_t<std::decay_t<T>>>& value, Type type) {
  return value ? make(*value) : Value::null(type);
}

std::optional<std::int64_t> cut(double value) {
  if (!(value > -9.3e18 && value < 9.3e18)) return std::nullopt;
  const double whole = std::trunc(value);
  if (whole < -0x1p63 || whole >= 0x1p63) return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

std::optional<std::int64_t> to_long(const Value& value) {
  switch (value.type()) {
    case Type::Bool:
      return value.as_bool() ? 1 : 0;
    case Type::Int:
    case Type::Long:
      return value.as_long();
    case Type::DateTime:
    case Type::Timespan:
      return value.ticks();
    case Type::Real:
      return cut(value.as_real());
    case Type::Decimal:
      return value.as_decimal().to_long();
    case Type::String:
      return read_long(value.as_string());
    default:
      return std::nullopt;
  }
}

std::optional<double> to_real(const Value& value) {
  if (value.is(Type::Real)) return value.as_real();
  if (value.is(Type::Decimal)) return value.as_decimal().to_real();
  if (value.is(Type::String)) return read_real(value.as_string());
  const std::optional<std::int64_t> whole = to_long(value);
  return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

std::optional<Decimal> to_decimal(const Value& value) {
  if (value.is(Type::Decimal)) return value.as_decimal();
  if (value.is(Type::Real)) return Decimal::from_real(value.as_real());
  if (value.is(Type::String)) return Decimal::read(trim(value.as_string()));
  const std::optional<std::int64_t> whole = to_long(value);
  return whole ? std::optional(Decimal(*whole)) : std::nullopt;
}

std::optional<bool> to_bool(const Value& value) {
  if (value.is(Type::Bool)) return value.as_bool();
  if (value.is(Type::String)) return read_bool(value.as_string());
  const std::optional<double> number = to_real(value);
  return number ? std::optional(*number != 0) : std::nullopt;
}

std::optional<std::int64_t> to_ticks(const Value& value, Type type) {
  if (value.is(type)) return value.ticks();
  if (value.is(Type::String))
    return type == Type::DateTime ? read_datetime(value.as_string()) : read_timespan(value.as_string());
  const bool whole = value.is(Type::Int) || value.is(Type::Long);
  return whole && type == Type::Timespan ? std::optional(value.as_long()) : std::nullopt;
}

std::optional<Guid> to_guid(const Value& value) {
  if (value.is(Type::Guid)) return value.as_guid();
  return value.is(Type::String) ? read_guid(value.as_string()) : std::nullopt;
}

Value to_int(const Value& value) {
  const std::optional<std::int64_t> whole = to_long(value);
  if (!whole || *whole < INT32_MIN || *whole > INT32_MAX) return Value::null(Type::Int);
  return Value::of_int(static_cast<std::int32_t>(*whole));
}

}  // namespace

Value unwrap(const Value& value) {
  if (!value.is(Type::Dynamic) || value.is_null()) return value;
  const std::string& json = value.json();
  switch (json_kind(json)) {
    case JsonKind::Bool:
      return Value::of_bool(json == "true");
    case JsonKind::Long:
      return made(Value::of_long, read_long(json), Type::Long);
    case JsonKind::Real:
      return made(Value::of_real, read_real(json), Type::Real);
    case JsonKind::String:
      return Value::of_string(json_string(json));
    default:
      return value;
  }
}

Value convert(const Value& value, Type type) {
  if (value.type() == type) return value;
  if (value.is_null()) return Value::null(type);
  if (type == Type::String) return Value::of_string(to_text(value));
  if (type == Type::Dynamic) return Value::of_dynamic(to_json(value));
  if (value.is(Type::Dynamic)) {
    const Value inner = unwrap(value);
    return inner.is(Type::Dynamic) ? Value::null(type) : convert(inner, type);
  }
  switch (type) {
    case Type::Bool:
      return made(Value::of_bool, to_bool(value), type);
    case Type::Int:
      return to_int(value);
    case Type::Long:
      return made(Value::of_long, to_long(value), type);
    case Type::Real:
      return made(Value::of_real, to_real(value), type);
    case Type::Decimal:
      return made(Value::of_decimal, to_decimal(value), type);
    case Type::DateTime:
      return made(Value::of_datetime, to_ticks(value, type), type);
    case Type::Timespan:
      return made(Value::of_timespan, to_ticks(value, type), type);
    case Type::Guid:
      return made(Value::of_guid, to_guid(value), type);
    default:
      return Value();
  }
}

namespace detail {

namespace {

template <Type type>
Result<Value> to(const Call& call) {
  return convert(call[0], type);
}

Result<Value> to_string(const Call& call) { return text_result(call, call.text(0)); }

/// Text that is JSON becomes what it stands for, other text a dynamic text.
Result<Value> parse_json(const Call& call) {
  if (!call[0].is(Type::String)) return convert(call[0], Type::Dynamic);
  const std::string& text = call[0].as_string();
  if (text.empty()) return Value::null(Type::Dynamic);
  const EvaluationLimits& limits = call.context.limits;
  if (text.size() > limits.max_bytes) return too_large(call);
  std::optional<std::string> json =
      normalize_json(text, {.max_bytes = limits.max_bytes, .max_depth = limits.max_depth});
  return dynamic_result(call, json ? *std::move(json) : json_of_text(text));
}

/// Source: Kusto Query Language reference, "gettype()".
Result<Value> get_type(const Call& call) {
  const Value& value = call[0];
  if (!value.is(Type::Dynamic)) return Value::of_string(std::string(type_name(value.type())));
  if (value.is_null()) return Value::of_string("null");
  static constexpr std::string_view kNames[] = {"null",   "bool",  "long",      "real",
                                                "string", "array", "dictionary"};
  return Value::of_string(std::string(kNames[static_cast<std::size_t>(json_kind(value.json()))]));
}

Result<Value> to_hex(const Call& call) {
  const std::optional<std::int64_t> value = call.whole(0);
  if (!value) return Value::of_string({});
  const bool narrow = call[0].is(Type::Int);
  std::string out =
      fmt::format("{:x}", narrow ? static_cast<std::uint32_t>(*value) : static_cast<std::uint64_t>(*value));
  const std::int64_t least = call.size() > 1 ? call.whole(1).value_or(0) : 0;
  if (least > 0 && least <= 64 && out.size() < static_cast<std::size_t>(least))
    out.insert(0, static_cast<std::size_t>(least) - out.size(), '0');
  return Value::of_string(std::move(out));
}

/// __cast(typeof(type), value)
Result<Value> cast(const Call& call) { return convert(call[1], call[0].type()); }

/// Bytes that a value takes; of a dynamic one those of its JSON, since nobody says what the engine counts.
/// Source: "estimate_data_size()": a long takes 8, a text what it has in UTF-8.
std::int64_t size_of(const Value& value) {
  switch (value.type()) {
    case Type::Bool:
      return 1;
    case Type::Int:
      return 4;
    case Type::Decimal:
    case Type::Guid:
      return 16;
    case Type::String:
      return static_cast<std::int64_t>(value.as_string().size());
    case Type::Dynamic:
      return value.is_null() ? 0 : static_cast<std::int64_t>(value.json().size());
    default:
      return 8;
  }
}

Result<Value> data_size(const Call& call) {
  std::int64_t out = 0;
  for (const Value& value : call.arguments)
    out += size_of(value);
  return Value::of_long(out);
}

constexpr EvaluationRow kRows[] = {{"__cast", cast, 2, 2},
                                   {"estimate_data_size", data_size, 1, kMany},
                                   {"gettype", get_type},
                                   {"parse_json", parse_json},
                                   {"tobool", to<Type::Bool>},
                                   {"todatetime", to<Type::DateTime>},
                                   {"todecimal", to<Type::Decimal>},
                                   {"toguid", to<Type::Guid>},
                                   {"tohex", to_hex, 1, 2},
                                   {"toint", to<Type::Int>},
                                   {"tolong", to<Type::Long>},
                                   {"toreal", to<Type::Real>},
                                   {"tostring", to_string},
                                   {"totimespan", to<Type::Timespan>}};

}  // namespace

EvaluationRows conversion_evaluations() { return kRows; }

}  // namespace detail

}  // namespace redoubt::kql

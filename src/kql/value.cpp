#include "kql/value.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/hash.h"
#include "core/time.h"
#include "kql/json_text.h"

namespace redoubt::kql {

Value Value::null(Type type) {
  if (type == Type::String) return of_string({});
  Value out;
  out.type_ = type;
  return out;
}

#define RD_VALUE(type_name, held) \
  Value out;                      \
  out.type_ = Type::type_name;    \
  out.null_ = false;              \
  out.held_ = held;               \
  return out

Value Value::of_bool(bool value) { RD_VALUE(Bool, std::int64_t{value}); }
Value Value::of_int(std::int32_t value) { RD_VALUE(Int, std::int64_t{value}); }
Value Value::of_long(std::int64_t value) { RD_VALUE(Long, value); }
Value Value::of_real(double value) { RD_VALUE(Real, value); }
Value Value::of_decimal(const Decimal& value) { RD_VALUE(Decimal, value); }
Value Value::of_string(std::string value) { RD_VALUE(String, std::move(value)); }
Value Value::of_timespan(std::int64_t ticks) { RD_VALUE(Timespan, ticks); }
Value Value::of_guid(const Guid& value) { RD_VALUE(Guid, value); }

Value Value::of_datetime(std::int64_t ticks) {
  if (ticks < 0 || ticks > kLastInstant.ticks) return null(Type::DateTime);
  RD_VALUE(DateTime, ticks);
}

Value Value::of_dynamic(std::string json) {
  if (json.empty() || json == "null") return null(Type::Dynamic);
  RD_VALUE(Dynamic, std::move(json));
}

#undef RD_VALUE

bool Value::same_as(const Value& other) const {
  if (type_ != other.type_ || null_ != other.null_) return false;
  if (null_) return true;
  if (type_ == Type::Real && std::isnan(as_real())) return std::isnan(other.as_real());
  return held_ == other.held_;
}

std::string real_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::string out = fmt::format("{}", value);
  for (char& c : out)
    if (c == 'e') c = 'E';
  return out.find_first_of(".E") == std::string::npos ? out + ".0" : out;
}

std::string timespan_text(std::int64_t ticks) {
  std::uint64_t left = ticks < 0 ? 0 - static_cast<std::uint64_t>(ticks) : static_cast<std::uint64_t>(ticks);
  const auto take = [&left](std::int64_t unit) {
    const std::uint64_t count = left / static_cast<std::uint64_t>(unit);
    left %= static_cast<std::uint64_t>(unit);
    return count;
  };
  std::string out = ticks < 0 ? "-" : "";
  if (const std::uint64_t days = take(kTicksPerDay)) out += fmt::format("{}.", days);
  const std::uint64_t hours = take(kTicksPerHour);
  const std::uint64_t minutes = take(kTicksPerMinute);
  const std::uint64_t seconds = take(kTicksPerSecond);
  out += fmt::format("{:02}:{:02}:{:02}", hours, minutes, seconds);
  if (left != 0) out += fmt::format(".{:07}", left);
  return out;
}

std::string datetime_text(std::int64_t ticks) {
  const CivilTime time = civil_time({ticks});
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:07}Z", time.year, time.month, time.day, time.hour,
                     time.minute, time.second, time.fraction);
}

std::string guid_text(const Guid& guid) {
  std::string out =
      hex(std::string_view(reinterpret_cast<const char*>(guid.bytes.data()), guid.bytes.size()));
  for (const std::size_t at : {8U, 13U, 18U, 23U})
    out.insert(at, 1, '-');
  return out;
}

std::string to_text(const Value& value) {
  if (value.is_null()) return {};
  switch (value.type()) {
    case Type::Bool:
      return value.as_bool() ? "true" : "false";
    case Type::Int:
    case Type::Long:
      return std::to_string(value.as_long());
    case Type::Real:
      return real_text(value.as_real());
    case Type::Decimal:
      return value.as_decimal().text();
    case Type::String:
      return value.as_string();
    case Type::DateTime:
      return datetime_text(value.ticks());
    case Type::Timespan:
      return timespan_text(value.ticks());
    case Type::Guid:
      return guid_text(value.as_guid());
    case Type::Dynamic:
      return json_kind(value.json()) == JsonKind::String ? json_string(value.json()) : value.json();
    case Type::Unknown:
      break;
  }
  return {};
}

std::string to_json(const Value& value) {
  if (value.is_null()) return "null";
  switch (value.type()) {
    case Type::Bool:
    case Type::Int:
    case Type::Long:
      return to_text(value);
    case Type::Real:
      return std::isfinite(value.as_real()) ? to_text(value) : json_of_text(to_text(value));
    case Type::Dynamic:
      return value.json();
    default:
      return json_of_text(to_text(value));
  }
}

}  // namespace redoubt::kql

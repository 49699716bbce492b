#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/text.h"
#include "kql/detail/date_units.h"
#include "kql/detail/evaluation.h"

namespace redoubt::kql::detail {

namespace {

using Part = std::int64_t (*)(Instant);

Value part_of(const Value& value, Part part, Type type) {
  const Value moment = convert(value, Type::DateTime);
  if (moment.is_null()) return Value::null(type);
  const std::int64_t out = part({moment.ticks()});
  return type == Type::Int ? Value::of_int(static_cast<std::int32_t>(out)) : Value::of_long(out);
}

template <Part part, Type type = Type::Int>
Result<Value> number_of(const Call& call) {
  return part_of(call[0], part, type);
}

std::int64_t year(Instant at) { return civil_time(at).year; }
std::int64_t month(Instant at) { return civil_time(at).month; }
std::int64_t day(Instant at) { return civil_time(at).day; }
std::int64_t hour(Instant at) { return civil_time(at).hour; }
std::int64_t in_year(Instant at) { return day_of_year(at); }
std::int64_t week(Instant at) { return week_of_year(at); }

struct NamedPart {
  std::string_view name;
  Part part;
};
constexpr NamedPart kParts[] = {
    {"year", year},
    {"quarter", [](Instant at) { return (month(at) - 1) / 3 + 1; }},
    {"month", month},
    {"week_of_year", week},
    {"weekofyear", week},
    {"day", day},
    {"dayofyear", in_year},
    {"hour", hour},
    {"minute", [](Instant at) -> std::int64_t { return civil_time(at).minute; }},
    {"second", [](Instant at) -> std::int64_t { return civil_time(at).second; }},
    {"millisecond", [](Instant at) -> std::int64_t { return civil_time(at).fraction / 10'000; }},
    {"microsecond", [](Instant at) -> std::int64_t { return civil_time(at).fraction / 10; }},
    {"nanosecond", [](Instant at) -> std::int64_t { return std::int64_t{civil_time(at).fraction} * 100; }}};

Result<Value> datetime_part(const Call& call) {
  const std::string name = call.text(0);
  for (const NamedPart& row : kParts)
    if (equal_any_case(row.name, name)) return part_of(call[1], row.part, Type::Long);
  return refused(call, name);
}

Result<Value> day_of_week_span(const Call& call) {
  const Value moment = convert(call[0], Type::DateTime);
  if (moment.is_null()) return Value::null(Type::Timespan);
  return Value::of_timespan(day_of_week({moment.ticks()}) * kTicksPerDay);
}

std::string digits(std::int64_t value, std::size_t width) { return fmt::format("{:0{}}", value, width); }

/// `f`: all digits asked for; `F`: those behind the last that is not 0 left out.
std::string fraction(std::int64_t ticks, std::size_t width, bool trimmed) {
  std::string out = digits(ticks, 7).substr(0, std::min<std::size_t>(width, 7));
  while (trimmed && !out.empty() && out.back() == '0')
    out.pop_back();
  return out;
}

/// Calls `run(letter, count)` for runs of a letter and copies the rest; false where `run` knows no letter.
template <class Run>
bool format_runs(std::string_view format, std::string& out, Run run) {
  for (std::size_t i = 0; i < format.size();) {
    const char c = format[i];
    std::size_t count = 1;
    while (i + count < format.size() && format[i + count] == c)
      ++count;
    const bool letter = std::isalpha(static_cast<unsigned char>(c)) != 0;
    if (letter && !run(c, count)) return false;
    if (!letter) out.append(count, c);
    i += count;
  }
  return true;
}

/// Source: "format_datetime()", supported formats.
bool append_date_run(std::string& out, const CivilTime& time, char letter, std::size_t count) {
  const std::int64_t half_day = time.hour % 12 == 0 ? 12 : time.hour % 12;
  switch (letter) {
    case 'y':
      out += count > 2 ? digits(time.year, 4) : digits(time.year % 100, 2);
      return true;
    case 'M':
      out += digits(time.month, count > 1 ? 2 : 1);
      return true;
    case 'd':
      out += digits(time.day, count > 1 ? 2 : 1);
      return true;
    case 'H':
      out += digits(time.hour, count > 1 ? 2 : 1);
      return true;
    case 'h':
      out += digits(half_day, count > 1 ? 2 : 1);
      return true;
    case 'm':
      out += digits(time.minute, count > 1 ? 2 : 1);
      return true;
    case 's':
      out += digits(time.second, count > 1 ? 2 : 1);
      return true;
    case 'f':
    case 'F':
      out += fraction(time.fraction, count, letter == 'F');
      return true;
    case 't':
      out += time.hour < 12 ? "AM" : "PM";
      return true;
    default:
      return false;
  }
}

Result<Value> format_datetime(const Call& call) {
  const Value moment = convert(call[0], Type::DateTime);
  const std::string format = call.text(1);
  std::string out;
  const CivilTime time = civil_time({moment.is_null() ? 0 : moment.ticks()});
  const bool known = format_runs(
      format, out, [&](char letter, std::size_t count) { return append_date_run(out, time, letter, count); });
  if (!known)
    return refused(call, format, "its letters are y M d h H m s f F t; T and Z, as in ISO 8601, are none");
  return moment.is_null() ? Value::of_string({}) : text_result(call, std::move(out));
}

/// Source: "format_timespan()": d ... dddddddd, h, H, m, s, f, F.
Result<Value> format_timespan(const Call& call) {
  const Value span = convert(call[0], Type::Timespan);
  const std::string format = call.text(1);
  const std::uint64_t ticks = span.is_null()     ? 0
                              : span.ticks() < 0 ? 0 - static_cast<std::uint64_t>(span.ticks())
                                                 : static_cast<std::uint64_t>(span.ticks());
  const auto part = [ticks](std::int64_t unit, std::uint64_t bound) {
    const std::uint64_t count = ticks / static_cast<std::uint64_t>(unit);
    return static_cast<std::int64_t>(bound == 0 ? count : count % bound);
  };
  std::string out;
  const bool known = format_runs(format, out, [&](char letter, std::size_t count) {
    if (letter == 'd')
      out += digits(part(kTicksPerDay, 0), std::min<std::size_t>(count, 8));
    else if (letter == 'h' || letter == 'H')
      out += digits(part(kTicksPerHour, 24), count > 1 ? 2 : 1);
    else if (letter == 'm')
      out += digits(part(kTicksPerMinute, 60), count > 1 ? 2 : 1);
    else if (letter == 's')
      out += digits(part(kTicksPerSecond, 60), count > 1 ? 2 : 1);
    else if (letter == 'f' || letter == 'F')
      out += fraction(part(1, static_cast<std::uint64_t>(kTicksPerSecond)), count, letter == 'F');
    else
      return false;
    return true;
  });
  if (!known) return refused(call, format, "its letters are d h H m s f F");
  if (span.is_null()) return Value::of_string({});
  return text_result(call, span.ticks() < 0 ? "-" + out : std::move(out));
}

/// format_bytes(size [, precision [, unit]])
Result<Value> format_bytes(const Call& call) {
  static constexpr std::string_view kUnits[] = {"Bytes", "KB", "MB", "GB", "TB", "PB", "EB"};
  std::optional<double> size = call.real(0);
  if (!size) return Value::of_string({});
  const std::string wanted = call.size() > 2 ? call.text(2) : "";
  const std::int64_t precision =
      std::clamp<std::int64_t>(call.size() > 1 ? call.whole(1).value_or(0) : 0, 0, 15);
  std::size_t unit = 0;
  while (unit + 1 < std::size(kUnits) &&
         (wanted.empty() ? std::fabs(*size) >= 1024 : kUnits[unit] != wanted)) {
    *size /= 1024;
    ++unit;
  }
  if (!wanted.empty() && kUnits[unit] != wanted) return refused(call, wanted);
  std::string number = fmt::format("{:.{}f}", *size, precision);
  if (number.find('.') != std::string::npos) {
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
  }
  return Value::of_string(number + " " + std::string(kUnits[unit]));
}

constexpr EvaluationRow kParting[] = {{"datetime_part", datetime_part, 2, 2},
                                      {"dayofmonth", number_of<day>},
                                      {"dayofweek", day_of_week_span},
                                      {"dayofyear", number_of<in_year>},
                                      {"getyear", number_of<year, Type::Long>},
                                      {"hourofday", number_of<hour>},
                                      {"monthofyear", number_of<month, Type::Long>},
                                      {"week_of_year", number_of<week>}};

constexpr EvaluationRow kFormats[] = {{"format_bytes", format_bytes, 1, 3},
                                      {"format_datetime", format_datetime, 2, 2},
                                      {"format_timespan", format_timespan, 2, 2}};

}  // namespace

EvaluationRows date_part_evaluations() { return kParting; }
EvaluationRows format_evaluations() { return kFormats; }

}  // namespace redoubt::kql::detail

#include <cmath>

#include "kql/detail/date_units.h"
#include "kql/detail/evaluation.h"

namespace redoubt::kql::detail {

namespace {

Value datetime_or_null(const Result<Instant>& instant) {
  return instant ? Value::of_datetime(instant->ticks) : Value::null(Type::DateTime);
}

std::optional<Instant> instant(const Call& call, std::size_t i) {
  const Value value = convert(call[i], Type::DateTime);
  return value.is_null() ? std::nullopt : std::optional(Instant{value.ticks()});
}

Result<Value> now(const Call& call) {
  const Value moment = Value::of_datetime(call.context.now.ticks);
  return call.size() == 0 ? moment : add(moment, convert(call[0], Type::Timespan));
}

Result<Value> ago(const Call& call) {
  return subtract(Value::of_datetime(call.context.now.ticks), convert(call[0], Type::Timespan));
}

Result<Value> datetime_add(const Call& call) {
  const std::optional<DateUnit> unit = find_date_unit(call.text(0));
  if (!unit) return refused(call, call.text(0));
  const std::optional<std::int64_t> count = call.whole(1);
  const std::optional<Instant> from = instant(call, 2);
  if (!count || !from) return Value::null(Type::DateTime);
  return datetime_or_null(add_units(*from, *unit, *count));
}

Result<Value> datetime_diff(const Call& call) {
  const std::optional<DateUnit> unit = find_date_unit(call.text(0));
  if (!unit) return refused(call, call.text(0));
  const std::optional<Instant> a = instant(call, 1);
  const std::optional<Instant> b = instant(call, 2);
  // Weeks are a real, as the engine has it.
  const Type type = *unit == DateUnit::Week ? Type::Real : Type::Long;
  return a && b ? convert(Value::of_long(units_between(*b, *a, *unit)), type) : Value::null(type);
}

enum class Edge : unsigned char { Start, End };

/// The start of the day, week (Sunday), month or year, some of them on; its end is a tick before the next.
template <DateUnit unit, Edge edge>
Result<Value> edge_of(const Call& call) {
  const std::optional<Instant> at = instant(call, 0);
  const std::int64_t offset = call.size() > 1 ? call.whole(1).value_or(0) : 0;
  if (!at || offset == INT64_MAX) return Value::null(Type::DateTime);
  const Result<Instant> start = add_units(start_of(*at, unit), unit, offset + (edge == Edge::End ? 1 : 0));
  if (edge == Edge::Start) return datetime_or_null(start);
  if (!start) {
    const Result<Instant> last = add_units(start_of(*at, unit), unit, offset);
    return last && offset >= 0 ? Value::of_datetime(kLastInstant.ticks) : Value::null(Type::DateTime);
  }
  return Value::of_datetime(start->ticks - 1);
}

Result<Value> make_datetime(const Call& call) {
  if (call.size() == 1) return convert(call[0], Type::DateTime);
  if (call.size() == 2) return refused(call, "a month without a day");
  double parts[] = {1, 1, 1, 0, 0, 0};
  for (std::size_t i = 0; i < call.size(); ++i) {
    const std::optional<double> part = call.real(i);
    if (!part || !(*part >= 0 && *part <= 9999)) return Value::null(Type::DateTime);
    parts[i] = *part;
  }
  const auto whole = [&parts](std::size_t i) { return static_cast<int>(parts[i]); };
  const std::optional<Instant> out = instant_of({.year = whole(0),
                                                 .month = whole(1),
                                                 .day = whole(2),
                                                 .hour = whole(3),
                                                 .minute = whole(4),
                                                 .second = whole(5)});
  if (!out) return Value::null(Type::DateTime);
  const double fraction = parts[5] - std::floor(parts[5]);
  return Value::of_datetime(out->ticks + std::llround(fraction * static_cast<double>(kTicksPerSecond)));
}

/// make_timespan([days,] hours, minutes [, seconds])
Result<Value> make_timespan(const Call& call) {
  if (call.size() == 1) return convert(call[0], Type::Timespan);
  static constexpr double kUnits[] = {kTicksPerDay, kTicksPerHour, kTicksPerMinute, kTicksPerSecond};
  double ticks = 0;
  for (std::size_t i = 0; i < call.size(); ++i) {
    const std::optional<double> part = call.real(i);
    if (!part) return Value::null(Type::Timespan);
    ticks += *part * kUnits[call.size() == 4 ? i : i + 1];
  }
  if (!(std::fabs(ticks) < 9.2e18)) return Value::null(Type::Timespan);
  return Value::of_timespan(std::llround(ticks));
}

/// A number of units since 1970, which may have a fraction.
template <std::int64_t numerator, std::int64_t denominator>
Result<Value> from_unix(const Call& call) {
  static constexpr std::int64_t kEpoch = 621'355'968'000'000'000;
  const Value value = unwrap(call[0]);
  if (value.is_null()) return Value::null(Type::DateTime);
  std::int64_t ticks = 0;
  if (value.is(Type::Int) || value.is(Type::Long)) {
    if (__builtin_mul_overflow(value.as_long(), numerator, &ticks)) return Value::null(Type::DateTime);
    ticks /= denominator;
  } else {
    const double out = real_of(value).value_or(NAN) * numerator / denominator;
    if (!(std::fabs(out) < 9e18)) return Value::null(Type::DateTime);
    ticks = static_cast<std::int64_t>(out);
  }
  return add(Value::of_datetime(kEpoch), Value::of_timespan(ticks));
}

constexpr EvaluationRow kRows[] = {{"ago", ago},
                                   {"datetime_add", datetime_add, 3, 3},
                                   {"datetime_diff", datetime_diff, 3, 3},
                                   {"endofday", edge_of<DateUnit::Day, Edge::End>, 1, 2},
                                   {"endofmonth", edge_of<DateUnit::Month, Edge::End>, 1, 2},
                                   {"endofweek", edge_of<DateUnit::Week, Edge::End>, 1, 2},
                                   {"endofyear", edge_of<DateUnit::Year, Edge::End>, 1, 2},
                                   {"make_datetime", make_datetime, 1, 6},
                                   {"make_timespan", make_timespan, 1, 4},
                                   {"now", now, 0, 1},
                                   {"startofday", edge_of<DateUnit::Day, Edge::Start>, 1, 2},
                                   {"startofmonth", edge_of<DateUnit::Month, Edge::Start>, 1, 2},
                                   {"startofweek", edge_of<DateUnit::Week, Edge::Start>, 1, 2},
                                   {"startofyear", edge_of<DateUnit::Year, Edge::Start>, 1, 2},
                                   {"unixtime_microseconds_todatetime", from_unix<10, 1>},
                                   {"unixtime_milliseconds_todatetime", from_unix<10'000, 1>},
                                   {"unixtime_nanoseconds_todatetime", from_unix<1, 100>},
                                   {"unixtime_seconds_todatetime", from_unix<kTicksPerSecond, 1>}};

}  // namespace

EvaluationRows date_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail

#include "kql/detail/date_units.h"

#include <array>

#include "core/text.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::array<std::string_view, 11> kNames = {"year",        "quarter",     "month",     "week",
                                                     "day",         "hour",        "minute",    "second",
                                                     "millisecond", "microsecond", "nanosecond"};

/// Of units of a fixed length; a nanosecond has none.
constexpr std::int64_t ticks_of(DateUnit unit) {
  switch (unit) {
    case DateUnit::Week:
      return 7 * kTicksPerDay;
    case DateUnit::Day:
      return kTicksPerDay;
    case DateUnit::Hour:
      return kTicksPerHour;
    case DateUnit::Minute:
      return kTicksPerMinute;
    case DateUnit::Second:
      return kTicksPerSecond;
    case DateUnit::Millisecond:
      return kTicksPerSecond / 1000;
    case DateUnit::Microsecond:
      return 10;
    default:
      return 1;
  }
}

Instant start_of_month(int year, int month) {
  return instant_of({.year = year, .month = month}).value_or(Instant{});
}

}  // namespace

std::optional<DateUnit> find_date_unit(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (equal_any_case(kNames[i], name)) return static_cast<DateUnit>(i);
  return std::nullopt;
}

Result<Instant> add_units(Instant from, DateUnit unit, std::int64_t count) {
  if (count > 4'000'000'000'000'000'000 || count < -4'000'000'000'000'000'000)
    return add_ticks(from, INT64_MAX);
  if (unit == DateUnit::Year) return add_years(from, count);
  if (unit == DateUnit::Month) return add_months(from, count);
  if (unit == DateUnit::Quarter)
    return count > 40'000 ? add_ticks(from, INT64_MAX) : add_months(from, count * 3);
  if (unit == DateUnit::Nanosecond) return add_ticks(from, count / 100);
  std::int64_t ticks = 0;
  if (__builtin_mul_overflow(count, ticks_of(unit), &ticks)) return add_ticks(from, INT64_MAX);
  return add_ticks(from, ticks);
}

Instant start_of(Instant at, DateUnit unit) {
  const CivilTime civil = civil_time(at);
  switch (unit) {
    case DateUnit::Year:
      return start_of_month(civil.year, 1);
    case DateUnit::Quarter:
      return start_of_month(civil.year, (civil.month - 1) / 3 * 3 + 1);
    case DateUnit::Month:
      return start_of_month(civil.year, civil.month);
    case DateUnit::Week: {
      const std::int64_t day = at.ticks / kTicksPerDay - day_of_week(at);
      return {day < 0 ? 0 : day * kTicksPerDay};
    }
    default:
      return {at.ticks - at.ticks % ticks_of(unit)};
  }
}

std::int64_t units_between(Instant from, Instant to, DateUnit unit) {
  const CivilTime a = civil_time(from);
  const CivilTime b = civil_time(to);
  switch (unit) {
    case DateUnit::Year:
      return b.year - a.year;
    case DateUnit::Quarter:
      return (b.year - a.year) * 4 + (b.month - 1) / 3 - (a.month - 1) / 3;
    case DateUnit::Month:
      return (b.year - a.year) * 12 + b.month - a.month;
    case DateUnit::Week:
      // 0001-01-01 is a Monday: a day earlier a week begins.
      return (to.ticks + kTicksPerDay) / ticks_of(unit) - (from.ticks + kTicksPerDay) / ticks_of(unit);
    case DateUnit::Nanosecond: {
      std::int64_t out = 0;
      return __builtin_mul_overflow(to.ticks - from.ticks, 100, &out) ? (to < from ? INT64_MIN : INT64_MAX)
                                                                      : out;
    }
    default:
      return to.ticks / ticks_of(unit) - from.ticks / ticks_of(unit);
  }
}

int day_of_year(Instant at) {
  const Instant start = start_of(at, DateUnit::Year);
  return static_cast<int>((at.ticks - start.ticks) / kTicksPerDay) + 1;
}

int week_of_year(Instant at) {
  // The week belongs to the year that its Thursday is in.
  const std::int64_t from_monday = (day_of_week(at) + 6) % 7;
  const std::int64_t thursday = at.ticks / kTicksPerDay - from_monday + 3;
  if (thursday * kTicksPerDay > kLastInstant.ticks) return 1;
  return (day_of_year({thursday * kTicksPerDay}) - 1) / 7 + 1;
}

}  // namespace redoubt::kql::detail

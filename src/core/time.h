#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace redoubt {

inline constexpr std::int64_t kTicksPerSecond = 10'000'000;
inline constexpr std::int64_t kTicksPerMinute = 60 * kTicksPerSecond;
inline constexpr std::int64_t kTicksPerHour = 60 * kTicksPerMinute;
inline constexpr std::int64_t kTicksPerDay = 24 * kTicksPerHour;

/// A moment in UTC: ticks of 100 ns since 0001-01-01T00:00:00Z, as .NET's DateTime and Kusto's datetime
/// count.
struct Instant {
  std::int64_t ticks = 0;

  auto operator<=>(const Instant&) const = default;
};

/// 9999-12-31T23:59:59.9999999Z, the last moment there is.
inline constexpr Instant kLastInstant{3'155'378'975'999'999'999};

/// An instant and the clock it was written in. No offset: the text named none, and UTC was taken.
struct ZonedTime {
  Instant instant;
  std::optional<int> offset_minutes;
};

/// The parts of a date and a time of day in the proleptic Gregorian calendar.
struct CivilTime {
  int year = 1;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int fraction = 0;  ///< ticks below the second
};

CivilTime civil_time(Instant instant);
/// Nothing when a part is out of its range (years 1 to 9999).
std::optional<Instant> instant_of(const CivilTime& civil);
/// 0 is Sunday.
int day_of_week(Instant instant);

/// The system's clock. Commands take it once and pass it down; `--now` replaces it.
Instant now();

Instant from_epoch_seconds(std::int64_t seconds);
/// Whole seconds since 1970, rounded down.
std::int64_t to_epoch_seconds(Instant instant);

// Errors of the four: CORE0104 when the result is outside the years 1 to 9999.
Result<Instant> add_ticks(Instant instant, std::int64_t ticks);
Result<Instant> add_days(Instant instant, std::int64_t days);
/// By the calendar: the day is cut to the length of the month reached, as .NET's AddMonths does.
Result<Instant> add_months(Instant instant, std::int64_t months);
Result<Instant> add_years(Instant instant, std::int64_t years);

/// Reads a time as .NET's DateTime.Parse does with the invariant culture: ISO 8601 (extended or basic, date
/// alone too), the round-trip, sortable and universal forms, RFC 1123, `04/07/2020 14:53:14`, `April 7,
/// 2020`. Digits below 100 ns are rounded. Errors: CORE0101 (InvalidInput) for anything else.
Result<ZonedTime> parse_time(std::string_view text);

/// Writes a time by a .NET format string, standard (one letter) or custom, in the invariant culture.
///
/// K writes Z for offset 0, nothing where no offset is known.
/// Errors: CORE0102 (InvalidInput) for a format .NET refuses, too.
/// Source: "Standard date and time format strings" and "Custom date and time format strings" of .NET.
Result<std::string> format_time(const ZonedTime& time, std::string_view format);

/// `yyyy-MM-ddTHH:mm:ss[.fffffff]Z`, the fraction only where there is one.
std::string to_text(Instant instant);

/// Ticks of an ISO 8601 duration such as P1Y2M3DT4H5M6.5S, -P8D, PT0S, P2W. A year counts 365 days and a
/// month 30, as XmlConvert.ToTimeSpan and therefore dateTimeAdd of templates have it.
/// Errors: CORE0103 (InvalidInput) no duration; CORE0104 too long for 64 bits.
Result<std::int64_t> parse_duration(std::string_view text);

}  // namespace redoubt

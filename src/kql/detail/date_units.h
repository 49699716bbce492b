#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace redoubt::kql::detail {

/// The units that datetime_add() and datetime_diff() count in.
enum class DateUnit : std::uint8_t {
  Year,
  Quarter,
  Month,
  Week,
  Day,
  Hour,
  Minute,
  Second,
  Millisecond,
  Microsecond,
  Nanosecond
};

/// By name, in any case.
std::optional<DateUnit> find_date_unit(std::string_view name);

/// Errors: CORE0104 outside the years 1 to 9999.
Result<Instant> add_units(Instant from, DateUnit unit, std::int64_t count);
/// How many borders of the unit lie between the two: negative when `to` is earlier.
/// Source: Kusto Query Language reference, "datetime_diff()".
std::int64_t units_between(Instant from, Instant to, DateUnit unit);
/// The start of the unit that the moment is in; weeks begin on Sunday.
Instant start_of(Instant at, DateUnit unit);

int day_of_year(Instant at);
/// The week by ISO 8601.
int week_of_year(Instant at);

}  // namespace redoubt::kql::detail

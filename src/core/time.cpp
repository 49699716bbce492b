#include "core/time.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "core/text.h"

namespace redoubt {
namespace {

constexpr std::int64_t kEpochTicks = 621'355'968'000'000'000;  // 1970-01-01
constexpr std::int64_t kDaysBeforeEpoch = 719'162;             // from 0001-01-01
constexpr int kMonths = 12;

// Both directions by std::chrono's calendar, which is plain arithmetic in g++ 12.
std::int64_t days_of(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  return std::chrono::sys_days(date).time_since_epoch().count() + kDaysBeforeEpoch;
}

int days_in_month(int year, int month) {
  const std::chrono::year_month_day_last last{
      std::chrono::year(year), std::chrono::month_day_last(std::chrono::month(static_cast<unsigned>(month)))};
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

bool in_range(const CivilTime& civil) {
  return civil.year >= 1 && civil.year <= 9999 && civil.month >= 1 && civil.month <= kMonths &&
         civil.day >= 1 && civil.day <= days_in_month(civil.year, civil.month) && civil.hour >= 0 &&
         civil.hour < 24 && civil.minute >= 0 && civil.minute < 60 && civil.second >= 0 &&
         civil.second < 60 && civil.fraction >= 0 && civil.fraction < kTicksPerSecond;
}

tl::unexpected<Error> outside() {
  return fail(Error::Kind::InvalidInput, "CORE0104", "time is outside the years 1 to 9999");
}

}  // namespace

CivilTime civil_time(Instant instant) {
  const std::int64_t days = instant.ticks / kTicksPerDay;
  const std::int64_t rest = instant.ticks % kTicksPerDay;
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<int>(days - kDaysBeforeEpoch)))};
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<int>(static_cast<unsigned>(date.month())),
          .day = static_cast<int>(static_cast<unsigned>(date.day())),
          .hour = static_cast<int>(rest / kTicksPerHour),
          .minute = static_cast<int>(rest / kTicksPerMinute % 60),
          .second = static_cast<int>(rest / kTicksPerSecond % 60),
          .fraction = static_cast<int>(rest % kTicksPerSecond)};
}

std::optional<Instant> instant_of(const CivilTime& civil) {
  if (!in_range(civil)) return std::nullopt;
  const std::int64_t seconds = (civil.hour * 60 + civil.minute) * 60 + civil.second;
  return Instant{days_of(civil.year, civil.month, civil.day) * kTicksPerDay + seconds * kTicksPerSecond +
                 civil.fraction};
}

int day_of_week(Instant instant) {
  return static_cast<int>((instant.ticks / kTicksPerDay + 1) % 7);  // 0001-01-01 was a Monday
}

Instant now() {
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, kTicksPerSecond>>;
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {kEpochTicks + std::chrono::duration_cast<Ticks>(since_epoch).count()};
}

Instant from_epoch_seconds(std::int64_t seconds) {
  constexpr std::int64_t kFirst = -kEpochTicks / kTicksPerSecond;
  constexpr std::int64_t kLast = (kLastInstant.ticks - kEpochTicks) / kTicksPerSecond;
  return {kEpochTicks + std::clamp(seconds, kFirst, kLast) * kTicksPerSecond};
}

std::int64_t to_epoch_seconds(Instant instant) {
  return instant.ticks / kTicksPerSecond - kEpochTicks / kTicksPerSecond;
}

Result<Instant> add_ticks(Instant instant, std::int64_t ticks) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(instant.ticks, ticks, &sum) || sum < 0 || sum > kLastInstant.ticks)
    return outside();
  return Instant{sum};
}

Result<Instant> add_days(Instant instant, std::int64_t days) {
  std::int64_t ticks = 0;
  if (__builtin_mul_overflow(days, kTicksPerDay, &ticks)) return outside();
  return add_ticks(instant, ticks);
}

Result<Instant> add_months(Instant instant, std::int64_t months) {
  constexpr std::int64_t kMost = 120'000;
  if (months < -kMost || months > kMost) return outside();
  CivilTime civil = civil_time(instant);
  const std::int64_t month = civil.year * std::int64_t{kMonths} + civil.month - 1 + months;
  if (month < kMonths || month >= std::int64_t{10'000} * kMonths) return outside();
  civil.year = static_cast<int>(month / kMonths);
  civil.month = static_cast<int>(month % kMonths) + 1;
  civil.day = std::min(civil.day, days_in_month(civil.year, civil.month));
  return *instant_of(civil);
}

Result<Instant> add_years(Instant instant, std::int64_t years) {
  if (years < -10'000 || years > 10'000) return outside();
  return add_months(instant, years * kMonths);
}

std::string to_text(Instant instant) {
  return format_time({instant, 0}, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK").value();
}

}  // namespace redoubt

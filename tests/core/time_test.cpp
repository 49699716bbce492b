#include "core/time.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>

#include "core/text.h"
#include "testing/cases.h"
#include "testing/lines.h"

namespace redoubt {
namespace {

std::string offset_text(const ZonedTime& time) {
  return time.offset_minutes ? fmt::format("{:+}", *time.offset_minutes) : "none";
}

std::string show(const Result<Instant>& instant) {
  return instant ? to_text(*instant) : instant.error().code;
}

// TEXT -> the instant in UTC, and the offset in minutes that the text named
std::string render_parse(std::string_view text) {
  const Result<ZonedTime> time = parse_time(text);
  return time ? to_text(time->instant) + " " + offset_text(*time) : time.error().code;
}

// TIME | FORMAT
std::string render_format(std::string_view line) {
  const std::size_t bar = line.find(" | ");
  const Result<ZonedTime> time = parse_time(line.substr(0, bar));
  if (!time) return time.error().code;
  const Result<std::string> text = format_time(*time, line.substr(bar + 3));
  return text ? "[" + *text + "]" : text.error().code;
}

std::string render_duration(std::string_view text) {
  const Result<std::int64_t> ticks = parse_duration(text);
  return ticks ? std::to_string(*ticks) : ticks.error().code;
}

// TIME + NUMBER UNIT
std::string render_arithmetic(std::string_view line) {
  const std::vector<std::string_view> words = split(line, ' ');
  const Instant start = parse_time(words.at(0)).value().instant;
  std::int64_t amount = 0;
  std::from_chars(words.at(1).data(), words.at(1).data() + words.at(1).size(), amount);
  const std::string_view unit = words.at(2);
  if (unit == "ticks") return show(add_ticks(start, amount));
  if (unit == "days") return show(add_days(start, amount));
  if (unit == "months") return show(add_months(start, amount));
  return show(add_years(start, amount));
}

using testing::by_line;
[[maybe_unused]] const bool registered[] = {
    testing::register_cases("TimeParse", "tests/core/cases/time_parse", by_line(render_parse)),
    testing::register_cases("TimeFormat", "tests/core/cases/time_format", by_line(render_format)),
    testing::register_cases("Duration", "tests/core/cases/duration", by_line(render_duration)),
    testing::register_cases("TimeArithmetic", "tests/core/cases/time_arithmetic", by_line(render_arithmetic)),
};

TEST(Time, CivilTimeReadsBackOnEveryDayOfTheCalendar) {
  for (std::int64_t ticks = 0; ticks < kLastInstant.ticks; ticks += kTicksPerDay + kTicksPerHour / 3) {
    const Instant instant{ticks};
    ASSERT_EQ(instant_of(civil_time(instant)), instant) << ticks;
  }
  EXPECT_EQ(instant_of(civil_time(kLastInstant)), kLastInstant);
}

TEST(Time, RoundTripFormReadsBack) {
  for (std::int64_t ticks = 1; ticks < kLastInstant.ticks; ticks += 987'654'321'987'654) {
    const std::string text = format_time({{ticks}, 0}, "o").value();
    const Result<ZonedTime> back = parse_time(text);
    ASSERT_TRUE(back) << text;
    ASSERT_EQ(back->instant.ticks, ticks) << text;
  }
}

TEST(Time, EpochSecondsRoundDown) {
  EXPECT_EQ(to_text(from_epoch_seconds(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_text(from_epoch_seconds(1'683'040'573)), "2023-05-02T15:16:13Z");
  EXPECT_EQ(to_text(from_epoch_seconds(-1)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(to_epoch_seconds(parse_time("2023-05-02T15:16:13.9Z").value().instant), 1'683'040'573);
  EXPECT_EQ(to_epoch_seconds(parse_time("1969-12-31T23:59:58.5Z").value().instant), -2);
}

TEST(Time, EpochSecondsOutsideTheCalendarAreCut) {
  EXPECT_EQ(to_text(from_epoch_seconds(INT64_MIN)), "0001-01-01T00:00:00Z");
  EXPECT_EQ(to_text(from_epoch_seconds(INT64_MAX)), "9999-12-31T23:59:59Z");
}

TEST(Time, NowIsAfterThisWasWritten) { EXPECT_GT(now(), parse_time("2024-01-01").value().instant); }

}  // namespace
}  // namespace redoubt

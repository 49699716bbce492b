#include "arm/detail/arguments.h"
#include "core/time.h"

// Dates of templates and of policy rules. Source: Microsoft Learn "Date functions for ARM templates" (a year
// counts 365 days and a month 30; without a format the result is ISO 8601 with Z) and "Azure Policy
// definition structure policy rule", addDays.

namespace redoubt::arm {
namespace {

using detail::Arguments;
using doc::UnknownType;
using doc::Value;

Result<ZonedTime> time_at(const Call& call, Arguments arguments, std::size_t index) {
  const std::string_view text = RD_TRY(detail::text_at(call, arguments, index));
  Result<ZonedTime> time = parse_time(text);
  if (!time) return detail::bad_argument(call, "takes a time in ISO 8601 form");
  return time;
}

Result<Value> date_time_add(Call& call, Arguments arguments) {
  const ZonedTime base = RD_TRY(time_at(call, arguments, 0));
  const std::string_view duration_text = RD_TRY(detail::text_at(call, arguments, 1));
  const Result<std::int64_t> duration = parse_duration(duration_text);
  if (!duration) return detail::bad_argument(call, "takes a duration in ISO 8601 form, such as PT1H or -P9D");
  const Result<Instant> sum = add_ticks(base.instant, *duration);
  if (!sum) return detail::bad_argument(call, "gives a time outside the years 1 to 9999");
  if (arguments.size() < 3) return detail::text_result(call, to_text(*sum));
  const std::string_view format = RD_TRY(detail::text_at(call, arguments, 2));
  const Result<std::string> text = format_time({*sum, 0}, format);
  if (!text) return detail::bad_argument(call, "takes a date and time format of .NET");
  return detail::text_result(call, *text);
}

constexpr std::int64_t kFirstSecond = -62'135'596'800;
constexpr std::int64_t kLastSecond = 253'402'300'799;

Result<Value> date_time_from_epoch(Call& call, Arguments arguments) {
  const std::int64_t seconds = RD_TRY(detail::int_at(call, arguments, 0));
  if (seconds < kFirstSecond || seconds > kLastSecond)
    return detail::bad_argument(call, "gives a time outside the years 1 to 9999");
  return detail::text_result(call, to_text(from_epoch_seconds(seconds)));
}

Result<Value> date_time_to_epoch(Call& call, Arguments arguments) {
  const ZonedTime time = RD_TRY(time_at(call, arguments, 0));
  return Value::integer(to_epoch_seconds(time.instant));
}

Result<Value> add_days_to(Call& call, Arguments arguments) {
  const ZonedTime time = RD_TRY(time_at(call, arguments, 0));
  const std::int64_t days = RD_TRY(detail::int_at(call, arguments, 1));
  const Result<Instant> sum = add_days(time.instant, days);
  if (!sum) return detail::bad_argument(call, "gives a time outside the years 1 to 9999");
  const std::string text = RD_TRY(format_time({*sum, 0}, "yyyy-MM-ddTHH:mm:ss.fffffffZ"));
  return detail::text_result(call, text);
}

constexpr auto kArm = Language::Arm;
constexpr auto kOpaque = OpenArguments::Opaque;
constexpr auto kString = UnknownType::String;

constexpr Function kFunctions[] = {
    {"addDays", 2, 2, Language::Policy, kString, kOpaque, true, add_days_to, "A time so many days later"},
    {"dateTimeAdd", 2, 3, kArm, kString, kOpaque, true, date_time_add, "A time plus an ISO 8601 duration"},
    {"dateTimeFromEpoch", 1, 1, kArm, kString, kOpaque, true, date_time_from_epoch,
     "The time of Unix seconds"},
    {"dateTimeToEpoch", 1, 1, kArm, UnknownType::Int, kOpaque, true, date_time_to_epoch,
     "The Unix seconds of a time"},
};

}  // namespace

std::span<const Function> date_functions() { return kFunctions; }

}  // namespace redoubt::arm

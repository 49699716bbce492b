#include "kql/detail/function_rows.h"
#include "kql/detail/function_tables.h"

namespace redoubt::kql::detail {

namespace {

constexpr auto kDateUnits =
    std::to_array<std::string_view>({"year", "quarter", "month", "week", "day", "hour", "minute", "second",
                                     "millisecond", "microsecond", "nanosecond"});
constexpr auto kDateParts =
    std::to_array<std::string_view>({"year", "quarter", "month", "week_of_year", "day", "dayofyear", "hour",
                                     "minute", "second", "millisecond", "microsecond", "nanosecond"});

constexpr Signatures kPartOfDate = RD_LIST(gives(Int, RD_LIST(datetime("date"))));
// Kusto.Language 12.4.1 says int of these three; the engine gives a long.
constexpr Signatures kLongPartOfDate = RD_LIST(gives(Long, RD_LIST(datetime("date"))));
constexpr Signatures kEdgeOfSpan =
    RD_LIST(gives(DateTime, RD_LIST(datetime("date"), optional(typed(Long, "offset")))));
constexpr Signatures kUnixTime = RD_LIST(gives(DateTime, RD_LIST(number("number"))));
constexpr Signatures kPartByName =
    RD_LIST(gives(Long, RD_LIST(one_of(kDateParts, literal(string("part"))), datetime("date"))));

// Dates and time spans. Sorted by name.
constexpr std::array kRows = {
    pure("ago", RD_LIST(gives(DateTime, RD_LIST(timespan("timespan")))), "ago-function"),
    alias("datetime_part",
          deprecated("datetime_part", pure("datepart", kPartByName, "datetime-part-function"))),
    pure("datetime_add",
         RD_LIST(gives(DateTime, RD_LIST(one_of(kDateUnits, literal(string("part"))), integer("value"),
                                         datetime("datetime")))),
         "datetime-add-function"),
    pure("datetime_diff",
         RD_LIST(gives(ByName, RD_LIST(one_of(kDateUnits, literal(string("part"))), datetime("datetime1"),
                                       datetime("datetime2")))),
         "datetime-diff-function"),
    pure("datetime_list_timezones", RD_LIST(gives_array()), "datetime-list-timezones"),
    pure("datetime_local_to_utc", RD_LIST(gives(DateTime, RD_LIST(datetime("from"), string("timezone")))),
         "datetime-local-to-utc-function"),
    pure("datetime_part", kPartByName, "datetime-part-function"),
    pure("datetime_utc_to_local", RD_LIST(gives(DateTime, RD_LIST(datetime("from"), string("timezone")))),
         "datetime-utc-to-local-function"),
    pure("dayofmonth", kPartOfDate, "day-of-month-function"),
    pure("dayofweek", RD_LIST(gives(Timespan, RD_LIST(datetime("date")))), "day-of-week-function"),
    pure("dayofyear", kPartOfDate, "day-of-year-function"),
    pure("endofday", kEdgeOfSpan, "endofday-function"),
    pure("endofmonth", kEdgeOfSpan, "endofmonth-function"),
    pure("endofweek", kEdgeOfSpan, "endofweek-function"),
    pure("endofyear", kEdgeOfSpan, "endofyear-function"),
    pure("format_datetime", RD_LIST(gives(String, RD_LIST(datetime("date"), full_literal(string("format"))))),
         "format-datetime-function", FirstArgument),
    pure("format_timespan",
         RD_LIST(gives(String, RD_LIST(timespan("timespan"), full_literal(string("format"))))),
         "format-timespan-function", FirstArgument),
    alias("monthofyear", pure("getmonth", kLongPartOfDate, "monthofyear-function")),
    pure("getyear", kLongPartOfDate, "getyear-function"),
    pure("hourofday", kPartOfDate, "hour-of-day-function"),
    pure("make_datetime",
         RD_LIST(
             gives(DateTime, RD_LIST(number("year"), number("month"), number("day"), optional(number("hour")),
                                     optional(number("minute")), optional(number("second")))),
             gives(DateTime, RD_LIST(scalar("value")))),
         "make-datetime-function", OnlyArgument),
    pure("make_timespan",
         RD_LIST(gives(Timespan,
                       RD_LIST(integer("days"), integer("hours"), integer("minutes"), number("seconds"))),
                 gives(Timespan, RD_LIST(integer("hours"), integer("minutes"), optional(number("seconds")))),
                 gives(Timespan, RD_LIST(scalar("value")))),
         "make-timespan-function", OnlyArgument),
    pure("monthofyear", kLongPartOfDate, "monthofyear-function"),
    pure("now", RD_LIST(gives(DateTime, RD_LIST(optional(timespan("offset"))))), "now-function"),
    pure("startofday", kEdgeOfSpan, "startofday-function", FirstArgument),
    pure("startofmonth", kEdgeOfSpan, "startofmonth-function"),
    pure("startofweek", kEdgeOfSpan, "startofweek-function"),
    pure("startofyear", kEdgeOfSpan, "startofyear-function"),
    pure("unixtime_microseconds_todatetime", kUnixTime, "unixtime-microseconds-todatetime-function"),
    pure("unixtime_milliseconds_todatetime", kUnixTime, "unixtime-milliseconds-todatetime-function"),
    pure("unixtime_nanoseconds_todatetime", kUnixTime, "unixtime-nanoseconds-todatetime-function"),
    pure("unixtime_seconds_todatetime", kUnixTime, "unixtime-seconds-todatetime-function"),
    pure("week_of_year", kPartOfDate, "week-of-year-function"),
    alias("week_of_year",
          deprecated("week_of_year", pure("weekofyear", kPartOfDate, "week-of-year-function"))),
};

}  // namespace

std::span<const Function> date_functions() { return kRows; }

}  // namespace redoubt::kql::detail

#include "query/timespan.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/text.h"
#include "kql/value.h"

namespace redoubt::query {

namespace {

tl::unexpected<Error> no_span(std::string_view text, std::string_view why) {
  return fail(Error::Kind::Usage, "QRY0008", fmt::format("{}: {}", why, text), {},
              "write P1D, PT12H, 2w, 2024-01-31, 2024-01-31/2024-02-01 or 2024-01-31/P1D");
}

constexpr std::uint64_t kMostWeeks = 600'000;  // longer than the calendar

/// `2026-11-27`, with nothing behind it.
bool is_day(std::string_view text) {
  static constexpr std::string_view kForm = "dddd-dd-dd";
  return std::ranges::equal(
      text, kForm, [](char one, char form) { return form == 'd' ? one >= '0' && one <= '9' : one == form; });
}

std::optional<std::int64_t> duration_of(std::string_view text) {
  if (const Result<std::int64_t> iso = parse_duration(text)) return *iso;
  if (text.ends_with('w')) {
    const std::optional<std::uint64_t> weeks = whole_number(text.substr(0, text.size() - 1));
    return weeks && *weeks <= kMostWeeks ? std::optional(static_cast<std::int64_t>(*weeks) * 7 * kTicksPerDay)
                                         : std::nullopt;
  }
  // `12h` is one, 12 could be anything.
  const bool with_unit = text.find_first_not_of("0123456789.") != std::string_view::npos;
  return with_unit ? kql::read_timespan(text) : std::nullopt;
}

}  // namespace

Result<kql::TimeSpan> parse_timespan(std::string_view text, Instant now) {
  const std::vector<std::string_view> parts = split(text, '/');
  if (parts.size() > 2) return no_span(text, "a span has a start and an end");
  const auto moved = [&](Instant from, std::int64_t ticks) -> Result<Instant> {
    Result<Instant> out = add_ticks(from, ticks);
    if (!out) return no_span(text, "a span leaves the calendar");
    return out;
  };
  if (is_day(trim(text))) {
    const Result<ZonedTime> day = parse_time(trim(text));
    if (!day) return no_span(text, "no day of the calendar");
    const Instant last = RD_TRY(moved(day->instant, kTicksPerDay - 1));
    return kql::TimeSpan{day->instant, last};
  }
  if (parts.size() == 1) {
    const std::optional<std::int64_t> duration = duration_of(trim(text));
    if (!duration || *duration < 0) return no_span(text, "no span of time");
    const Instant from = RD_TRY(moved(now, -*duration));
    return kql::TimeSpan{from, now};
  }
  const std::string_view first = trim(parts[0]);
  const std::string_view second = trim(parts[1]);
  const Result<ZonedTime> from = parse_time(first);
  const Result<ZonedTime> to = parse_time(second);
  const std::optional<std::int64_t> lead = from ? std::nullopt : duration_of(first);
  const std::optional<std::int64_t> length = to ? std::nullopt : duration_of(second);
  if ((!from && !lead) || (!to && !length) || (!from && !to)) return no_span(text, "no span of time");
  kql::TimeSpan out{from ? from->instant : Instant(), to ? to->instant : Instant()};
  if (!from) out.from = RD_TRY(moved(out.to, -*lead));
  if (!to) out.to = RD_TRY(moved(out.from, *length));
  if (out.from > out.to) return no_span(text, "a span ends before it begins");
  return out;
}

}  // namespace redoubt::query

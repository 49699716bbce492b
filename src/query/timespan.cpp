#include "query/timespan.h"

#include <fmt/format.h>

#include <optional>

#include "core/text.h"
#include "kql/value.h"

namespace redoubt::query {

namespace {

tl::unexpected<Error> no_span(std::string_view text, std::string_view why) {
  return fail(Error::Kind::Usage, "QRY0008", fmt::format("{}: {}", why, text), {},
              "write P1D, PT12H, 2024-01-31/2024-02-01 or 2024-01-31/P1D");
}

std::optional<std::int64_t> duration_of(std::string_view text) {
  if (const Result<std::int64_t> iso = parse_duration(text)) return *iso;
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

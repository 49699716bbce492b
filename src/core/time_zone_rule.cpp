#include <algorithm>
#include <charconv>

#include "core/time_zone.h"

namespace redoubt {

namespace {

constexpr std::int64_t kHour = 3'600;
constexpr std::int64_t kDay = 24 * kHour;

// Hours: of an offset, and of the time of a change (RFC 8536, 3.3.1).
constexpr int kMostOffset = 24;
constexpr int kMostTime = 167;

tl::unexpected<Error> no_rule(std::string_view text) {
  return fail(Error::Kind::InvalidInput, "CORE0106",
              "no rule of a time zone: " + std::string(text.substr(0, 80)));
}

/// A rule that is read from its front.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  /// At least three letters, or anything in angle brackets.
  bool take_name() {
    if (take('<')) {
      const std::size_t end = text_.find('>');
      if (end == std::string_view::npos) return false;
      text_.remove_prefix(end + 1);
      return true;
    }
    const auto end = std::find_if(text_.begin(), text_.end(),
                                  [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')); });
    const auto size = static_cast<std::size_t>(end - text_.begin());
    text_.remove_prefix(size);
    return size >= 3;
  }

  std::optional<int> take_number(int most) {
    int out = 0;
    const auto [end, code] = std::from_chars(text_.data(), text_.data() + text_.size(), out);
    if (code != std::errc() || text_.front() == '-' || out > most) return std::nullopt;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return out;
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  std::optional<std::int64_t> take_time(int most_hours) {
    const bool negative = take('-');
    if (!negative) take('+');
    const std::optional<int> hours = take_number(most_hours);
    if (!hours) return std::nullopt;
    std::int64_t out = *hours * kHour;
    for (const std::int64_t unit : {60, 1}) {
      if (!take(':')) break;
      const std::optional<int> part = take_number(59);
      if (!part) return std::nullopt;
      out += *part * unit;
    }
    return negative ? -out : out;
  }

  /// `,Mm.w.d[/time]`, `,Jn[/time]`, `,n[/time]`
  std::optional<ClockChange> take_change() {
    if (!take(',')) return std::nullopt;
    ClockChange out;
    std::optional<int> day;
    if (take('M')) {
      const std::optional<int> month = take_number(12);
      const std::optional<int> week = take('.') ? take_number(5) : std::nullopt;
      day = take('.') ? take_number(6) : std::nullopt;
      if (!month || *month < 1 || !week || *week < 1) return std::nullopt;
      out.month = *month;
      out.week = *week;
    } else {
      out.kind = take('J') ? ClockChange::Kind::JulianDay : ClockChange::Kind::DayOfYear;
      day = take_number(365);
      if (day == 0 && out.kind == ClockChange::Kind::JulianDay) return std::nullopt;
    }
    if (!day) return std::nullopt;
    out.day = *day;
    if (!take('/')) return out;
    const std::optional<std::int64_t> time = take_time(kMostTime);
    if (!time) return std::nullopt;
    out.seconds = *time;
    return out;
  }

 private:
  std::string_view text_;
};

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

/// Midnight of a day that is in the calendar.
Instant day_of(int year, int month, int day) {
  return instant_of({.year = year, .month = month, .day = day}).value_or(Instant{});
}

std::int64_t midnight_of(const ClockChange& change, int year) {
  const std::int64_t start = to_epoch_seconds(day_of(year, 1, 1));
  if (change.kind == ClockChange::Kind::DayOfYear) return start + change.day * kDay;
  if (change.kind == ClockChange::Kind::JulianDay)
    return start + (change.day - 1 + (is_leap(year) && change.day >= 60 ? 1 : 0)) * kDay;
  const Instant first = day_of(year, change.month, 1);
  const int to_day = (change.day - day_of_week(first) + 7) % 7;
  int day = 1 + to_day + (change.week - 1) * 7;
  if (!instant_of({.year = year, .month = change.month, .day = day})) day -= 7;
  return to_epoch_seconds(day_of(year, change.month, day));
}

}  // namespace

Result<ClockRule> ClockRule::read(std::string_view text) {
  RuleReader reader(text);
  ClockRule out;
  const std::optional<std::int64_t> west = reader.take_name() ? reader.take_time(kMostOffset) : std::nullopt;
  if (!west) return no_rule(text);
  out.offset = -*west;
  if (reader.done()) return out;
  if (!reader.take_name()) return no_rule(text);
  Summer summer{.offset = out.offset + kHour, .start = {}, .end = {}};
  RuleReader ahead = reader;
  if (!ahead.take(',')) {
    const std::optional<std::int64_t> summer_west = reader.take_time(kMostOffset);
    if (!summer_west) return no_rule(text);
    summer.offset = -*summer_west;
  }
  const std::optional<ClockChange> start = reader.take_change();
  const std::optional<ClockChange> end = start ? reader.take_change() : std::nullopt;
  if (!end || !reader.done()) return no_rule(text);
  summer.start = *start;
  summer.end = *end;
  out.summer = summer;
  return out;
}

std::int64_t ClockRule::offset_at(std::int64_t epoch_seconds) const {
  if (!summer) return offset;
  const int year = civil_time(from_epoch_seconds(epoch_seconds + offset)).year;
  const std::int64_t start = midnight_of(summer->start, year) + summer->start.seconds - offset;
  const std::int64_t end = midnight_of(summer->end, year) + summer->end.seconds - summer->offset;
  const bool in_summer = start < end ? epoch_seconds >= start && epoch_seconds < end
                                     : epoch_seconds >= start || epoch_seconds < end;
  return in_summer ? summer->offset : offset;
}

}  // namespace redoubt

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "core/detail/time_names.h"
#include "core/time.h"

namespace redoubt {
namespace {

constexpr std::string_view kDefaultFormat = "G";
constexpr int kFractionDigits = 7;

struct StandardFormat {
  char letter;
  std::string_view custom;
  bool in_utc;
};

constexpr std::array kStandardFormats = {
    StandardFormat{'d', "MM/dd/yyyy", false},
    StandardFormat{'D', "dddd, dd MMMM yyyy", false},
    StandardFormat{'f', "dddd, dd MMMM yyyy HH:mm", false},
    StandardFormat{'F', "dddd, dd MMMM yyyy HH:mm:ss", false},
    StandardFormat{'g', "MM/dd/yyyy HH:mm", false},
    StandardFormat{'G', "MM/dd/yyyy HH:mm:ss", false},
    StandardFormat{'m', "MMMM dd", false},
    StandardFormat{'M', "MMMM dd", false},
    StandardFormat{'o', "yyyy-MM-ddTHH:mm:ss.fffffffK", false},
    StandardFormat{'O', "yyyy-MM-ddTHH:mm:ss.fffffffK", false},
    StandardFormat{'r', "ddd, dd MMM yyyy HH:mm:ss 'GMT'", true},
    StandardFormat{'R', "ddd, dd MMM yyyy HH:mm:ss 'GMT'", true},
    StandardFormat{'s', "yyyy-MM-ddTHH:mm:ss", false},
    StandardFormat{'t', "HH:mm", false},
    StandardFormat{'T', "HH:mm:ss", false},
    StandardFormat{'u', "yyyy-MM-dd HH:mm:ssZ", true},
    StandardFormat{'U', "dddd, dd MMMM yyyy HH:mm:ss", true},
    StandardFormat{'y', "yyyy MMMM", false},
    StandardFormat{'Y', "yyyy MMMM", false},
};

struct Clock {
  CivilTime civil;
  int day_of_week;
  std::optional<int> offset_minutes;
};

using Out = std::string;

void write_number(Out& out, int value, int width) {
  fmt::format_to(std::back_inserter(out), "{:0{}}", value, width);
}

void write_at_most_two(Out& out, int value, int count) { write_number(out, value, std::min(count, 2)); }

void write_name(Out& out, std::string_view name, int count) {
  out += count == 3 ? name.substr(0, detail::kShortNameLength) : name;
}

void write_day(Out& out, const Clock& clock, int count) {
  if (count <= 2) return write_number(out, clock.civil.day, count);
  write_name(out, detail::kDayNames.at(static_cast<std::size_t>(clock.day_of_week)), count);
}

void write_month(Out& out, const Clock& clock, int count) {
  if (count <= 2) return write_number(out, clock.civil.month, count);
  write_name(out, detail::kMonthNames.at(static_cast<std::size_t>(clock.civil.month - 1)), count);
}

void write_year(Out& out, const Clock& clock, int count) {
  write_number(out, count <= 2 ? clock.civil.year % 100 : clock.civil.year, count);
}

void write_hour(Out& out, const Clock& clock, int count) { write_at_most_two(out, clock.civil.hour, count); }

void write_half_day_hour(Out& out, const Clock& clock, int count) {
  write_at_most_two(out, (clock.civil.hour + 11) % 12 + 1, count);
}

void write_minute(Out& out, const Clock& clock, int count) {
  write_at_most_two(out, clock.civil.minute, count);
}

void write_second(Out& out, const Clock& clock, int count) {
  write_at_most_two(out, clock.civil.second, count);
}

std::string fraction_digits(const Clock& clock, int count) {
  return fmt::format("{:07}", clock.civil.fraction).substr(0, static_cast<std::size_t>(count));
}

void write_fraction(Out& out, const Clock& clock, int count) { out += fraction_digits(clock, count); }

// Zeros at the end are left out, and the point before when nothing remains.
void write_short_fraction(Out& out, const Clock& clock, int count) {
  std::string digits = fraction_digits(clock, count);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.empty() && out.ends_with('.')) out.pop_back();
  out += digits;
}

void write_half_day(Out& out, const Clock& clock, int count) {
  out += std::string_view(clock.civil.hour < 12 ? "AM" : "PM").substr(0, count == 1 ? 1 : 2);
}

void write_era(Out& out, const Clock&, int) { out += "A.D."; }

void write_offset(Out& out, const Clock& clock, int count) {
  const int offset = clock.offset_minutes.value_or(0);
  const int minutes = std::abs(offset);
  out += offset < 0 ? '-' : '+';
  write_at_most_two(out, minutes / 60, count);
  if (count >= 3) fmt::format_to(std::back_inserter(out), ":{:02}", minutes % 60);
}

void write_kind(Out& out, const Clock& clock, int count) {
  if (!clock.offset_minutes) return;
  for (int i = 0; i < count; ++i) {
    if (*clock.offset_minutes == 0)
      out += 'Z';
    else
      write_offset(out, clock, 3);
  }
}

struct Specifier {
  char letter;
  int most;
  void (*write)(Out& out, const Clock& clock, int count);
};

constexpr int kAny = 1'000;  // repeats that mean nothing more; also bounds what one letter writes

constexpr std::array kSpecifiers = {
    Specifier{'d', kAny, write_day},
    Specifier{'M', kAny, write_month},
    Specifier{'y', kAny, write_year},
    Specifier{'H', kAny, write_hour},
    Specifier{'h', kAny, write_half_day_hour},
    Specifier{'m', kAny, write_minute},
    Specifier{'s', kAny, write_second},
    Specifier{'f', kFractionDigits, write_fraction},
    Specifier{'F', kFractionDigits, write_short_fraction},
    Specifier{'t', kAny, write_half_day},
    Specifier{'g', kAny, write_era},
    Specifier{'z', kAny, write_offset},
    Specifier{'K', kAny, write_kind},
};

tl::unexpected<Error> bad_format(std::string_view format) {
  return fail(Error::Kind::InvalidInput, "CORE0102",
              fmt::format("no date and time format: '{}'", format.substr(0, 80)));
}

const Specifier* find_specifier(char letter) {
  for (const Specifier& specifier : kSpecifiers)
    if (specifier.letter == letter) return &specifier;
  return nullptr;
}

// Copies a quoted literal; the position after it, or npos when it is not closed.
std::size_t write_quoted(Out& out, std::string_view format, std::size_t start) {
  const char quote = format[start];
  for (std::size_t i = start + 1; i < format.size(); ++i) {
    if (format[i] == quote) return i + 1;
    if (format[i] == '\\' && ++i == format.size()) break;
    out += format[i];
  }
  return std::string_view::npos;
}

// Writes what begins at `start`; the position after it, or npos when the format is wrong there.
std::size_t write_next(Out& out, const Clock& clock, std::string_view format, std::size_t start) {
  const char letter = format[start];
  if (letter == '\'' || letter == '"') return write_quoted(out, format, start);
  if (letter == '\\' || letter == '%') {
    if (start + 1 == format.size() || (letter == '%' && format[start + 1] == '%'))
      return std::string_view::npos;
    if (letter == '%') return write_next(out, clock, format.substr(0, start + 2), start + 1);
    out += format[start + 1];
    return start + 2;
  }
  const Specifier* specifier = find_specifier(letter);
  if (specifier == nullptr) {
    out += letter;
    return start + 1;
  }
  const std::size_t end = std::min(format.find_first_not_of(letter, start), format.size());
  if (end - start > static_cast<std::size_t>(specifier->most)) return std::string_view::npos;
  specifier->write(out, clock, static_cast<int>(end - start));
  return end;
}

Result<std::string> format_custom(const Clock& clock, std::string_view format) {
  std::string out;
  for (std::size_t i = 0; i < format.size();) {
    i = write_next(out, clock, format, i);
    if (i == std::string_view::npos) return bad_format(format);
  }
  return out;
}

Clock clock_of(const ZonedTime& time, bool in_utc) {
  const std::int64_t offset = in_utc ? 0 : time.offset_minutes.value_or(0) * kTicksPerMinute;
  const Instant local{std::clamp(time.instant.ticks + offset, std::int64_t{0}, kLastInstant.ticks)};
  return {civil_time(local), day_of_week(local), time.offset_minutes};
}

}  // namespace

Result<std::string> format_time(const ZonedTime& time, std::string_view format) {
  if (format.empty()) format = kDefaultFormat;
  if (format.size() > 1) return format_custom(clock_of(time, false), format);
  for (const StandardFormat& standard : kStandardFormats)
    if (standard.letter == format.front())
      return format_custom(clock_of(time, standard.in_utc), standard.custom);
  return bad_format(format);
}

}  // namespace redoubt

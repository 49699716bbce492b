#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/text.h"
#include "core/time.h"
#include "kql/detail/characters.h"
#include "kql/value.h"

namespace redoubt::kql {

namespace {

using detail::is_digit;

template <class T>
std::optional<T> whole(std::string_view text, int base = 10) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Unit {
  std::string_view name;
  std::int64_t ticks;  ///< 0: a nanosecond, of which a hundred are one
};
constexpr Unit kUnits[] = {{"d", kTicksPerDay},
                           {"day", kTicksPerDay},
                           {"days", kTicksPerDay},
                           {"h", kTicksPerHour},
                           {"hr", kTicksPerHour},
                           {"hrs", kTicksPerHour},
                           {"hour", kTicksPerHour},
                           {"hours", kTicksPerHour},
                           {"m", kTicksPerMinute},
                           {"min", kTicksPerMinute},
                           {"minute", kTicksPerMinute},
                           {"minutes", kTicksPerMinute},
                           {"s", kTicksPerSecond},
                           {"sec", kTicksPerSecond},
                           {"second", kTicksPerSecond},
                           {"seconds", kTicksPerSecond},
                           {"ms", kTicksPerSecond / 1000},
                           {"milli", kTicksPerSecond / 1000},
                           {"millis", kTicksPerSecond / 1000},
                           {"millisec", kTicksPerSecond / 1000},
                           {"millisecond", kTicksPerSecond / 1000},
                           {"milliseconds", kTicksPerSecond / 1000},
                           {"micro", 10},
                           {"micros", 10},
                           {"microsec", 10},
                           {"microsecond", 10},
                           {"microseconds", 10},
                           {"nano", 0},
                           {"nanos", 0},
                           {"nanosec", 0},
                           {"nanosecond", 0},
                           {"nanoseconds", 0},
                           {"tick", 1},
                           {"ticks", 1}};

/// `1.5h`, `2 seconds`, `7`.
std::optional<std::int64_t> read_number_of_units(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string_view name = trim(text.substr(end));
  const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits), [name](const Unit& row) {
    return row.name == (name.empty() ? std::string_view("d") : name);
  });
  if (end == 0 || unit == std::end(kUnits)) return std::nullopt;
  const std::optional<Decimal> count = Decimal::read(text.substr(0, end));
  if (!count) return std::nullopt;
  std::optional<Decimal> ticks = Decimal::multiply(*count, Decimal(std::max(unit->ticks, std::int64_t{1})));
  if (ticks && unit->ticks == 0) ticks = Decimal::divide(*ticks, Decimal(100));
  return ticks ? ticks->to_long() : std::nullopt;
}

/// Up to seven digits of a second.
std::optional<std::int64_t> read_fraction(std::string_view digits) {
  if (digits.empty() || digits.size() > 7) return std::nullopt;
  std::optional<std::int64_t> value = whole<std::int64_t>(digits);
  for (std::size_t i = digits.size(); value && i < 7; ++i)
    *value *= 10;
  return value;
}

/// A part below its bound, of digits only.
std::optional<std::int64_t> read_part(std::string_view text, std::int64_t bound) {
  if (text.empty() || text.size() > 8 || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  const std::optional<std::int64_t> value = whole<std::int64_t>(text);
  return value && *value < bound ? value : std::nullopt;
}

/// `[d.]hh:mm[:ss[.fffffff]]`
std::optional<std::int64_t> read_clock(std::string_view text) {
  std::int64_t ticks = 0;
  const std::size_t colon = text.find(':');
  if (const std::size_t point = text.find('.'); point < colon) {
    const std::optional<std::int64_t> days = read_part(text.substr(0, point), 10'675'200);
    if (!days) return std::nullopt;
    if (__builtin_mul_overflow(*days, kTicksPerDay, &ticks)) return std::nullopt;
    text.remove_prefix(point + 1);
  }
  std::int64_t rest = 0;
  if (const std::size_t point = text.find('.'); point != std::string_view::npos) {
    const std::optional<std::int64_t> fraction = read_fraction(text.substr(point + 1));
    if (!fraction || std::count(text.begin(), text.end(), ':') != 2) return std::nullopt;
    rest += *fraction;
    text = text.substr(0, point);
  }
  const std::vector<std::string_view> parts = split(text, ':');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  static constexpr std::int64_t kBounds[] = {24, 60, 60};
  static constexpr std::int64_t kTicks[] = {kTicksPerHour, kTicksPerMinute, kTicksPerSecond};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::optional<std::int64_t> part = read_part(parts[i], kBounds[i]);
    if (!part) return std::nullopt;
    rest += *part * kTicks[i];
  }
  if (__builtin_add_overflow(ticks, rest, &ticks)) return std::nullopt;
  return ticks;
}

}  // namespace

std::optional<std::int64_t> read_long(std::string_view text) {
  text = trim(text);
  const bool positive = text.starts_with('+');
  if (positive) text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (positive && negative) return std::nullopt;
  const std::string_view digits = negative ? text.substr(1) : text;
  if (digits.empty() || digits.starts_with('-')) return std::nullopt;
  if (digits.size() < 3 || digits[0] != '0' || (digits[1] != 'x' && digits[1] != 'X'))
    return whole<std::int64_t>(text);
  const std::optional<std::uint64_t> bits = whole<std::uint64_t>(digits.substr(2), 16);
  if (!bits) return std::nullopt;
  return static_cast<std::int64_t>(negative ? 0 - *bits : *bits);
}

std::optional<double> read_real(std::string_view text) {
  text = trim(text);
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (equal_any_case(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
  for (const std::string_view name : {"inf", "+inf", "infinity", "+infinity"})
    if (equal_any_case(text, name)) return kInfinity;
  for (const std::string_view name : {"-inf", "-infinity"})
    if (equal_any_case(text, name)) return -kInfinity;
  const bool positive = text.starts_with('+');
  if (positive) text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != std::string_view::npos ||
      text.starts_with('+') || (positive && text.starts_with('-')))
    return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc()) return value;
  if (error != std::errc::result_out_of_range) return std::nullopt;
  return std::strtod(std::string(text).c_str(), nullptr);
}

std::optional<bool> read_bool(std::string_view text) {
  text = trim(text);
  if (equal_any_case(text, "true")) return true;
  if (equal_any_case(text, "false")) return false;
  const std::optional<std::int64_t> number = read_long(text);
  return number ? std::optional(*number != 0) : std::nullopt;
}

std::optional<std::int64_t> read_timespan(std::string_view text) {
  text = trim(text);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::optional<std::int64_t> ticks =
      text.find(':') == std::string_view::npos ? read_number_of_units(text) : read_clock(text);
  return ticks && negative ? std::optional(-*ticks) : ticks;
}

std::optional<std::int64_t> read_datetime(std::string_view text) {
  text = trim(text);
  if (text.size() == 4 && std::all_of(text.begin(), text.end(), is_digit)) {
    const std::optional<Instant> year = instant_of({.year = whole<int>(text).value_or(0)});
    return year ? std::optional(year->ticks) : std::nullopt;
  }
  const Result<ZonedTime> time = parse_time(text);
  return time ? std::optional(time->instant.ticks) : std::nullopt;
}

std::optional<Guid> read_guid(std::string_view text) {
  text = trim(text);
  if (text.size() > 2 &&
      ((text.front() == '{' && text.back() == '}') || (text.front() == '(' && text.back() == ')')))
    text = text.substr(1, text.size() - 2);
  Guid out;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '-') continue;
    if (!detail::is_hex_digit(c) || digits == 32) return std::nullopt;
    const int value = c <= '9' ? c - '0' : lower(c) - 'a' + 10;
    std::uint8_t& byte = out.bytes[digits++ / 2];
    byte = static_cast<std::uint8_t>((byte << 4) | value);
  }
  return digits == 32 ? std::optional(out) : std::nullopt;
}

}  // namespace redoubt::kql

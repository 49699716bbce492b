#include "kql/detail/literals.h"

#include <algorithm>

#include "kql/detail/characters.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::string_view kLineQuotes[] = {"```", "~~~"};
constexpr std::string_view kTimespanUnits[] = {"m",           "min",          "minute",       "minutes",
                                               "s",           "sec",          "second",       "seconds",
                                               "d",           "day",          "days",         "h",
                                               "hr",          "hrs",          "hour",         "hours",
                                               "ms",          "milli",        "millis",       "millisec",
                                               "millisecond", "milliseconds", "micro",        "micros",
                                               "microsec",    "microsecond",  "microseconds", "nano",
                                               "nanos",       "nanosec",      "nanosecond",   "nanoseconds",
                                               "tick",        "ticks"};

char at(std::string_view text, std::size_t i) { return i < text.size() ? text[i] : '\0'; }

std::size_t digits_size(std::string_view text, std::size_t from) {
  std::size_t end = from;
  while (is_digit(at(text, end)))
    ++end;
  return end - from;
}

bool are_hex(std::string_view text, std::size_t from, std::size_t count) {
  if (from + count > text.size()) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from),
                     text.begin() + static_cast<std::ptrdiff_t>(from + count), is_hex_digit);
}

constexpr bool is_octal(char c) { return c >= '0' && c <= '7'; }

/// `\101`: up to three digits, three only below 0400.
std::size_t octal_size(std::string_view text, std::size_t from) {
  if (!is_octal(at(text, from))) return 0;
  if (!is_octal(at(text, from + 1))) return 1;
  return is_octal(at(text, from + 2)) && text[from] <= '3' ? 3 : 2;
}

/// Of the escape that begins with the backslash at `from`.
std::size_t escape_size(std::string_view text, std::size_t from) {
  const char c = at(text, from + 1);
  switch (c) {
    case '\\':
    case '\'':
    case '"':
    case 'a':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
    case 'v':
      return 2;
    case 'u':
      return are_hex(text, from + 2, 4) ? 6 : 0;
    case 'U':
      return are_hex(text, from + 2, 8) ? 10 : 0;
    case 'x':
      return are_hex(text, from + 2, 2) ? 4 : 0;
    default: {
      const std::size_t octal = octal_size(text, from + 1);
      return octal == 0 ? 0 : octal + 1;
    }
  }
}

/// Where the content of a literal in quotes ends.
std::size_t content_end(std::string_view text, std::size_t from, char quote, bool verbatim) {
  std::size_t i = from;
  while (i < text.size()) {
    const char c = text[i];
    if (verbatim && c == quote && at(text, i + 1) == quote) {
      i += 2;
    } else if (!verbatim && c == '\\') {
      const std::size_t escape = escape_size(text, i);
      if (escape == 0) break;
      i += escape;
    } else if (c == quote || c == '\r' || c == '\n') {
      break;
    } else {
      ++i;
    }
  }
  return i;
}

std::size_t exponent_size(std::string_view text, std::size_t from) {
  if (at(text, from) != 'e' && at(text, from) != 'E') return 0;
  const std::size_t sign = at(text, from + 1) == '+' || at(text, from + 1) == '-' ? 1 : 0;
  const std::size_t digits = digits_size(text, from + 1 + sign);
  return digits == 0 ? 0 : 1 + sign + digits;
}

/// `size`, unless a letter or digit goes on behind it.
std::size_t unless_it_goes_on(std::string_view text, std::size_t size) {
  return is_identifier_part(at(text, size)) ? 0 : size;
}

}  // namespace

std::optional<ScannedString> scan_string(std::string_view text) {
  const bool verbatim = at(text, 0) == '@';
  const std::size_t start = verbatim ? 1 : 0;
  const char quote = at(text, start);
  if (quote == '\'' || quote == '"') {
    const std::size_t end = content_end(text, start + 1, quote, verbatim);
    const bool closed = at(text, end) == quote;
    return ScannedString{closed ? end + 1 : end, !closed};
  }
  for (const std::string_view mark : kLineQuotes) {
    if (text.substr(start, mark.size()) != mark) continue;
    const std::size_t end = text.find(mark, start + mark.size());
    if (end == std::string_view::npos) return ScannedString{text.size(), true};
    return ScannedString{end + mark.size(), false};
  }
  return std::nullopt;
}

std::size_t real_size(std::string_view text) {
  std::size_t end = digits_size(text, 0);
  if (end == 0) return 0;
  if (at(text, end) == '.' && (at(text, end + 1) != '.' || at(text, end + 2) == '.')) {
    ++end;
    end += digits_size(text, end);
    end += exponent_size(text, end);
  } else {
    const std::size_t exponent = exponent_size(text, end);
    if (exponent == 0) return 0;
    end += exponent;
  }
  return unless_it_goes_on(text, end);
}

std::size_t timespan_size(std::string_view text) {
  std::size_t end = digits_size(text, 0);
  if (end == 0) return 0;
  if (at(text, end) == '.') {
    const std::size_t fraction = digits_size(text, end + 1);
    if (fraction != 0) end += fraction + 1;
  }
  std::size_t unit = 0;
  while (is_letter(at(text, end + unit)))
    ++unit;
  const std::string_view name = text.substr(end, unit);
  const bool known =
      std::find(std::begin(kTimespanUnits), std::end(kTimespanUnits), name) != std::end(kTimespanUnits);
  return known ? unless_it_goes_on(text, end + unit) : 0;
}

std::size_t long_size(std::string_view text) {
  if (at(text, 0) == '0' && (at(text, 1) == 'x' || at(text, 1) == 'X')) {
    std::size_t end = 2;
    while (is_hex_digit(at(text, end)))
      ++end;
    if (end > 2) return unless_it_goes_on(text, end);
  }
  const std::size_t digits = digits_size(text, 0);
  return digits == 0 ? 0 : unless_it_goes_on(text, digits);
}

bool is_raw_guid(std::string_view text) {
  static constexpr std::size_t kGroups[] = {8, 4, 4, 4, 12};
  std::size_t i = 0;
  for (const std::size_t group : kGroups) {
    if (i != 0 && at(text, i++) != '-') return false;
    if (!are_hex(text, i, group)) return false;
    i += group;
  }
  return true;
}

}  // namespace redoubt::kql::detail

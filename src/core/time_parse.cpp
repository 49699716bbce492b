#include <fmt/format.h>

#include "core/detail/time_names.h"
#include "core/text.h"
#include "core/time.h"

namespace redoubt {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

// Reads forward through a text; each step either takes what it names or leaves the position alone.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool at_end() const { return position_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[position_]; }

  bool take(char c) {
    if (peek() != c || at_end()) return false;
    ++position_;
    return true;
  }

  bool take_any(std::string_view letters) {
    if (at_end() || letters.find(peek()) == std::string_view::npos) return false;
    ++position_;
    return true;
  }

  void skip_spaces() {
    while (take(' ')) {
    }
  }

  std::optional<int> number(int least, int most) {
    const std::size_t start = position_;
    int value = 0;
    int count = 0;
    for (; count < most && is_digit(peek()); ++count)
      value = value * 10 + (text_[position_++] - '0');
    if (count >= least) return value;
    position_ = start;
    return std::nullopt;
  }

  std::string_view word() {
    const std::size_t start = position_;
    while (is_letter(peek()))
      ++position_;
    return text_.substr(start, position_ - start);
  }

  bool take_word(std::string_view wanted) {
    const std::size_t start = position_;
    if (equal_any_case(word(), wanted)) return true;
    position_ = start;
    return false;
  }

  // The index of a name, written in full or by its first three letters.
  template <std::size_t N>
  std::optional<int> name(const std::array<std::string_view, N>& names) {
    const std::size_t start = position_;
    const std::string_view found = word();
    for (std::size_t i = 0; i < N; ++i)
      if (equal_any_case(found, names[i]) ||
          equal_any_case(found, names[i].substr(0, detail::kShortNameLength)))
        return static_cast<int>(i);
    position_ = start;
    return std::nullopt;
  }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

struct Parts {
  CivilTime civil;
  std::int64_t extra_ticks = 0;  // a fraction that rounds up to the next second
  std::optional<int> offset_minutes;
};

bool read_numbers(Cursor& in, std::initializer_list<int*> parts) {
  for (int* part : parts) {
    const std::optional<int> value = in.number(2, 2);
    if (!value) return false;
    *part = *value;
  }
  return true;
}

// yyyy-MM-dd, yyyy/MM/dd, yyyy-MM, yyyyMMdd
bool read_iso_date(Cursor& in, CivilTime& civil) {
  const std::optional<int> year = in.number(4, 4);
  if (!year) return false;
  civil.year = *year;
  if (is_digit(in.peek())) return read_numbers(in, {&civil.month, &civil.day});
  const char separator = in.peek();
  if (!in.take_any("-/")) return false;
  const std::optional<int> month = in.number(1, 2);
  if (!month) return false;
  civil.month = *month;
  if (!in.take(separator)) return true;
  const std::optional<int> day = in.number(1, 2);
  civil.day = day.value_or(0);
  return day.has_value();
}

// 04/07/2020
bool read_slashed_date(Cursor& in, CivilTime& civil, int month) {
  const std::optional<int> day = in.number(1, 2);
  if (!day || !in.take('/')) return false;
  const std::optional<int> year = in.number(4, 4);
  if (!year) return false;
  civil = {.year = *year, .month = month, .day = *day};
  return true;
}

// Tue, 07 Apr 2020; Tuesday, 07 April 2020; April 7, 2020; 7-Apr-2020
bool read_named_date(Cursor& in, CivilTime& civil) {
  if (in.name(detail::kDayNames)) in.take(',');
  in.skip_spaces();
  std::optional<int> day = in.number(1, 2);
  if (day && in.take('/')) return read_slashed_date(in, civil, *day);
  while (in.take_any(" -")) {
  }
  const std::optional<int> month = in.name(detail::kMonthNames);
  if (!month) return false;
  while (in.take_any(" -")) {
  }
  if (!day) {
    day = in.number(1, 2);
    in.take(',');
    in.skip_spaces();
  }
  const std::optional<int> year = in.number(4, 4);
  if (!day || !year) return false;
  civil = {.year = *year, .month = *month + 1, .day = *day};
  return true;
}

bool read_fraction(Cursor& in, Parts& parts) {
  if (!is_digit(in.peek())) return false;
  std::int64_t unit = kTicksPerSecond;
  while (is_digit(in.peek())) {
    const int digit = *in.number(1, 1);
    if (unit == 1 && digit >= 5) ++parts.extra_ticks;
    unit /= 10;
    parts.civil.fraction += static_cast<int>(digit * unit);
  }
  return true;
}

bool read_half_day(Cursor& in, CivilTime& civil) {
  const bool morning = in.take_word("AM");
  if (!morning && !in.take_word("PM")) return true;
  if (civil.hour < 1 || civil.hour > 12) return false;
  civil.hour = civil.hour % 12 + (morning ? 0 : 12);
  return true;
}

// HH:mm[:ss[.fffffff]], HHmm[ss], each with AM or PM perhaps
bool read_clock(Cursor& in, Parts& parts) {
  CivilTime& civil = parts.civil;
  const std::optional<int> hour = in.number(1, 2);
  if (!hour) return false;
  civil.hour = *hour;
  const bool extended = in.take(':');
  if (!extended && !is_digit(in.peek())) return false;
  if (!read_numbers(in, {&civil.minute})) return false;
  if (extended ? in.take(':') : is_digit(in.peek())) {
    if (!read_numbers(in, {&civil.second})) return false;
    if (in.take_any(".,") && !read_fraction(in, parts)) return false;
  }
  in.skip_spaces();
  return read_half_day(in, civil);
}

// Z, GMT, UTC, +02:00, -0530, +02, or nothing
bool read_offset(Cursor& in, Parts& parts) {
  in.skip_spaces();
  if (in.take_word("Z") || in.take_word("GMT") || in.take_word("UTC")) {
    parts.offset_minutes = 0;
    return true;
  }
  const bool west = in.peek() == '-';
  if (!in.take_any("+-")) return true;
  const std::optional<int> hours = in.number(1, 2);
  if (!hours) return false;
  int minutes = 0;
  if ((in.take(':') || is_digit(in.peek())) && !read_numbers(in, {&minutes})) return false;
  const int offset = *hours * 60 + minutes;
  if (offset > 14 * 60 || minutes > 59) return false;
  parts.offset_minutes = west ? -offset : offset;
  return true;
}

bool read_all(std::string_view text, bool (*read_date)(Cursor&, CivilTime&), Parts& parts) {
  Cursor in(text);
  if (!read_date(in, parts.civil)) return false;
  in.take(',');
  const bool must_have_clock = in.take_any("Tt");
  in.skip_spaces();
  if ((must_have_clock || is_digit(in.peek())) && !read_clock(in, parts)) return false;
  return read_offset(in, parts) && in.at_end();
}

std::optional<ZonedTime> to_time(const Parts& parts) {
  const std::optional<Instant> local = instant_of(parts.civil);
  if (!local) return std::nullopt;
  const std::int64_t offset = parts.offset_minutes.value_or(0) * kTicksPerMinute;
  const Result<Instant> instant = add_ticks(*local, parts.extra_ticks - offset);
  if (!instant) return std::nullopt;
  return ZonedTime{*instant, parts.offset_minutes};
}

}  // namespace

Result<ZonedTime> parse_time(std::string_view text) {
  for (auto* read_date : {read_iso_date, read_named_date}) {
    Parts parts;
    if (!read_all(trim(text), read_date, parts)) continue;
    if (const std::optional<ZonedTime> time = to_time(parts)) return *time;
  }
  return fail(Error::Kind::InvalidInput, "CORE0101",
              fmt::format("no date and time: '{}'", text.substr(0, 80)), {},
              "write it as 2020-04-07T14:53:14Z");
}

}  // namespace redoubt

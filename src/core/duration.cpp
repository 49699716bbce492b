#include <fmt/format.h>

#include <array>

#include "core/time.h"

namespace redoubt {
namespace {

struct Unit {
  char letter;
  bool of_time;  // stands after the T
  std::int64_t ticks;
};

// In the order they may stand.
constexpr std::array kUnits = {
    Unit{'Y', false, 365 * kTicksPerDay}, Unit{'M', false, 30 * kTicksPerDay},
    Unit{'W', false, 7 * kTicksPerDay},   Unit{'D', false, kTicksPerDay},
    Unit{'H', true, kTicksPerHour},       Unit{'M', true, kTicksPerMinute},
    Unit{'S', true, kTicksPerSecond},
};

tl::unexpected<Error> no_duration(std::string_view text) {
  return fail(Error::Kind::InvalidInput, "CORE0103", fmt::format("no duration: '{}'", text.substr(0, 80)), {},
              "write it as ISO 8601 has it, such as P1D or PT8H30M");
}

tl::unexpected<Error> too_long(std::string_view text) {
  return fail(Error::Kind::InvalidInput, "CORE0104",
              fmt::format("duration is too long: '{}'", text.substr(0, 80)));
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Amount {
  std::int64_t whole = 0;
  std::int64_t fraction_ticks = 0;  // of a second
  bool has_fraction = false;
  bool valid = false;
  bool fits = true;
};

Amount read_amount(std::string_view text, std::size_t& i) {
  Amount amount;
  for (; i < text.size() && is_digit(text[i]); ++i) {
    amount.valid = true;
    amount.fits = amount.fits && !__builtin_mul_overflow(amount.whole, 10, &amount.whole) &&
                  !__builtin_add_overflow(amount.whole, text[i] - '0', &amount.whole);
  }
  if (i == text.size() || (text[i] != '.' && text[i] != ',')) return amount;
  amount.has_fraction = true;
  amount.valid = amount.valid && i + 1 < text.size() && is_digit(text[i + 1]);
  std::int64_t unit = kTicksPerSecond;
  for (++i; i < text.size() && is_digit(text[i]); ++i) {
    unit /= 10;
    amount.fraction_ticks += (text[i] - '0') * unit;
  }
  return amount;
}

// The unit of that letter at or after `next`, which moves behind it.
const Unit* find_unit(char letter, bool of_time, std::size_t& next) {
  for (std::size_t i = next; i < kUnits.size(); ++i) {
    if (kUnits.at(i).letter != letter || kUnits.at(i).of_time != of_time) continue;
    next = i + 1;
    return &kUnits.at(i);
  }
  return nullptr;
}

}  // namespace

Result<std::int64_t> parse_duration(std::string_view text) {
  std::size_t i = 0;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) ++i;
  if (i == text.size() || text[i++] != 'P') return no_duration(text);
  std::int64_t total = 0;
  bool of_time = false;
  bool expects_amount = true;
  for (std::size_t next_unit = 0; i < text.size();) {
    if (text[i] == 'T' && !of_time) {
      of_time = expects_amount = true;
      ++i;
      continue;
    }
    const Amount amount = read_amount(text, i);
    const Unit* unit = i < text.size() ? find_unit(text[i++], of_time, next_unit) : nullptr;
    if (!amount.valid || unit == nullptr) return no_duration(text);
    if (amount.has_fraction && unit->ticks != kTicksPerSecond) return no_duration(text);
    std::int64_t ticks = 0;
    if (!amount.fits || __builtin_mul_overflow(amount.whole, unit->ticks, &ticks) ||
        __builtin_add_overflow(total, ticks, &total) ||
        __builtin_add_overflow(total, amount.fraction_ticks, &total))
      return too_long(text);
    expects_amount = false;
  }
  if (expects_amount) return no_duration(text);
  return negative ? -total : total;
}

}  // namespace redoubt

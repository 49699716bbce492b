#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "arm/detail/digits.h"
#include "arm/detail/dotnet_format.h"
#include "core/text.h"

namespace redoubt::arm::detail {
namespace {

using doc::Value;

constexpr int kMaxDigits = 1'000;

bool negative(const Value& number) {
  return number.is_int() ? number.as_int() < 0 : std::signbit(number.as_real());
}

/// Digits without sign, `decimals` of them after the point, rounded half away from zero as .NET does for
/// text.
std::string fixed_digits(const Value& number, int decimals) {
  if (number.is_int()) {
    const std::int64_t value = number.as_int();
    const std::uint64_t magnitude =
        value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    std::string out = std::to_string(magnitude);
    return decimals == 0 ? out : out + "." + std::string(static_cast<std::size_t>(decimals), '0');
  }
  return fmt::format("{:.{}f}", std::fabs(number.as_real()), decimals);
}

std::string grouped(std::string_view digits) {
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  std::string out;
  for (std::size_t i = 0; i < whole; ++i) {
    if (i != 0 && (whole - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out.append(digits.substr(whole));
}

bool all_zero(std::string_view digits) { return digits.find_first_of("123456789") == std::string_view::npos; }

std::string signed_text(const Value& number, const std::string& digits) {
  return negative(number) && !all_zero(digits) ? "-" + digits : digits;
}

/// Of a number in scientific form, such as 1.5e-07.
int exponent_of(std::string_view text) {
  const std::size_t e = text.find('e');
  const int value = digits_value(text.substr(e + 2)).value_or(0);
  return text[e + 1] == '-' ? -value : value;
}

std::string scientific(const Value& number, int decimals, char letter) {
  const std::string text = fmt::format("{:.{}e}", number.as_real(), decimals);
  const std::size_t e = text.find('e');
  const int exponent = exponent_of(text);
  return fmt::format("{}{}{}{:03}", text.substr(0, e), letter, exponent < 0 ? '-' : '+', std::abs(exponent));
}

std::optional<std::string> integer_only(const Value& number, char letter, int precision) {
  if (!number.is_int()) return std::nullopt;
  const std::int64_t value = number.as_int();
  const auto bits = static_cast<std::uint64_t>(value);
  switch (letter) {
    case 'X':
      return fmt::format("{:0{}X}", bits, precision);
    case 'x':
      return fmt::format("{:0{}x}", bits, precision);
    case 'B':
    case 'b':
      return fmt::format("{:0{}b}", bits, precision);
    default:
      break;
  }
  return (value < 0 ? "-" : "") + fmt::format("{:0>{}}", fixed_digits(number, 0), precision);
}

std::optional<std::string> general(const Value& number, int precision) {
  if (precision <= 0)
    return number.is_int() ? std::to_string(number.as_int()) : dotnet_real(number.as_real());
  if (number.is_int() && fixed_digits(number, 0).size() <= static_cast<std::size_t>(precision))
    return std::to_string(number.as_int());
  std::string text = fmt::format("{:.{}g}", number.as_real(), precision);
  const std::size_t e = text.find('e');
  if (e != std::string::npos) text[e] = 'E';
  return text;
}

/// `letter` and digits, such as N0 or D3.
std::optional<std::string> format_standard(const Value& number, char letter, int precision) {
  const int decimals = precision < 0 ? 2 : precision;
  switch (letter) {
    case 'D':
    case 'd':
    case 'X':
    case 'x':
    case 'B':
    case 'b':
      return integer_only(number, letter, std::max(precision, 1));
    case 'N':
    case 'n':
      return signed_text(number, grouped(fixed_digits(number, decimals)));
    case 'F':
    case 'f':
      return signed_text(number, fixed_digits(number, decimals));
    case 'E':
    case 'e':
      return scientific(number, precision < 0 ? 6 : precision, letter);
    case 'G':
    case 'g':
      return general(number, precision);
    case 'P':
    case 'p':
      return signed_text(number, grouped(fixed_digits(Value::real(number.as_real() * 100), decimals))) + " %";
    case 'C':
    case 'c': {
      const std::string digits = "\xc2\xa4" + grouped(fixed_digits(number, decimals));
      return negative(number) ? "(" + digits + ")" : digits;
    }
    case 'R':
    case 'r':
      return number.is_real() ? std::optional(dotnet_real(number.as_real())) : std::nullopt;
    default:
      return std::nullopt;
  }
}

/// One section of a custom format, taken apart.
struct CustomSection {
  std::string_view text;
  int whole_zeros = 0;    ///< least digits before the point
  int decimal_zeros = 0;  ///< least digits after it
  int decimals = 0;       ///< most digits after it
  int placeholders = 0;   ///< before the point
  bool groups = false;
  int percent = 0;  ///< times the number is multiplied by 100
};

/// Calls `literal(char)` for text and `placeholder(char)` for what stands for digits.
template <class Literal, class Placeholder>
void walk(std::string_view text, const Literal& literal, const Placeholder& placeholder) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      if (i + 1 < text.size()) literal(text[++i]);
    } else if (c == '\'' || c == '"') {
      for (++i; i < text.size() && text[i] != c; ++i)
        literal(text[i]);
    } else if (std::string_view("0#.,%").find(c) != std::string_view::npos) {
      placeholder(c);
    } else {
      literal(c);
    }
  }
}

CustomSection read_section(std::string_view text) {
  CustomSection section{.text = text};
  bool after_point = false;
  bool comma = false;
  walk(
      text, [](char) {},
      [&](char c) {
        if (c == '.') after_point = true;
        if (c == '%') ++section.percent;
        if (c == ',') comma = section.placeholders > 0 && !after_point;
        if (c != '0' && c != '#') return;
        if (after_point) {
          ++section.decimals;
          if (c == '0') section.decimal_zeros = section.decimals;
          return;
        }
        section.groups = section.groups || comma;
        ++section.placeholders;
        if (c == '0' || section.whole_zeros > 0) ++section.whole_zeros;
      });
  return section;
}

/// The digits that the placeholders of a section stand for: before and after the point.
std::pair<std::string, std::string> section_digits(const Value& number, const CustomSection& section) {
  Value scaled = number;
  for (int i = 0; i < section.percent; ++i)
    scaled = Value::real(scaled.as_real() * 100);
  const std::string digits = fixed_digits(scaled, section.decimals);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  std::string whole = digits.substr(0, point);
  std::string decimals = point < digits.size() ? digits.substr(point + 1) : "";
  if (whole == "0") whole.clear();
  whole.insert(0, static_cast<std::size_t>(std::max(0, section.whole_zeros - static_cast<int>(whole.size()))),
               '0');
  while (!decimals.empty() && decimals.back() == '0' &&
         static_cast<int>(decimals.size()) > section.decimal_zeros)
    decimals.pop_back();
  return {section.groups ? grouped(whole) : whole, decimals};
}

/// Digits, without the commas of groups.
int digit_count(std::string_view text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), [](char c) { return c != ','; }));
}

std::string fill_section(const Value& number, const CustomSection& section) {
  const auto [whole, decimals] = section_digits(number, section);
  std::string out;
  int left = section.placeholders;
  std::size_t from = 0;
  bool after_point = false;
  walk(
      section.text, [&](char c) { out += c; },
      [&](char c) {
        if (c == '%') out += '%';
        if (c == '.' && !after_point) {
          after_point = true;
          if (!decimals.empty()) out.append(".").append(decimals);
        }
        if ((c != '0' && c != '#') || after_point) return;
        // The first placeholder takes what is too long for the others; the last ones take a digit each.
        std::size_t end = from;
        --left;
        while (end < whole.size() && digit_count(std::string_view(whole).substr(end)) > left)
          ++end;
        out.append(whole, from, end - from);
        from = end;
      });
  return out;
}

std::optional<std::string> format_custom(const Value& number, std::string_view format) {
  const std::vector<std::string_view> sections = split(format, ';');
  const bool is_negative = negative(number);
  const bool is_zero = number.as_real() == 0;
  if (is_zero && sections.size() > 2) return fill_section(number, read_section(sections[2]));
  const bool own_section = is_negative && sections.size() > 1 && !sections[1].empty();
  const std::string out = fill_section(number, read_section(sections[own_section ? 1 : 0]));
  return is_negative && !own_section && !all_zero(out) ? "-" + out : out;
}

}  // namespace

std::string dotnet_real(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::array<char, 400> buffer{};
  char* const first = buffer.data();
  char* end = std::to_chars(first, first + buffer.size(), value, std::chars_format::scientific).ptr;
  std::string text(first, end);
  const int exponent = exponent_of(text);
  if (exponent < -4 || exponent >= 15) {
    text[text.find('e')] = 'E';
    return text;
  }
  end = std::to_chars(first, first + buffer.size(), value, std::chars_format::fixed).ptr;
  return {first, end};
}

std::optional<std::string> format_number(const Value& number, std::string_view format) {
  if (format.empty()) return general(number, -1);
  const bool letter = (lower(format[0]) >= 'a' && lower(format[0]) <= 'z');
  if (letter && format.find_first_not_of("0123456789", 1) == std::string_view::npos) {
    int precision = -1;
    if (format.size() > 1) {
      const auto [end, error] = std::from_chars(format.data() + 1, format.data() + format.size(), precision);
      if (error != std::errc() || precision > kMaxDigits) return std::nullopt;
    }
    return format_standard(number, format[0], precision);
  }
  if (format.size() > static_cast<std::size_t>(kMaxDigits)) return std::nullopt;
  return format_custom(number, format);
}

}  // namespace redoubt::arm::detail

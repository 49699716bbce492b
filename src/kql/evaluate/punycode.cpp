#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/text.h"
#include "core/utf8.h"
#include "kql/detail/evaluation.h"

namespace redoubt::kql::detail {

namespace {

// RFC 3492, "Bootstring" with the parameters of Punycode.
constexpr std::uint32_t kBase = 36;
constexpr std::uint32_t kLeast = 1;
constexpr std::uint32_t kMost = 26;
constexpr std::uint32_t kSkew = 38;
constexpr std::uint32_t kDamp = 700;
constexpr std::uint32_t kFirstBias = 72;
constexpr std::uint32_t kFirstCode = 128;
constexpr std::uint32_t kLastCode = 0x10FFFF;

std::uint32_t adapted(std::uint32_t delta, std::uint32_t count, bool first) {
  delta = first ? delta / kDamp : delta / 2;
  delta += delta / count;
  std::uint32_t bias = 0;
  for (; delta > (kBase - kLeast) * kMost / 2; bias += kBase)
    delta /= kBase - kLeast;
  return bias + (kBase - kLeast + 1) * delta / (delta + kSkew);
}

std::uint32_t threshold(std::uint32_t k, std::uint32_t bias) {
  return k <= bias ? kLeast : std::clamp(k - bias, kLeast, kMost);
}

char digit_of(std::uint32_t value) {
  return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

std::optional<std::uint32_t> value_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 26;
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a');
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  return std::nullopt;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < kFirstCode; });
}

std::vector<std::uint32_t> codes_of(std::string_view text) {
  std::vector<std::uint32_t> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = decode_utf8(text, at);
    out.push_back(static_cast<std::uint32_t>(character.code));
    at += character.bytes;
  }
  return out;
}

void append_number(std::string& out, std::uint32_t number, std::uint32_t bias) {
  for (std::uint32_t k = kBase;; k += kBase) {
    const std::uint32_t least = threshold(k, bias);
    if (number < least) break;
    out += digit_of(least + (number - least) % (kBase - least));
    number = (number - least) / (kBase - least);
  }
  out += digit_of(number);
}

/// Longer labels than any name has: the work grows with the square of the length.
constexpr std::size_t kMostCharacters = 4'096;

std::optional<std::string> encoded(std::string_view text) {
  const std::vector<std::uint32_t> codes = codes_of(text);
  if (codes.size() > kMostCharacters) return std::nullopt;
  std::string out;
  for (const std::uint32_t code : codes)
    if (code < kFirstCode) out += static_cast<char>(code);
  const auto basic = static_cast<std::uint32_t>(out.size());
  if (basic > 0) out += '-';
  std::uint32_t done = basic;
  std::uint32_t next = kFirstCode;
  std::uint32_t bias = kFirstBias;
  std::uint64_t delta = 0;
  while (done < codes.size()) {
    std::uint32_t code = kLastCode + 1;
    for (const std::uint32_t one : codes)
      if (one >= next) code = std::min(code, one);
    delta += std::uint64_t{code - next} * (done + 1);
    next = code;
    for (const std::uint32_t one : codes) {
      if (one < next) ++delta;
      if (delta > UINT32_MAX) return std::nullopt;
      if (one != next) continue;
      append_number(out, static_cast<std::uint32_t>(delta), bias);
      bias = adapted(static_cast<std::uint32_t>(delta), done + 1, done == basic);
      delta = 0;
      ++done;
    }
    ++delta;
    ++next;
  }
  return out;
}

/// A number at the front of a text, which is taken off; added to `from`.
std::optional<std::uint64_t> take_number(std::string_view& text, std::uint64_t from, std::uint32_t bias) {
  std::uint64_t weight = 1;
  for (std::uint32_t k = kBase;; k += kBase) {
    const std::optional<std::uint32_t> digit = text.empty() ? std::nullopt : value_of(text.front());
    if (!digit) return std::nullopt;
    text.remove_prefix(1);
    from += *digit * weight;
    const std::uint32_t least = threshold(k, bias);
    if (from > UINT32_MAX) return std::nullopt;
    if (*digit < least) return from;
    weight *= kBase - least;
    if (weight > UINT32_MAX) return std::nullopt;
  }
}

std::optional<std::string> decoded(std::string_view text) {
  if (!is_ascii(text) || text.size() > kMostCharacters) return std::nullopt;
  const std::size_t mark = text.rfind('-');
  std::vector<std::uint32_t> codes = codes_of(text.substr(0, mark == std::string_view::npos ? 0 : mark));
  if (mark != std::string_view::npos) text.remove_prefix(mark + 1);
  std::uint64_t code = kFirstCode;
  std::uint64_t place = 0;
  std::uint32_t bias = kFirstBias;
  while (!text.empty()) {
    const std::optional<std::uint64_t> to = take_number(text, place, bias);
    if (!to) return std::nullopt;
    const auto count = static_cast<std::uint32_t>(codes.size() + 1);
    bias = adapted(static_cast<std::uint32_t>(*to - place), count, place == 0);
    code += *to / count;
    place = *to % count;
    if (code > kLastCode || (code >= 0xD800 && code < 0xE000)) return std::nullopt;
    codes.insert(codes.begin() + static_cast<std::ptrdiff_t>(place++), static_cast<std::uint32_t>(code));
  }
  std::string out;
  for (const std::uint32_t one : codes)
    append_utf8(out, static_cast<char32_t>(one));
  return out;
}

constexpr std::string_view kPrefix = "xn--";

std::optional<std::string> label_encoded(std::string_view label) {
  if (is_ascii(label)) return std::string(label);
  std::optional<std::string> out = encoded(label);
  return out ? std::optional(std::string(kPrefix) + *out) : std::nullopt;
}

std::optional<std::string> label_decoded(std::string_view label) {
  const bool marked =
      label.size() > kPrefix.size() && equal_any_case(label.substr(0, kPrefix.size()), kPrefix);
  return marked ? decoded(label.substr(kPrefix.size())) : std::optional(std::string(label));
}

/// Bytes of the dot at the front of a text, which may be an ideographic, full-width or half-width one; 0:
/// there is none.
std::size_t dot_size(std::string_view text) {
  static constexpr std::string_view kDots[] = {".", "\u3002", "\uFF0E", "\uFF61"};
  for (const std::string_view dot : kDots)
    if (text.starts_with(dot)) return dot.size();
  return 0;
}

/// Every label of a name.
template <std::optional<std::string> (*function)(std::string_view)>
std::optional<std::string> of_labels(std::string_view name) {
  std::string out;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const std::size_t dot = dot_size(name.substr(i));
    if (dot == 0 && i < name.size()) continue;
    const std::optional<std::string> label = function(name.substr(start, i - start));
    if (!label) return std::nullopt;
    out += *label;
    if (dot > 0) out += '.';
    start = i + dot;
    i += dot > 0 ? dot - 1 : 0;
  }
  return out;
}

/// Empty where it can't be done.
template <std::optional<std::string> (*function)(std::string_view)>
Result<Value> text_of(const Call& call) {
  return text_result(call, function(call.text(0)).value_or(""));
}

// The two of domains are named the other way round.
constexpr EvaluationRow kRows[] = {{"punycode_domain_from_string", text_of<of_labels<label_decoded>>},
                                   {"punycode_domain_to_string", text_of<of_labels<label_encoded>>},
                                   {"punycode_from_string", text_of<encoded>},
                                   {"punycode_to_string", text_of<decoded>}};

}  // namespace

EvaluationRows punycode_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail

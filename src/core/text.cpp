#include "core/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <numeric>
#include <utility>

#include "core/utf8.h"

namespace redoubt {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    c = lower(c);
  return out;
}

bool equal_any_case(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i)
    if (lower(left[i]) != lower(right[i])) return false;
  return true;
}

bool starts_with_any_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal_any_case(text.substr(0, prefix.size()), prefix);
}

bool ends_with_any_case(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && equal_any_case(text.substr(text.size() - suffix.size()), suffix);
}

std::size_t first_invalid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    // Nearly all text is ASCII: eight bytes at a time.
    for (std::uint64_t block = 0; i + sizeof block <= text.size(); i += sizeof block) {
      std::memcpy(&block, text.data() + i, sizeof block);
      if ((block & 0x8080808080808080U) != 0) break;
    }
    if (i >= text.size()) break;
    const Utf8Character character = decode_utf8(text, i);
    if (!character.valid) return i;
    i += character.bytes;
  }
  return std::string_view::npos;
}

bool less_any_case(std::string_view left, std::string_view right) {
  return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                      [](char a, char b) { return lower(a) < lower(b); });
}

bool is_ascii(std::string_view text) {
  std::size_t i = 0;
  for (std::uint64_t block = 0; i + sizeof block <= text.size(); i += sizeof block) {
    std::memcpy(&block, text.data() + i, sizeof block);
    if ((block & 0x8080808080808080U) != 0) return false;
  }
  text.remove_prefix(i);
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

bool valid_utf8(std::string_view text) { return first_invalid_utf8(text) == std::string_view::npos; }

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view trim(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kSpace);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kSpace) - start + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0;;) {
    const std::size_t end = text.find(separator, start);
    parts.push_back(text.substr(start, end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

std::string join(std::span<const std::string_view> parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string on_one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  return out;
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  if (from.empty()) return std::string(text);
  std::string out;
  for (std::size_t start = 0;;) {
    const void* found = memmem(text.data() + start, text.size() - start, from.data(), from.size());
    if (found == nullptr) return out.append(text.substr(start));
    const auto end = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    out.append(text.substr(start, end - start)).append(to);
    start = end + from.size();
  }
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  std::string out = std::to_string(number) + " ";
  if (number == 1) return out.append(one);
  return many.empty() ? out.append(one).append("s") : out.append(many);
}

namespace {

/// Levenshtein's distance in bytes, in any case, from one text to many. Of texts up to as many bytes as a
/// word has bits in one pass over the other. Source: G. Myers, "A fast bit-vector algorithm for approximate
/// string matching based on dynamic programming", 1999.
class Distance {
 public:
  explicit Distance(std::string_view from) : from_(lower(from)) {
    for (std::size_t i = 0; i < from_.size() && i < kBits; ++i)
      places_[static_cast<unsigned char>(from_[i])] |= std::uint64_t{1} << i;
  }

  std::size_t size() const { return from_.size(); }

  /// More than `most` is as good as any.
  std::size_t to(std::string_view text, std::size_t most) {
    return from_.size() <= kBits && !from_.empty() ? by_bits(text, most) : by_rows(text, most);
  }

 private:
  static constexpr std::size_t kBits = 64;

  std::size_t by_bits(std::string_view text, std::size_t most) const {
    const std::uint64_t last = std::uint64_t{1} << (from_.size() - 1);
    std::uint64_t more =
        ~std::uint64_t{0};  // where the distance grows by one from a row of the table to the next
    std::uint64_t less = 0;
    std::size_t distance = from_.size();
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::uint64_t equal = places_[static_cast<unsigned char>(lower(text[i]))];
      const std::uint64_t along = equal | less;
      const std::uint64_t across = (((equal & more) + more) ^ more) | equal;
      std::uint64_t up = less | ~(across | more);
      std::uint64_t down = more & across;
      distance += (up & last) != 0 ? 1 : 0;
      distance -= (down & last) != 0 ? 1 : 0;
      if (distance > most + (text.size() - i - 1)) return distance;
      up = (up << 1U) | 1U;
      down <<= 1U;
      more = down | ~(along | up);
      less = up & along;
    }
    return distance;
  }

  std::size_t by_rows(std::string_view text, std::size_t most) {
    row_.resize(text.size() + 1);
    std::iota(row_.begin(), row_.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from_.size(); ++i) {
      std::size_t diagonal = std::exchange(row_[0], i);
      std::size_t least = i;
      for (std::size_t j = 1; j <= text.size(); ++j) {
        const std::size_t replaced = diagonal + (from_[i - 1] == lower(text[j - 1]) ? 0 : 1);
        diagonal = row_[j];
        row_[j] = std::min({replaced, row_[j] + 1, row_[j - 1] + 1});
        least = std::min(least, row_[j]);
      }
      if (least > most) return least;
    }
    return row_.back();
  }

  std::string from_;
  std::array<std::uint64_t, 256> places_{};  ///< of each byte, where it stands
  std::vector<std::size_t> row_;
};

}  // namespace

std::optional<std::string_view> closest(std::string_view word, std::span<const std::string_view> candidates) {
  static constexpr std::size_t kLongest = 256;  // nobody mistypes longer words; bounds the work
  if (word.size() > kLongest) return std::nullopt;
  Distance from(word);
  std::optional<std::string_view> best;
  std::size_t least = 0;
  for (std::string_view candidate : candidates) {
    const std::size_t longer = std::max(from.size(), candidate.size());
    std::size_t allowed = longer / 3;
    if (best) allowed = std::min(allowed, least - 1);
    if (longer - std::min(from.size(), candidate.size()) > allowed || candidate.size() > kLongest) continue;
    const std::size_t distance = from.to(candidate, allowed);
    if (distance > allowed) continue;
    best = candidate;
    least = distance;
    if (least == 0) break;
  }
  return best;
}

}  // namespace redoubt

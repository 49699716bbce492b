#include "core/text.h"

#include <algorithm>
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

namespace {

// Levenshtein's distance in bytes; both sides are in lower case.
/// Of two texts in lower case; more than `most` is as good as any.
std::size_t edit_distance(std::string_view left, std::string_view right, std::size_t most,
                          std::vector<std::size_t>& row) {
  row.resize(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    std::size_t least = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
      least = std::min(least, row[j]);
    }
    if (least > most) return least;
  }
  return row.back();
}

}  // namespace

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  std::string out = std::to_string(number) + " ";
  if (number == 1) return out.append(one);
  return many.empty() ? out.append(one).append("s") : out.append(many);
}

std::optional<std::string_view> closest(std::string_view word, std::span<const std::string_view> candidates) {
  static constexpr std::size_t kLongest = 256;  // nobody mistypes longer words; bounds the work
  if (word.size() > kLongest) return std::nullopt;
  const std::string wanted = lower(word);
  std::vector<std::size_t> row;
  std::optional<std::string_view> best;
  std::size_t least = 0;
  for (std::string_view candidate : candidates) {
    std::size_t allowed = std::max(wanted.size(), candidate.size()) / 3;
    const std::size_t difference =
        std::max(wanted.size(), candidate.size()) - std::min(wanted.size(), candidate.size());
    if (best) allowed = std::min(allowed, least - 1);
    if (difference > allowed || candidate.size() > kLongest) continue;
    const std::size_t distance = edit_distance(wanted, lower(candidate), allowed, row);
    if (distance > allowed) continue;
    best = candidate;
    least = distance;
    if (least == 0) break;
  }
  return best;
}

}  // namespace redoubt

#include <algorithm>
#include <array>
#include <vector>

#include "kql/detail/characters.h"
#include "kql/detail/keywords.h"

namespace redoubt::kql::detail {

namespace {

constexpr Keyword kKeywords[] = {
#define RD_KQL_KEYWORD(name, text, use) {text, TokenKind::name, KeywordUse::use},
#include "kql/detail/keywords.inc"
#undef RD_KQL_KEYWORD
};

constexpr bool is_word(std::string_view text) {
  if (is_digit(text.front())) return false;
  for (const char c : text)
    if (!is_identifier_part(c)) return false;
  return true;
}

/// Those that are more than a word, such as `mv-expand` and `!has`: the longest first.
const std::vector<const Keyword*>& longer_than_words() {
  static const std::vector<const Keyword*> rows = [] {
    std::vector<const Keyword*> out;
    for (const Keyword& keyword : kKeywords)
      if (!is_word(keyword.text)) out.push_back(&keyword);
    std::stable_sort(out.begin(), out.end(), [](const Keyword* left, const Keyword* right) {
      return left->text.size() > right->text.size();
    });
    return out;
  }();
  return rows;
}

/// Bytes with which such a keyword begins.
const std::array<bool, 256>& longer_beginnings() {
  static const std::array<bool, 256> table = [] {
    std::array<bool, 256> out{};
    for (const Keyword* keyword : longer_than_words())
      out[static_cast<unsigned char>(keyword->text.front())] = true;
    return out;
  }();
  return table;
}

}  // namespace

std::span<const Keyword> keywords() { return kKeywords; }

const Keyword* keyword_at(std::string_view text) {
  if (text.empty()) return nullptr;
  const std::size_t word = word_size(text);
  const auto goes_on = [&](std::size_t size) { return size < text.size() && is_identifier_part(text[size]); };
  if (longer_beginnings()[static_cast<unsigned char>(text.front())])
    for (const Keyword* keyword : longer_than_words())
      if (keyword->text.size() > word && text.starts_with(keyword->text))
        return goes_on(keyword->text.size()) ? nullptr : keyword;
  if (word == 0) return nullptr;
  const std::string_view name = text.substr(0, word);
  const auto* const found =
      std::lower_bound(std::begin(kKeywords), std::end(kKeywords), name,
                       [](const Keyword& keyword, std::string_view wanted) { return keyword.text < wanted; });
  return found != std::end(kKeywords) && found->text == name ? found : nullptr;
}

}  // namespace redoubt::kql::detail

#include "kql/detail/string_match.h"

#include <cstring>

#include "core/text.h"
#include "core/utf8.h"

namespace redoubt::kql::detail {

namespace {

bool is_term_character(char32_t code) {
  if (code < 0x80) return (code >= '0' && code <= '9') || ((code | 0x20) >= 'a' && (code | 0x20) <= 'z');
  return is_letter_or_digit(code);
}

/// Whether the character that begins there belongs to a term.
bool term_at(std::string_view text, std::size_t at) {
  return at < text.size() && is_term_character(decode_utf8(text, at).code);
}

/// The same for the character that ends there.
bool term_before(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  std::size_t begin = at - 1;
  while (begin > 0 && at - begin < 4 && is_inner_byte(text[begin]))
    --begin;
  return is_term_character(decode_utf8(text, begin).code);
}

bool equal_ascii(const char* text, std::string_view lower_part) {
  for (std::size_t i = 0; i < lower_part.size(); ++i)
    if (lower(text[i]) != lower_part[i]) return false;
  return true;
}

/// First place at or behind `from` of an ASCII text in lower case.
std::size_t find_ascii(std::string_view text, std::string_view lower_part, std::size_t from) {
  if (lower_part.empty()) return from <= text.size() ? from : std::string_view::npos;
  const char first = lower_part.front();
  const char other = first >= 'a' && first <= 'z' ? static_cast<char>(first - 32) : first;
  for (; from + lower_part.size() <= text.size(); ++from) {
    if ((text[from] == first || text[from] == other) && equal_ascii(text.data() + from, lower_part))
      return from;
  }
  return std::string_view::npos;
}

/// Calls `look` with texts in which case no longer counts, and a way to find one in the other.
template <class Look>
bool without_case(std::string_view text, std::string_view part, Look look) {
  char buffer[256];
  if (part.size() <= sizeof buffer && is_ascii(part) && is_ascii(text)) {
    for (std::size_t i = 0; i < part.size(); ++i)
      buffer[i] = lower(part[i]);
    return look(text, std::string_view(buffer, part.size()), find_ascii);
  }
  const std::string folded_text = unicode_upper(text);
  const std::string folded_part = unicode_upper(part);
  return look(
      std::string_view(folded_text), std::string_view(folded_part),
      [](std::string_view in, std::string_view sought, std::size_t from) { return in.find(sought, from); });
}

template <class Find>
bool find_term(std::string_view text, std::string_view part, Borders borders, Find find) {
  if (part.empty()) return true;
  const bool front = borders != Borders::Back && term_at(part, 0);
  const bool back = borders != Borders::Front && term_before(part, part.size());
  for (std::size_t at = find(text, part, 0); at != std::string_view::npos; at = find(text, part, at + 1)) {
    if (front && term_before(text, at)) continue;
    if (back && term_at(text, at + part.size())) continue;
    return true;
  }
  return false;
}

}  // namespace

bool contains_text(std::string_view text, std::string_view part, Case minded) {
  if (minded == Case::Minded) return text.find(part) != std::string_view::npos;
  return without_case(text, part, [](std::string_view in, std::string_view sought, auto find) {
    return find(in, sought, 0) != std::string_view::npos;
  });
}

bool starts_with_text(std::string_view text, std::string_view part, Case minded) {
  if (minded == Case::Minded) return text.starts_with(part);
  if (is_ascii(part) && text.size() >= part.size() && is_ascii(text.substr(0, part.size())))
    return starts_with_any_case(text, part);
  return unicode_upper(text).starts_with(unicode_upper(part));
}

bool ends_with_text(std::string_view text, std::string_view part, Case minded) {
  if (minded == Case::Minded) return text.ends_with(part);
  if (is_ascii(part) && text.size() >= part.size() && is_ascii(text.substr(text.size() - part.size())))
    return ends_with_any_case(text, part);
  return unicode_upper(text).ends_with(unicode_upper(part));
}

bool equal_text(std::string_view left, std::string_view right, Case minded) {
  return minded == Case::Minded ? left == right : equal_ignore_case(left, right);
}

bool has_term(std::string_view text, std::string_view part, Case minded, Borders borders) {
  if (minded == Case::Minded)
    return find_term(text, part, borders, [](std::string_view in, std::string_view sought, std::size_t from) {
      return in.find(sought, from);
    });
  return without_case(text, part, [borders](std::string_view in, std::string_view sought, auto find) {
    return find_term(in, sought, borders, find);
  });
}

}  // namespace redoubt::kql::detail

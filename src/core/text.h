#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt {

/// ASCII only: Azure's own identifiers, type names and property names are ASCII.
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
std::string lower(std::string_view text);
bool equal_any_case(std::string_view left, std::string_view right);
/// In order of the ASCII lower case.
bool less_any_case(std::string_view left, std::string_view right);
bool starts_with_any_case(std::string_view text, std::string_view prefix);
bool ends_with_any_case(std::string_view text, std::string_view suffix);

/// Unicode simple case mapping as .NET's invariant culture has it. Input that is no UTF-8 is kept as it is.
std::string unicode_lower(std::string_view text);
std::string unicode_upper(std::string_view text);
/// Equal without regard to case over all of Unicode (ordinal, by simple upper case); ASCII is quick.
bool equal_ignore_case(std::string_view left, std::string_view right);
/// -1, 0, 1 in ordinal order of the upper-cased text.
int compare_ignore_case(std::string_view left, std::string_view right);
/// First position (in bytes) of `part` in `text` without regard to case, or npos.
std::size_t find_ignore_case(std::string_view text, std::string_view part);
std::size_t rfind_ignore_case(std::string_view text, std::string_view part);

/// A letter or a decimal digit of any script.
bool is_letter_or_digit(char32_t code);

bool is_ascii(std::string_view text);
bool valid_utf8(std::string_view text);
/// Where the first byte that is no UTF-8 stands, or npos.
std::size_t first_invalid_utf8(std::string_view text);

bool is_one_of(std::string_view word, std::span<const std::string_view> words);
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string_view> parts, std::string_view separator);
/// With single blanks for each run of white space.
std::string on_one_line(std::string_view text);
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

/// Digits and nothing else as a number; nothing: they are none, or too many.
std::optional<std::uint64_t> whole_number(std::string_view text);
/// `1 policy`, `3 policies`; without `many` an s makes the plural.
std::string counted(std::uint64_t number, std::string_view one, std::string_view many = {});

/// The candidate closest to `word` by edit distance without regard to case, if it is close enough to be
/// what the author meant (at most a third of the letters differ).
std::optional<std::string_view> closest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace redoubt

#include "kql/search_terms.h"

#include <algorithm>

#include "core/text.h"
#include "kql/pattern.h"

namespace redoubt::kql {

namespace {

/// What the text of a value can be made of.
struct TextOfType {
  Type type;
  std::string_view characters;  ///< in lower case
  std::ptrdiff_t points;        ///< so many at most
};
constexpr TextOfType kTexts[] = {
    {Type::Int, "-0123456789", 0},
    {Type::Long, "-0123456789", 0},
    {Type::Real, "-+.0123456789aefinty", 1},  // -1.5E+20, NaN, Infinity
    {Type::Decimal, "-+.0123456789e", 1},
    {Type::DateTime, "-0123456789:.tz", 1},
    {Type::Timespan, "-0123456789:.", 2},
    {Type::Guid, "-0123456789abcdef", 0},
    {Type::Bool, "aeflrstu", 0},
};

}  // namespace

SearchTerm search_term_of(std::string_view written, bool case_sensitive) {
  const bool front = written.starts_with('*');
  const bool back = written.size() > 1 && written.ends_with('*');
  const std::string_view core =
      written.substr(front ? 1 : 0, written.size() - (front ? 1 : 0) - (back ? 1 : 0));
  if (core.find('*') != std::string_view::npos) {
    std::string pattern = case_sensitive ? "" : "(?i)";
    if (!front) pattern += "\\b";
    for (const std::string_view part : split(core, '*'))
      pattern += quote_pattern(part) + ".*";
    pattern.resize(pattern.size() - 2);
    return {TokenKind::MatchesRegexKeyword, pattern + (back ? "" : "\\b")};
  }
  static constexpr TokenKind kOps[2][2][2] = {{{TokenKind::HasKeyword, TokenKind::HasCsKeyword},
                                               {TokenKind::HasPrefixKeyword, TokenKind::HasPrefixCsKeyword}},
                                              {{TokenKind::HasSuffixKeyword, TokenKind::HasSuffixCsKeyword},
                                               {TokenKind::ContainsKeyword, TokenKind::ContainsCsKeyword}}};
  return {kOps[front ? 1 : 0][back ? 1 : 0][case_sensitive ? 1 : 0], std::string(core)};
}

bool may_hold(Type type, const SearchTerm& term) {
  if (term.op == TokenKind::MatchesRegexKeyword) return true;
  const auto* const row = std::find_if(std::begin(kTexts), std::end(kTexts),
                                       [&](const TextOfType& one) { return one.type == type; });
  if (row == std::end(kTexts)) return true;
  return std::count(term.text.begin(), term.text.end(), '.') <= row->points &&
         lower(term.text).find_first_not_of(row->characters) == std::string::npos;
}

}  // namespace redoubt::kql

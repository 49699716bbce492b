#include "kql/detail/operators.h"

#include <algorithm>
#include <iterator>

namespace redoubt::kql::detail {

namespace {

constexpr TokenKind kStringOperators[] = {
    TokenKind::EqualTilde,
    TokenKind::BangTilde,
    TokenKind::Colon,
    TokenKind::HasKeyword,
    TokenKind::NotHasKeyword,
    TokenKind::HasCsKeyword,
    TokenKind::NotHasCsKeyword,
    TokenKind::HasPrefixKeyword,
    TokenKind::NotHasPrefixKeyword,
    TokenKind::HasPrefixCsKeyword,
    TokenKind::NotHasPrefixCsKeyword,
    TokenKind::HasSuffixKeyword,
    TokenKind::NotHasSuffixKeyword,
    TokenKind::HasSuffixCsKeyword,
    TokenKind::NotHasSuffixCsKeyword,
    TokenKind::LikeKeyword,
    TokenKind::NotLikeKeyword,
    TokenKind::LikeCsKeyword,
    TokenKind::NotLikeCsKeyword,
    TokenKind::ContainsKeyword,
    TokenKind::NotContainsKeyword,
    TokenKind::NotBangContainsKeyword,
    TokenKind::ContainsCsKeyword,
    TokenKind::Contains_CsKeyword,
    TokenKind::NotContainsCsKeyword,
    TokenKind::NotBangContainsCsKeyword,
    TokenKind::StartsWithKeyword,
    TokenKind::NotStartsWithKeyword,
    TokenKind::StartsWithCsKeyword,
    TokenKind::NotStartsWithCsKeyword,
    TokenKind::EndsWithKeyword,
    TokenKind::NotEndsWithKeyword,
    TokenKind::EndsWithCsKeyword,
    TokenKind::NotEndsWithCsKeyword,
    TokenKind::MatchesRegexKeyword,
};
constexpr TokenKind kMemberships[] = {
    TokenKind::InKeyword,      TokenKind::InCsKeyword,   TokenKind::NotInKeyword,
    TokenKind::NotInCsKeyword, TokenKind::HasAnyKeyword, TokenKind::HasAllKeyword,
};
constexpr TokenKind kRelations[] = {TokenKind::Less, TokenKind::LessEqual, TokenKind::Greater,
                                    TokenKind::GreaterEqual};

}  // namespace

bool is_string_operator(TokenKind kind) {
  return std::find(std::begin(kStringOperators), std::end(kStringOperators), kind) !=
         std::end(kStringOperators);
}
bool is_membership(TokenKind kind) {
  return std::find(std::begin(kMemberships), std::end(kMemberships), kind) != std::end(kMemberships);
}
bool is_relation(TokenKind kind) {
  return std::find(std::begin(kRelations), std::end(kRelations), kind) != std::end(kRelations);
}

bool is_arithmetic(TokenKind kind) {
  return kind == TokenKind::Plus || kind == TokenKind::Minus || kind == TokenKind::Asterisk ||
         kind == TokenKind::Slash || kind == TokenKind::Percent;
}

}  // namespace redoubt::kql::detail

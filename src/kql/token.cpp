#include "kql/token.h"

#include <iterator>

#include "kql/detail/keywords.h"

namespace redoubt::kql {

namespace {

using detail::KeywordUse;

struct Fixed {
  TokenKind kind;
  std::string_view text;
};
constexpr Fixed kPunctuation[] = {
    {TokenKind::OpenParen, "("},    {TokenKind::CloseParen, ")"},    {TokenKind::OpenBracket, "["},
    {TokenKind::CloseBracket, "]"}, {TokenKind::OpenBrace, "{"},     {TokenKind::CloseBrace, "}"},
    {TokenKind::Bar, "|"},          {TokenKind::LessBar, "<|"},      {TokenKind::Plus, "+"},
    {TokenKind::Minus, "-"},        {TokenKind::Asterisk, "*"},      {TokenKind::Slash, "/"},
    {TokenKind::Percent, "%"},      {TokenKind::Dot, "."},           {TokenKind::DotDot, ".."},
    {TokenKind::Bang, "!"},         {TokenKind::Less, "<"},          {TokenKind::LessEqual, "<="},
    {TokenKind::Greater, ">"},      {TokenKind::GreaterEqual, ">="}, {TokenKind::Equal, "="},
    {TokenKind::EqualEqual, "=="},  {TokenKind::BangEqual, "!="},    {TokenKind::LessGreater, "<>"},
    {TokenKind::Colon, ":"},        {TokenKind::Semicolon, ";"},     {TokenKind::Comma, ","},
    {TokenKind::EqualTilde, "=~"},  {TokenKind::BangTilde, "!~"},    {TokenKind::At, "@"},
    {TokenKind::Question, "?"},     {TokenKind::FatArrow, "=>"}};

constexpr std::size_t number_of(TokenKind kind) { return static_cast<std::size_t>(kind); }
constexpr std::size_t kFirstPunctuation = number_of(TokenKind::OpenParen);
constexpr std::size_t kFirstKeyword = number_of(TokenKind::FatArrow) + 1;
static_assert(std::size(kPunctuation) == kFirstKeyword - kFirstPunctuation);

const detail::Keyword* keyword_of(TokenKind kind) {
  return is_keyword(kind) ? &detail::keywords()[number_of(kind) - kFirstKeyword] : nullptr;
}

bool has_use(TokenKind kind, KeywordUse use) {
  const detail::Keyword* const keyword = keyword_of(kind);
  return keyword != nullptr && keyword->use == use;
}

}  // namespace

bool is_keyword(TokenKind kind) { return number_of(kind) >= kFirstKeyword; }

bool is_literal(TokenKind kind) {
  return kind >= TokenKind::StringLiteral && kind <= TokenKind::RawGuidLiteral;
}

bool may_be_name(TokenKind kind) { return has_use(kind, KeywordUse::Name); }

bool may_be_declared(TokenKind kind) {
  return has_use(kind, KeywordUse::Name) || has_use(kind, KeywordUse::Extended);
}

bool may_be_path(TokenKind kind) { return has_use(kind, KeywordUse::Parameter); }

std::string_view fixed_text(TokenKind kind) {
  if (const detail::Keyword* const keyword = keyword_of(kind)) return keyword->text;
  const std::size_t number = number_of(kind);
  return number >= kFirstPunctuation ? kPunctuation[number - kFirstPunctuation].text : std::string_view();
}

}  // namespace redoubt::kql

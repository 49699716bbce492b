#include "kql/lexer.h"

#include <algorithm>
#include <iterator>

#include "core/result.h"
#include "core/utf8.h"
#include "kql/detail/characters.h"
#include "kql/detail/keywords.h"
#include "kql/detail/literals.h"

namespace redoubt::kql {

namespace {

using detail::is_digit;
using detail::is_identifier_part;

struct Mark {
  std::string_view text;
  TokenKind kind;
};
/// The longer of two with the same beginning comes first. `--`, `-[` and their kind are made of these by the
/// parser, as only graph patterns know them.
constexpr Mark kMarks[] = {
    {"(", TokenKind::OpenParen},     {")", TokenKind::CloseParen},   {"[", TokenKind::OpenBracket},
    {"]", TokenKind::CloseBracket},  {"{", TokenKind::OpenBrace},    {"}", TokenKind::CloseBrace},
    {"|", TokenKind::Bar},           {"..", TokenKind::DotDot},      {".", TokenKind::Dot},
    {"+", TokenKind::Plus},          {"-", TokenKind::Minus},        {"*", TokenKind::Asterisk},
    {"/", TokenKind::Slash},         {"%", TokenKind::Percent},      {"<=", TokenKind::LessEqual},
    {"<|", TokenKind::LessBar},      {"<>", TokenKind::LessGreater}, {"<", TokenKind::Less},
    {">=", TokenKind::GreaterEqual}, {">", TokenKind::Greater},      {"==", TokenKind::EqualEqual},
    {"=>", TokenKind::FatArrow},     {"=~", TokenKind::EqualTilde},  {"=", TokenKind::Equal},
    {"!=", TokenKind::BangEqual},    {"!~", TokenKind::BangTilde},   {":", TokenKind::Colon},
    {";", TokenKind::Semicolon},     {",", TokenKind::Comma},        {"?", TokenKind::Question}};

struct TypedLiteral {
  TokenKind keyword;
  TokenKind literal;
};
/// Types whose values are written `long(5)`.
constexpr TypedLiteral kTypedLiterals[] = {{TokenKind::LongKeyword, TokenKind::LongLiteral},
                                           {TokenKind::Int64Keyword, TokenKind::LongLiteral},
                                           {TokenKind::IntKeyword, TokenKind::IntLiteral},
                                           {TokenKind::Int32Keyword, TokenKind::IntLiteral},
                                           {TokenKind::RealKeyword, TokenKind::RealLiteral},
                                           {TokenKind::DoubleKeyword, TokenKind::RealLiteral},
                                           {TokenKind::DecimalKeyword, TokenKind::DecimalLiteral},
                                           {TokenKind::BoolKeyword, TokenKind::BoolLiteral},
                                           {TokenKind::DateTimeKeyword, TokenKind::DateTimeLiteral},
                                           {TokenKind::DateKeyword, TokenKind::DateTimeLiteral},
                                           {TokenKind::TimeKeyword, TokenKind::TimespanLiteral},
                                           {TokenKind::TimespanKeyword, TokenKind::TimespanLiteral},
                                           {TokenKind::GuidKeyword, TokenKind::GuidLiteral}};

constexpr std::string_view kBooleans[] = {"true", "True", "TRUE", "false", "False", "FALSE"};

/// Where a token ends, and whether its own end is missing.
struct Scanned {
  TokenKind kind = TokenKind::Bad;
  std::size_t size = 0;
  bool unfinished = false;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    tokens.reserve(text_.size() / 4 + 2);
    for (;;) {
      const std::size_t leading = at_;
      skip_blanks();
      const Scanned next = at_ == text_.size() ? Scanned{TokenKind::End} : scan();
      tokens.push_back({next.kind, next.unfinished, static_cast<std::uint32_t>(at_),
                        static_cast<std::uint32_t>(next.size), static_cast<std::uint32_t>(at_ - leading)});
      at_ += next.size;
      if (next.kind == TokenKind::End) return tokens;
    }
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size()) {
      if (const std::size_t blank = detail::blank_size(text_, at_)) {
        at_ += blank;
      } else if (text_.substr(at_, 2) == "//") {
        at_ = line_end();
        if (at_ < text_.size()) at_ += detail::line_break_size(text_, at_);  // U+2028 is no blank by itself
      } else {
        return;
      }
    }
  }

  /// Without the line break.
  std::size_t line_end() const {
    std::size_t end = at_;
    while (end < text_.size() && detail::line_break_size(text_, end) == 0)
      ++end;
    return end;
  }

  Scanned scan() const {
    const std::string_view rest = text_.substr(at_);
    const char c = rest.front();
    if (detail::is_letter(c) || is_digit(c) || c == '_' || c == '$') return scan_word(rest);
    if (c == '#') return {TokenKind::Directive, line_end() - at_};
    if (const auto text = detail::scan_string(rest))
      return {TokenKind::StringLiteral, text->size, text->unfinished};
    if (c == '@') return {TokenKind::At, 1};
    for (const Mark& mark : kMarks)
      if (rest.starts_with(mark.text)) return {mark.kind, mark.text.size()};
    if (const detail::Keyword* const keyword = detail::keyword_at(rest))  // !in
      return {keyword->kind, keyword->text.size()};
    if (c == '!' && (rest.size() == 1 || !is_identifier_part(rest[1]))) return {TokenKind::Bang, 1};
    return {TokenKind::Bad, decode_utf8(text_, at_).bytes};
  }

  Scanned scan_word(std::string_view rest) const {
    if (const detail::Keyword* const keyword = detail::keyword_at(rest)) {
      const Scanned literal = scan_typed_literal(*keyword, rest);
      return literal.size != 0 ? literal : Scanned{keyword->kind, keyword->text.size()};
    }
    if (detail::is_raw_guid(rest)) return {TokenKind::RawGuidLiteral, detail::kRawGuidSize};
    if (is_digit(rest.front())) return scan_number(rest);
    const std::size_t size = detail::word_size(rest);
    const std::string_view word = rest.substr(0, size);
    if (std::find(std::begin(kBooleans), std::end(kBooleans), word) != std::end(kBooleans))
      return {TokenKind::BoolLiteral, size};
    if (word == "h" || word == "H")
      if (const auto text = detail::scan_string(rest.substr(1)))
        return {TokenKind::StringLiteral, text->size + 1, text->unfinished};
    return {TokenKind::Identifier, size};
  }

  /// `datetime(2024-01-01)`: what stands in the parentheses is not looked at here.
  static Scanned scan_typed_literal(const detail::Keyword& keyword, std::string_view rest) {
    const std::size_t open = keyword.text.size();
    if (open >= rest.size() || rest[open] != '(') return {};
    for (const TypedLiteral& row : kTypedLiterals) {
      if (row.keyword != keyword.kind) continue;
      std::size_t end = open + 1;
      while (end < rest.size() && rest[end] != ')' && detail::line_break_size(rest, end) == 0)
        ++end;
      const bool closed = end < rest.size() && rest[end] == ')';
      return {row.literal, closed ? end + 1 : end, !closed};
    }
    return {};
  }

  static Scanned scan_number(std::string_view rest) {
    if (const std::size_t size = detail::real_size(rest)) return {TokenKind::RealLiteral, size};
    if (const std::size_t size = detail::timespan_size(rest)) return {TokenKind::TimespanLiteral, size};
    if (const std::size_t size = detail::long_size(rest)) return {TokenKind::LongLiteral, size};
    return {TokenKind::Identifier, detail::word_size(rest)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text) {
  RD_CHECK(text.size() < UINT32_MAX);
  return Lexer(text).run();
}

}  // namespace redoubt::kql

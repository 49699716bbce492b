#include "kql/parser.h"

#include <fmt/format.h>

#include <algorithm>

#include "kql/detail/characters.h"
#include "kql/detail/parser.h"
#include "kql/lexer.h"

namespace redoubt::kql {

namespace {

std::string hint_for_character(std::string_view text) {
  if (text == "&") return "did you mean and?";
  return {};
}

/// What the lexer could not make sense of.
void tell_bad_tokens(Syntax& syntax, std::size_t max_problems) {
  for (const Token& token : syntax.tokens) {
    if (syntax.problems.size() >= max_problems) return;
    const std::string text(syntax.text_of(token));
    if (token.kind == TokenKind::Bad)
      syntax.problems.push_back({"KQL0101", Severity::Error, fmt::format("unexpected character: {}", text),
                                 token.offset, token.size, hint_for_character(text)});
    if (!token.unfinished) continue;
    const bool in_quotes = token.kind == TokenKind::StringLiteral;
    syntax.problems.push_back(
        {"KQL0102", Severity::Error,
         in_quotes ? "the string does not end" : "the literal does not end: ) expected", token.end(), 0,
         in_quotes
             ? "a string ends on its line, and \\ needs an escape behind it: write \\\\, or @'...' for a "
               "string without escapes"
             : ""});
  }
}

Syntax read(std::string_view text, const ParseLimits& limits, Node* (detail::Parser::*rule)()) {
  Syntax syntax;
  syntax.text = text;
  if (text.size() > limits.max_bytes) {
    syntax.text = {};
    syntax.problems.push_back(
        {"KQL0001",
         Severity::Error,
         fmt::format("the query is too long: {} bytes of at most {}", text.size(), limits.max_bytes),
         0,
         0,
         {}});
  }
  syntax.tokens = tokenize(syntax.text);
  if (!detail::is_command(syntax)) tell_bad_tokens(syntax, limits.max_problems);
  detail::Parser parser(syntax, limits);
  syntax.root = (parser.*rule)();
  std::stable_sort(syntax.problems.begin(), syntax.problems.end(),
                   [](const Problem& left, const Problem& right) { return left.offset < right.offset; });
  if (syntax.problems.size() > limits.max_problems) syntax.problems.resize(limits.max_problems);
  return syntax;
}

}  // namespace

Syntax parse(std::string_view text, const ParseLimits& limits) {
  return read(text, limits, &detail::Parser::query);
}

Syntax parse_parameters(std::string_view text, const ParseLimits& limits) {
  return read(text, limits, &detail::Parser::parameters);
}

namespace detail {

bool is_command(const Syntax& syntax) {
  std::size_t i = 0;
  while (syntax.tokens[i].kind == TokenKind::Directive)
    ++i;
  if (syntax.tokens[i].kind != TokenKind::Dot) return false;
  const TokenKind word = syntax.tokens[i + 1].kind;
  return word == TokenKind::Identifier || is_keyword(word);
}

const Token& Parser::peek(std::size_t ahead) const {
  return syntax_.tokens[std::min<std::size_t>(pos_ + ahead, syntax_.tokens.size() - 1)];
}

bool Parser::take(TokenKind wanted) {
  if (kind() != wanted || wanted == TokenKind::End) return false;
  ++pos_;
  return true;
}

void Parser::expect(TokenKind wanted) {
  if (take(wanted) || !keeps_problems()) return;
  const bool is_name = is(TokenKind::Colon, 1) || is(TokenKind::Equal, 1);
  problem_here("KQL0103", fmt::format("expected: {}", fixed_text(wanted)), is_name ? keyword_hint() : "");
}

std::size_t Parser::matches(std::string_view wanted, std::size_t ahead) const {
  std::size_t count = 0;
  while (!wanted.empty()) {
    const Token& token = peek(ahead + count);
    if (token.kind == TokenKind::End || (count != 0 && token.leading != 0)) return 0;
    const std::string_view part = syntax_.text_of(token);
    if (!wanted.starts_with(part)) return 0;
    wanted.remove_prefix(part.size());
    ++count;
  }
  return count;
}

std::size_t Parser::matches_any(std::span<const std::string_view> wanted, std::size_t ahead) const {
  for (const std::string_view text : wanted)
    if (const std::size_t count = matches(text, ahead)) return count;
  return 0;
}

bool Parser::take_text(std::string_view wanted) {
  const std::size_t count = matches(wanted);
  pos_ += static_cast<std::uint32_t>(count);
  return count != 0;
}

Node* Parser::make(NodeKind kind, std::uint32_t begin, std::initializer_list<Node*> children,
                   std::uint32_t token) {
  const std::span<Node*> copy = syntax_.arena.copy(std::span<Node* const>(children.begin(), children.size()));
  return syntax_.arena.make<Node>(kind, begin, pos_, token, copy);
}

Node* Parser::make(NodeKind kind, std::uint32_t begin, const std::vector<Node*>& children,
                   std::uint32_t token) {
  const std::span<Node*> copy = syntax_.arena.copy(std::span<Node* const>(children));
  return syntax_.arena.make<Node>(kind, begin, pos_, token, copy);
}

Node* Parser::leaf(NodeKind kind, std::size_t tokens) {
  const std::uint32_t begin = pos_;
  pos_ += static_cast<std::uint32_t>(tokens);
  return make(kind, begin, {}, begin);
}

void Parser::problem(std::string_view code, std::string message, const Token& at, std::string hint) {
  if (!keeps_problems()) return;
  syntax_.problems.push_back(
      {code, Severity::Error, std::move(message), at.offset, at.size, std::move(hint)});
}

/// Where a token is missing that had to stand in front of another: there, or behind what comes before if that
/// is further away than a blank.
std::uint32_t Parser::place_before(const Token& token) const {
  if (token.leading == 0) return token.offset;
  const std::uint32_t before = token.offset - token.leading;
  const bool far = blank_size(syntax_.text, before) != token.leading;
  return far || token.kind == TokenKind::End || line_break_size(syntax_.text, before) != 0 ? before
                                                                                           : token.offset;
}

void Parser::problem_here(std::string_view code, std::string message, std::string hint) {
  if (!keeps_problems() || told_at_ == pos_) return;
  told_at_ = pos_;
  syntax_.problems.push_back(
      {code, Severity::Error, std::move(message), place_before(peek()), 0, std::move(hint)});
}

std::string Parser::keyword_hint() const {
  if (!is_keyword(kind())) return {};
  return fmt::format("{} is a keyword here; as a name it is written ['{}']", text(), text());
}

Node* Parser::missing(std::string_view code, std::string_view what) {
  if (keeps_problems() && told_at_ != pos_) {
    told_at_ = pos_;
    const std::uint32_t offset = pos_ == 0 ? 0 : syntax_.tokens[pos_ - 1].end();
    syntax_.problems.push_back(
        {code, Severity::Error, fmt::format("missing: {}", what), offset, 0, keyword_hint()});
  }
  return make(NodeKind::Missing, pos_);
}

Node* Parser::missing_expression() { return missing("KQL0104", "an expression"); }
Node* Parser::missing_name() { return missing("KQL0105", "a name"); }
Node* Parser::missing_value() { return missing("KQL0109", "a value"); }
Node* Parser::missing_type() { return missing("KQL0109", "a type, such as string or long"); }
Node* Parser::missing_parameter() { return missing("KQL0109", "a parameter, written name=value"); }

bool Parser::ends_list(std::size_t ahead) const {
  switch (kind(ahead)) {
    case TokenKind::CloseParen:
    case TokenKind::CloseBracket:
    case TokenKind::CloseBrace:
    case TokenKind::Bar:
    case TokenKind::Semicolon:
    case TokenKind::End:
      return true;
    default:
      return false;
  }
}

bool Parser::ends_list_or(std::initializer_list<TokenKind> kinds) const {
  return ends_list() || std::find(kinds.begin(), kinds.end(), kind()) != kinds.end();
}

/// Where a list has an end of its own, elements without a comma between them are read, too.
Node* Parser::comma_list(Rule element, const ListForm& form) {
  const std::uint32_t begin = pos_;
  std::vector<Node*> out;
  const auto ended = [&] { return form.ends != nullptr && (this->*form.ends)(); };
  const auto next = [&]() -> Node* { return ended() ? nullptr : (this->*element)(); };
  Node* one = next();
  if (one == nullptr && is(TokenKind::Comma) && form.missing != nullptr) one = (this->*form.missing)();
  while (one != nullptr) {
    out.push_back(one);
    if (is(TokenKind::End) || ended()) break;
    if (take(TokenKind::Comma)) {
      one = next();
      if (one == nullptr && !form.trailing_comma && form.missing != nullptr)
        out.push_back((this->*form.missing)());
    } else if (form.ends != nullptr) {
      const std::size_t problems = syntax_.problems.size();
      const std::uint32_t at = pos_;
      one = (this->*element)();
      if (one != nullptr && keeps_problems()) {
        const std::uint32_t place = place_before(syntax_.tokens[at]);
        const Problem comma{"KQL0103", Severity::Error, "expected: ,", place, 0, {}};
        syntax_.problems.insert(syntax_.problems.begin() + static_cast<std::ptrdiff_t>(problems), comma);
      }
    } else {
      break;
    }
  }
  if (form.not_empty && out.empty() && form.missing != nullptr) out.push_back((this->*form.missing)());
  return make(NodeKind::List, begin, out);
}

Node* Parser::expression_list(Rule element, Ends ends, bool not_empty) {
  return comma_list(element, {&Parser::missing_expression, ends, not_empty});
}

Node* Parser::list(Rule element, Ends ends) {
  const std::uint32_t begin = pos_;
  std::vector<Node*> out;
  while (ends == nullptr || !(this->*ends)()) {
    Node* const one = (this->*element)();
    if (one == nullptr) break;
    out.push_back(one);
  }
  return make(NodeKind::List, begin, out);
}

bool Parser::Level::too_deep() {
  if (parser_.depth_ <= parser_.limits_.max_depth) return false;
  parser_.problem("KQL0002", fmt::format("nested too deep: more than {} levels", parser_.limits_.max_depth),
                  parser_.peek());
  parser_.gave_up_ = true;
  parser_.pos_ = static_cast<std::uint32_t>(parser_.syntax_.tokens.size() - 1);
  return true;
}

}  // namespace detail

}  // namespace redoubt::kql

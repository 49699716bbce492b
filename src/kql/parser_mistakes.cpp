#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/text.h"
#include "kql/detail/characters.h"
#include "kql/detail/keywords.h"
#include "kql/detail/parser.h"
#include "kql/functions.h"

namespace redoubt::kql::detail {

namespace {

struct Mistake {
  std::string_view word;  ///< in any case
  std::string_view hint;
};

/// Words of other languages where KQL has an operator.
constexpr Mistake kMistakes[] = {
    {"is", "isnull() and isnotnull() ask for null, isempty() and isnotempty() of texts"},
    {"not", "not(...) negates a condition; an operator is negated by !: !in, !has, !="},
    {"xor", "write a != b for two conditions"},
};

bool may_join_values(std::string_view word) {
  static constexpr std::string_view kWords[] = {
      "and",      "or",        "in",        "between", "has",     "contains", "startswith",
      "endswith", "hasprefix", "hassuffix", "has_any", "has_all", "like",     "matches",
  };
  return std::ranges::find(kWords, word) != std::end(kWords);
}

/// Empty: it is no such word.
std::string hint_for(std::string_view word) {
  const std::string small = lower(word);
  if (small != word && may_join_values(small)) return fmt::format("did you mean {}?", small);
  for (const Mistake& one : kMistakes)
    if (small == one.word) return std::string(one.hint);
  return {};
}

bool is_function_name(std::string_view name) {
  return equal_any_case(name, "not") || find_function(name, FunctionKind::Scalar) != nullptr ||
         find_function(name, FunctionKind::Aggregate) != nullptr;
}

bool opens(TokenKind kind) {
  return kind == TokenKind::OpenParen || kind == TokenKind::OpenBracket || kind == TokenKind::OpenBrace;
}

bool closes(TokenKind kind) {
  return kind == TokenKind::CloseParen || kind == TokenKind::CloseBracket || kind == TokenKind::CloseBrace;
}

}  // namespace

/// How many tokens there are up to one of a kind, or to the bracket that closes what is around them.
std::size_t Parser::scan_to(std::initializer_list<TokenKind> ends) const {
  std::size_t depth = 0;
  std::size_t count = 0;
  for (; !is(TokenKind::End, count); ++count) {
    const TokenKind next = kind(count);
    if (depth == 0 && (closes(next) || std::find(ends.begin(), ends.end(), next) != ends.end())) break;
    if (opens(next)) ++depth;
    if (closes(next)) --depth;
  }
  return count;
}

/// Whether what follows a statement without `;` goes on with it, rather than being the next one.
bool Parser::is_remainder(std::uint32_t at) const {
  if (at == 0) return false;
  const Token& token = syntax_.tokens[at];
  if (!hint_for(syntax_.text_of(token)).empty()) return true;
  switch (token.kind) {
    case TokenKind::LetKeyword:
    case TokenKind::SetKeyword:
    case TokenKind::DeclareKeyword:
    case TokenKind::AliasKeyword:
    case TokenKind::RestrictKeyword:
      return false;
    default:
      break;
  }
  const std::string_view leading = syntax_.text.substr(token.offset - token.leading, token.leading);
  return leading.find_first_of("\r\n") == std::string_view::npos;
}

/// Says once what is wrong with it, and reads no further: all that could be said of it would follow from
/// that.
Node* Parser::remainder() {
  const Token& token = peek();
  const std::string_view before = syntax_.text_of(syntax_.tokens[pos_ - 1]);
  syntax_.broken_off.push_back(pos_);
  told_at_ = pos_ - 1;  // what was told of this place is taken back
  if (const std::string hint = hint_for(text()); !hint.empty()) {
    problem("KQL0107", fmt::format("not an operator: {}", text()), token, hint);
  } else if (lacks_pipe()) {
    problem_here("KQL0103", "expected: |", missing_pipe_hint());
  } else if (syntax_.tokens[pos_ - 1].kind == TokenKind::Identifier && is_function_name(before) &&
             !is(TokenKind::OpenParen)) {
    problem_here("KQL0103", "expected: (", fmt::format("{}({})", lower(before), text()));
  } else {
    problem_here("KQL0103", "expected: ;");
  }
  return leaf(NodeKind::Skipped, scan_to({TokenKind::Semicolon}));
}

/// Whether an operator follows what may be rows or the end of a condition; behind a keyword or a dot it is
/// rather a column of that name.
bool Parser::lacks_pipe() const {
  if (pos_ == 0 || !is_piped_operator()) return false;
  const TokenKind before = syntax_.tokens[pos_ - 1].kind;
  return before == TokenKind::Identifier || is_literal(before) || closes(before);
}

std::string Parser::missing_pipe_hint() const {
  return lacks_pipe() ? fmt::format("a | is missing before {}", text()) : std::string();
}

/// Of what stands where the query can not be read any further.
std::string Parser::unread_hint() const {
  if (is(TokenKind::Equal)) return "did you mean ==?";
  if (!is(TokenKind::Comma)) return missing_pipe_hint();
  std::uint32_t bar = pos_;
  while (bar != 0 && syntax_.tokens[bar].kind != TokenKind::Bar)
    --bar;
  if (syntax_.tokens[bar].kind != TokenKind::Bar || syntax_.tokens[bar + 1].kind != TokenKind::TopKeyword)
    return {};
  return fmt::format("top takes one key: sort by ..., ... | take {}",
                     syntax_.text_of(syntax_.tokens[bar + 2]));
}

/// Where `SELECT ... FROM` begins, in any case: how many tokens away the name of the table is. 0: it does
/// not.
std::size_t Parser::scan_sql() const {
  constexpr std::size_t kFarthest = 1'000;  // what is read for nothing stays little
  const std::size_t select = equal_any_case(text(), "explain") ? 1 : 0;
  if (!equal_any_case(text(select), "select")) return 0;
  for (std::size_t at = select + 2; at < kFarthest; ++at) {
    if (is(TokenKind::End, at) || is(TokenKind::Semicolon, at) || is(TokenKind::Bar, at)) return 0;
    if (equal_any_case(text(at), "from")) return at + 1;
  }
  return 0;
}

/// A statement of SQL: one mistake, whatever follows.
Node* Parser::sql() {
  const std::size_t named = scan_sql();
  const std::string_view table = is(TokenKind::Identifier, named) ? text(named) : "Table";
  problem("KQL0112", "this is SQL, which is not read", peek(),
          fmt::format("in KQL that is {} | where ... | project ..., or | summarize ... by ... for GROUP BY",
                      table));
  syntax_.broken_off.push_back(pos_);
  return leaf(NodeKind::Skipped, std::max<std::size_t>(scan_to({TokenKind::Semicolon}), 1));
}

/// In front of a token: whether an empty line lies there.
std::string Parser::blank_line_hint(const Token& token) const {
  const std::string_view leading = syntax_.text.substr(token.offset - token.leading, token.leading);
  std::size_t breaks = 0;
  for (std::size_t at = 0; at < leading.size() && breaks < 2;) {
    const std::size_t line_break = line_break_size(leading, at);
    if (line_break != 0)
      ++breaks;
    else if (leading[at] != ' ' && leading[at] != '\t')
      breaks = 0;
    at += std::max<std::size_t>(line_break, 1);
  }
  return breaks < 2 ? std::string()
                    : "an empty line does not end a query here: put ; between two, or give each a file";
}

}  // namespace redoubt::kql::detail

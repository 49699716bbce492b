#include <algorithm>
#include <array>

#include "core/text.h"
#include "kql/detail/function_head.h"
#include "kql/detail/query_file.h"
#include "kql/detail/string_text.h"
#include "kql/lexer.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::array<std::string_view, 3> kVerbs = {"create", "create-or-alter", "alter"};

/// Reads commands from tokens; the places of what it found are tokens.
class Commands {
 public:
  Commands(std::string_view text, std::vector<Token> tokens) : text_(text), tokens_(std::move(tokens)) {}

  std::size_t offset() const { return tokens_[at_].offset; }
  bool at_end() const { return is(TokenKind::End); }

  struct Command {
    std::string name;
    std::string_view parameters;
    std::string_view body;
  };

  /// `.execute database script <|`, in front of commands.
  void pass_script_head() {
    const std::size_t start = at_;
    if (!take(TokenKind::Dot) || !take_word("execute") || !take_word("database") || !take_word("script")) {
      at_ = start;
      return;
    }
    while (!at_end() && !text_.substr(offset()).starts_with("<|"))
      ++at_;
    while (!at_end() && std::string_view("<|").find(token_text().front()) != std::string_view::npos)
      ++at_;
  }

  /// To where the next command begins: a dot in front of a line.
  std::string_view pass_command() {
    const std::size_t begin = offset();
    do
      ++at_;
    while (!at_end() && !(is(TokenKind::Dot) && (offset() == 0 || text_[offset() - 1] == '\n')));
    return text_.substr(begin, offset() - begin);
  }

  /// Nothing is taken where no function is created.
  std::optional<Command> next() {
    const std::size_t start = at_;
    std::optional<Command> out = command();
    if (!out) at_ = start;
    return out;
  }

 private:
  bool is(TokenKind kind) const { return tokens_[at_].kind == kind; }
  std::string_view token_text() const { return text_.substr(tokens_[at_].offset, tokens_[at_].size); }
  bool take(TokenKind kind) {
    if (!is(kind) || at_end()) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (at_end() || token_text() != word) return false;
    ++at_;
    return true;
  }

  /// `create-or-alter` is several tokens side by side.
  bool take_verb() {
    std::string verb;
    do {
      verb += token_text();
      ++at_;
    } while (!at_end() && tokens_[at_].leading == 0);
    return std::ranges::find(kVerbs, verb) != kVerbs.end();
  }

  /// What stands between two brackets; nothing: they do not close.
  std::optional<std::string_view> take_inside(TokenKind open, TokenKind close) {
    if (!is(open)) return std::nullopt;
    const std::size_t begin = tokens_[at_].end();
    std::size_t depth = 0;
    for (; !at_end(); ++at_) {
      if (is(open)) ++depth;
      if (!is(close) || --depth != 0) continue;
      const std::size_t end = offset();
      ++at_;
      return text_.substr(begin, end - begin);
    }
    return std::nullopt;
  }

  std::string take_name() {
    const std::string_view written = token_text();
    if (take(TokenKind::OpenBracket)) {
      const std::string name = string_text(token_text());
      ++at_;
      return take(TokenKind::CloseBracket) ? name : std::string();
    }
    const bool in_quotes = is(TokenKind::StringLiteral);
    if (!at_end()) ++at_;
    return in_quotes ? string_text(written) : std::string(written);
  }

  std::optional<Command> command() {
    if (!take(TokenKind::Dot) || at_end() || !take_verb() || !take_word("function")) return std::nullopt;
    take_word("ifnotexists");
    if (take_word("with") && !take_inside(TokenKind::OpenParen, TokenKind::CloseParen)) return std::nullopt;
    Command out;
    out.name = take_name();
    const auto parameters = take_inside(TokenKind::OpenParen, TokenKind::CloseParen);
    if (out.name.empty() || !parameters) return std::nullopt;
    const auto body = take_inside(TokenKind::OpenBrace, TokenKind::CloseBrace);
    if (!body) return std::nullopt;
    out.parameters = *parameters;
    out.body = *body;
    return out;
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

bool find_function_commands(QueryFile& file, std::size_t begin) {
  const std::string_view text = file.text().substr(begin);
  if (text.find(".create") == std::string_view::npos && text.find(".alter") == std::string_view::npos)
    return false;
  Commands commands(text, tokenize(text));
  commands.pass_script_head();
  std::vector<FoundQuery> out;
  bool found = false;
  const auto part_of = [&](std::string_view part) {
    return TextMap::part(begin + static_cast<std::size_t>(part.data() - text.data()), part.size());
  };
  while (!commands.at_end()) {
    const std::optional<Commands::Command> one = commands.next();
    if (!one) {
      const std::string_view other = commands.pass_command();
      out.push_back({.kind = QueryKind::File, .query = std::string(other), .map = part_of(other)});
      continue;
    }
    found = true;
    out.push_back({.kind = QueryKind::Function,
                   .name = one->name,
                   .query = std::string(one->body),
                   .map = part_of(one->body),
                   .function = FunctionHead{.names = {one->name},
                                            .parameters = std::string(one->parameters),
                                            .parameters_map = part_of(one->parameters)}});
  }
  if (!found) return false;
  for (FoundQuery& query : out)
    file.add(std::move(query));
  return true;
}

}  // namespace redoubt::kql::detail

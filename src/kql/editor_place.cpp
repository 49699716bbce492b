#include "kql/detail/editor_place.h"

#include <algorithm>

#include "core/text.h"
#include "kql/detail/characters.h"

namespace redoubt::kql::detail {

namespace {

/// An open bracket, or the text itself.
struct Level {
  TokenKind opener = TokenKind::End;
  std::size_t open = 0;     ///< of the bracket
  std::size_t segment = 0;  ///< the first token behind the last `|`, `;` or the bracket
  bool piped = false;       ///< ... behind a `|`
  std::size_t commas = 0;
};

class PlaceFinder {
 public:
  PlaceFinder(std::string_view text, const std::vector<Token>& tokens, std::uint32_t position)
      : text_(text), tokens_(tokens), position_(position) {}

  Place run() {
    place_.begin = position_;
    place_.end = position_;
    if (in_comment_or_string()) return std::move(place_);
    find_word();
    if (!place_.word.empty() && is_digit(place_.word.front())) return std::move(place_);
    find_levels();
    find_operator();
    find_call();
    place_.kind = kind();
    return std::move(place_);
  }

 private:
  std::string_view text_of(std::size_t index) const {
    return index < tokens_.size() ? text_.substr(tokens_[index].offset, tokens_[index].size)
                                  : std::string_view();
  }
  TokenKind kind_of(std::size_t index) const {
    return index < tokens_.size() ? tokens_[index].kind : TokenKind::End;
  }

  bool in_comment_or_string();
  void find_word();
  void find_levels();
  void find_operator();
  void find_clause(std::size_t from, std::size_t to);
  void find_call();
  PlaceKind kind();
  PlaceKind kind_behind_bracket();
  PlaceKind kind_in_operator();
  PlaceKind type_or_nothing() const;
  bool ends_operand(std::size_t index) const;
  std::size_t parameters_end() const;
  bool is_call_bracket(std::size_t open) const;
  bool holds_query(const Level& level) const;

  std::string_view text_;
  const std::vector<Token>& tokens_;
  std::uint32_t position_;
  Place place_;
  std::size_t count_ = 0;  // tokens in front of the word
  std::vector<Level> levels_;
  const Level* home_ = nullptr;  // the level of the operator
  std::size_t word_at_ = 0;      // the operator's word
};

/// Sets begin and end to what stands between the quotes.
bool PlaceFinder::in_comment_or_string() {
  const auto found = std::ranges::upper_bound(
      tokens_, position_, {}, [](const Token& token) { return token.offset - token.leading; });
  const std::size_t index =
      found == tokens_.begin() ? 0 : static_cast<std::size_t>(found - tokens_.begin()) - 1;
  for (std::size_t i = index == 0 ? 0 : index - 1; i <= index && i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (position_ > token.offset - token.leading && position_ <= token.offset) {
      const std::string_view before =
          text_.substr(token.offset - token.leading, position_ - (token.offset - token.leading));
      const std::size_t line = before.rfind('\n');
      if (before.substr(line == std::string_view::npos ? 0 : line + 1).find("//") != std::string_view::npos)
        return true;
    }
    const bool inside = position_ > token.offset &&
                        (position_ < token.end() || (token.unfinished && position_ == token.end()));
    if (!inside || !is_literal(token.kind)) continue;
    if (token.kind != TokenKind::StringLiteral) return true;
    const std::size_t quote = text_.find_first_of("'\"", token.offset);
    if (quote == std::string_view::npos || quote >= position_) return true;
    place_.begin = static_cast<std::uint32_t>(quote) + 1;
    place_.end = token.unfinished ? token.end() : std::max(token.end() - 1, place_.begin);
    place_.end = std::max(place_.end, position_);
    place_.word = text_.substr(place_.begin, position_ - place_.begin);
    const bool name = is_name_in_brackets(tokens_, i);
    if (name) place_.quote = text_[quote];
    count_ = name ? i - 1 : i;
    find_levels();
    find_operator();
    find_call();
    place_.kind = place_.word.find('\n') != std::string_view::npos ? PlaceKind::Nothing
                  : name                                           ? kind()
                                                                   : PlaceKind::Text;
    return true;
  }
  return false;
}

void PlaceFinder::find_word() {
  std::size_t begin = position_;
  std::size_t end = position_;
  while (begin > 0 && is_identifier_part(text_[begin - 1]))
    --begin;
  while (end < text_.size() && is_identifier_part(text_[end]))
    ++end;
  if (begin > 0 && (text_[begin - 1] == '$' || text_[begin - 1] == '!')) --begin;
  // hint.strategy, mv-expand: words with a sign in them.
  if (begin >= 5 && text_.substr(begin - 5, 5) == "hint." &&
      (begin == 5 || !is_identifier_part(text_[begin - 6])))
    begin -= 5;
  std::size_t front = begin;
  while (front > 0 && (is_letter(text_[front - 1]) || text_[front - 1] == '-'))
    --front;
  if (front < begin && is_letter(text_[front])) {
    std::size_t before = front;
    while (before > 0 && (text_[before - 1] == ' ' || text_[before - 1] == '\t'))
      --before;
    if (before > 0 && text_[before - 1] == '|') begin = front;
  }
  if (begin < position_ && end == position_ && begin + 1 < position_)
    while (end < text_.size() && text_[end] == '-' && end + 1 < text_.size() && is_letter(text_[end + 1])) {
      ++end;
      while (end < text_.size() && is_identifier_part(text_[end]))
        ++end;
      break;
    }
  if (end < text_.size() && text_[end] == '-' && end == position_) end = position_;
  place_.begin = static_cast<std::uint32_t>(begin);
  place_.end = static_cast<std::uint32_t>(end);
  place_.word = text_.substr(begin, position_ - begin);
  count_ = static_cast<std::size_t>(
      std::ranges::partition_point(
          tokens_, [&](const Token& token) { return token.kind != TokenKind::End && token.offset < begin; }) -
      tokens_.begin());
}

void PlaceFinder::find_levels() {
  levels_.push_back({});
  for (std::size_t i = 0; i < count_; ++i) {
    switch (kind_of(i)) {
      case TokenKind::OpenParen:
      case TokenKind::OpenBracket:
      case TokenKind::OpenBrace:
        levels_.push_back({kind_of(i), i, i + 1, false, 0});
        break;
      case TokenKind::CloseParen:
      case TokenKind::CloseBracket:
      case TokenKind::CloseBrace:
        if (levels_.size() > 1) levels_.pop_back();
        break;
      case TokenKind::Bar:
      case TokenKind::Semicolon:
        levels_.back().segment = i + 1;
        levels_.back().piped = kind_of(i) == TokenKind::Bar;
        levels_.back().commas = 0;
        break;
      case TokenKind::Comma:
        ++levels_.back().commas;
        break;
      default:
        break;
    }
  }
  for (std::size_t i = 1; i < levels_.size(); ++i)
    place_.open.push_back(levels_[i].opener == TokenKind::OpenParen     ? ')'
                          : levels_[i].opener == TokenKind::OpenBracket ? ']'
                                                                        : '}');
}

/// The operator that the place belongs to: of the innermost level that has one.
void PlaceFinder::find_operator() {
  for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
    std::size_t at = level->segment;
    if (!level->piped && kind_of(at) == TokenKind::LetKeyword && at + 2 < count_) {
      at += 3;  // let name =
      place_.in_let = true;
    }
    if (at < count_) {
      const OperatorWord* const found = find_operator_word(text_of(at));
      if (found != nullptr && (level->piped || found->begins || !found->follows ||
                               (level->opener == TokenKind::OpenParen && !is_call_bracket(level->open)))) {
        place_.op = found;
        place_.operator_offset = tokens_[at].offset;
        home_ = &*level;
        word_at_ = at;
        const auto inner = level.base();  // the level inside it
        find_clause(at + 1, inner == levels_.end() ? count_ : inner->open);
        return;
      }
    }
    if (level->opener == TokenKind::OpenBrace || holds_query(*level)) return;
  }
}

void PlaceFinder::find_clause(std::size_t from, std::size_t to) {
  std::size_t depth = 0;
  for (std::size_t i = from; i < to; ++i) {
    const TokenKind kind = kind_of(i);
    if (kind == TokenKind::OpenParen || kind == TokenKind::OpenBracket) ++depth;
    if ((kind == TokenKind::CloseParen || kind == TokenKind::CloseBracket) && depth > 0) --depth;
    if (depth > 0) continue;
    for (const std::string_view clause : place_.op->clauses)
      if (text_of(i) == clause.substr(0, clause.find(' ')) && kind_of(i + 1) != TokenKind::Equal)
        place_.clause = text_of(i);
  }
}

/// A bracket right behind a name is that of a call, unless the name is an operator's or ends a parameter.
bool PlaceFinder::is_call_bracket(std::size_t open) const {
  if (open == 0 || kind_of(open) != TokenKind::OpenParen) return false;
  const TokenKind before = kind_of(open - 1);
  if (before == TokenKind::DataTableKeyword || before == TokenKind::ExternalDataKeyword) return true;
  if (before != TokenKind::Identifier && !is_keyword(before)) return false;
  if (tokens_[open].leading > 0) return false;
  static constexpr std::string_view kNoCalls[] = {"and",     "or",     "in",   "by",      "on",
                                                  "between", "in~",    "!in",  "!in~",    "join",
                                                  "union",   "lookup", "with", "has_any", "has_all"};
  return std::ranges::find(kNoCalls, text_of(open - 1)) == std::end(kNoCalls);
}

/// Whether a query of its own stands in the parentheses.
bool PlaceFinder::holds_query(const Level& level) const {
  if (level.opener != TokenKind::OpenParen || level.open == 0) return false;
  const std::string_view before = text_of(level.open - 1);
  if (is_call_bracket(level.open))
    return before == "materialize" || before == "toscalar" || before == "totable" || before == "view";
  // The operator of the level around it.
  std::size_t at = (&level - 1)->segment;
  if (kind_of(at) == TokenKind::LetKeyword) at += 3;
  const OperatorWord* const op = at < level.open ? find_operator_word(text_of(at)) : nullptr;
  if (op == nullptr || !op->subquery) return false;
  if (op->name == "mv-apply" || op->name == "mvapply") return before == "on";
  if (op->name == "partition") return at + 1 < level.open && before != "by";
  if (op->name == "join" || op->name == "lookup") {
    for (std::size_t i = at; i < level.open; ++i)
      if (text_of(i) == "on") return false;
    return true;
  }
  return true;
}

void PlaceFinder::find_call() {
  const Level& level = levels_.back();
  if (!is_call_bracket(level.open) || &level == &levels_.front()) return;
  place_.call = text_of(level.open - 1);
  place_.argument = level.commas;
  if (count_ > level.open + 2 && kind_of(count_ - 1) == TokenKind::Equal)
    place_.argument_name = text_of(count_ - 2);
}

bool PlaceFinder::ends_operand(std::size_t index) const {
  const TokenKind kind = kind_of(index);
  if (kind == TokenKind::Identifier || is_literal(kind) || kind == TokenKind::CloseParen ||
      kind == TokenKind::CloseBracket)
    return true;
  if (!may_be_name(kind) || index == word_at_) return false;
  return place_.clause != text_of(index) && kind != TokenKind::OnKeyword && kind != TokenKind::StepKeyword &&
         kind != TokenKind::FromKeyword;
}

/// Behind the parameters that follow the operator's word: `join kind=inner hint.strategy=shuffle`.
std::size_t PlaceFinder::parameters_end() const {
  std::size_t at = word_at_ + 1;
  while (at + 2 < count_ + 0 && kind_of(at + 1) == TokenKind::Equal &&
         find_parameter(place_.op->parameters(), text_of(at)) != nullptr)
    at += 3;
  return at;
}

PlaceKind PlaceFinder::type_or_nothing() const {
  const Level& level = levels_.back();
  if (level.opener == TokenKind::OpenBracket ||
      (level.opener == TokenKind::OpenBrace && place_.op == nullptr))
    return PlaceKind::Nothing;
  return place_.op != nullptr && place_.op->name == "search" ? PlaceKind::Nothing : PlaceKind::Type;
}

PlaceKind PlaceFinder::kind() {
  const Level& level = levels_.back();
  const std::size_t before = count_ - 1;  // wraps at the beginning, where nothing is asked of it
  if (count_ > 0 && kind_of(before) == TokenKind::Dot) {
    if (count_ > 1) place_.base = text_of(count_ - 2);
    return PlaceKind::Member;
  }
  if (count_ > level.segment && kind_of(before) == TokenKind::Colon) return type_or_nothing();
  if (place_.call == "typeof") return PlaceKind::Type;
  if (place_.call == "datatable" || place_.call == "externaldata" || place_.call == "dynamic")
    return PlaceKind::Nothing;
  if (count_ == level.segment) return kind_behind_bracket();
  if (home_ != nullptr && (home_ == &level || !place_.call.empty() || place_.op != nullptr))
    return kind_in_operator();
  if (kind_of(level.segment) == TokenKind::LetKeyword && count_ < level.segment + 3)
    return PlaceKind::Nothing;
  if (kind_of(before) == TokenKind::LetKeyword || kind_of(before) == TokenKind::AsKeyword ||
      kind_of(before) == TokenKind::SetKeyword)
    return PlaceKind::Nothing;
  if (ends_operand(before)) return PlaceKind::AfterOperand;
  return PlaceKind::Expression;
}

PlaceKind PlaceFinder::kind_behind_bracket() {
  const Level& level = levels_.back();
  if (level.piped) return PlaceKind::Operator;
  switch (level.opener) {
    case TokenKind::End:
    case TokenKind::OpenBrace:
      return PlaceKind::Statement;
    case TokenKind::OpenParen:
      break;
    default:
      return place_.op != nullptr && place_.op->name != "print" ? PlaceKind::Expression : PlaceKind::Nothing;
  }
  if (holds_query(level)) {
    static constexpr std::string_view kOnRows[] = {"mv-apply", "mvapply", "partition", "fork", "facet"};
    const std::size_t around = levels_[levels_.size() - 2].segment;
    return std::ranges::find(kOnRows, text_of(around)) == std::end(kOnRows) ? PlaceKind::Table
                                                                            : PlaceKind::Operator;
  }
  if (place_.op == nullptr) return place_.call.empty() ? PlaceKind::Table : PlaceKind::Expression;
  const std::string_view before = text_of(level.open - 1);
  if ((place_.op->name == "find" || place_.op->name == "search") && before == "in") return PlaceKind::Table;
  if (place_.op->name == "render" && before == "with") return PlaceKind::RenderValue;
  return PlaceKind::Expression;
}

PlaceKind PlaceFinder::kind_in_operator() {
  const std::size_t before = count_ - 1;
  if (place_.op->name == "render" && &levels_.back() != home_) {
    if (kind_of(before) != TokenKind::Equal)
      return kind_of(before) == TokenKind::Comma ? PlaceKind::RenderValue : PlaceKind::Nothing;
    place_.rule = find_parameter(kRenderProperties, text_of(before - 1));
    return place_.rule != nullptr ? PlaceKind::Value : PlaceKind::Nothing;
  }
  if (&levels_.back() == home_ && kind_of(before) == TokenKind::Equal && before >= 1) {
    place_.rule = find_parameter(place_.op->parameters(), text_of(before - 1));
    if (place_.rule != nullptr && before - 1 < parameters_end() + 1) return PlaceKind::Value;
    place_.rule = nullptr;
  }
  if (&levels_.back() == home_ && count_ == parameters_end()) return PlaceKind::Head;
  if (place_.op->takes == OperatorTakes::NewName && place_.clause.empty())
    return count_ > word_at_ + 1 && place_.op->name == "range" ? PlaceKind::AfterOperand : PlaceKind::Nothing;
  const bool chart = place_.op->takes == OperatorTakes::Chart && place_.clause.empty();
  if (chart || ends_operand(before)) return PlaceKind::AfterOperand;
  static constexpr std::string_view kDone[] = {"asc", "desc", "first", "last"};
  if (std::ranges::find(kDone, text_of(before)) != std::end(kDone)) return PlaceKind::AfterOperand;
  return PlaceKind::Expression;
}

}  // namespace

bool is_name_in_brackets(const std::vector<Token>& tokens, std::size_t string) {
  if (string == 0 || string >= tokens.size() || tokens[string].kind != TokenKind::StringLiteral ||
      tokens[string - 1].kind != TokenKind::OpenBracket)
    return false;
  if (string == 1) return true;
  const TokenKind before = tokens[string - 2].kind;
  if (before == TokenKind::CloseParen || before == TokenKind::CloseBracket || is_literal(before))
    return false;
  const bool name = before == TokenKind::Identifier || is_keyword(before);
  return !name || tokens[string - 1].leading > 0;
}

Place find_place(std::string_view text, const std::vector<Token>& tokens, std::uint32_t position) {
  return PlaceFinder(text, tokens, std::min<std::uint32_t>(position, static_cast<std::uint32_t>(text.size())))
      .run();
}

}  // namespace redoubt::kql::detail

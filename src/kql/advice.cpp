#include "kql/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/text.h"
#include "kql/detail/characters.h"
#include "kql/detail/time_columns.h"
#include "kql/plan_walk.h"

namespace redoubt::kql {

namespace {

/// An index holds terms from this length on. Source: "String operators", what is a term.
constexpr std::size_t kLeastTerm = 3;

struct TermOperator {
  TokenKind found;
  std::string_view better;
};
constexpr TermOperator kTermOperators[] = {
    {TokenKind::ContainsKeyword, "has"},         {TokenKind::NotBangContainsKeyword, "!has"},
    {TokenKind::NotContainsKeyword, "!has"},     {TokenKind::Contains_CsKeyword, "has_cs"},
    {TokenKind::ContainsCsKeyword, "has_cs"},    {TokenKind::NotBangContainsCsKeyword, "!has_cs"},
    {TokenKind::NotContainsCsKeyword, "!has_cs"}};

/// Operators whose sides have to be of one type to be equal.
constexpr TokenKind kEquality[] = {TokenKind::EqualEqual, TokenKind::BangEqual, TokenKind::LessGreater,
                                   TokenKind::InKeyword, TokenKind::NotInKeyword};

bool is_term_character(char c) { return detail::is_letter(c) || detail::is_digit(c); }

bool is_ingestion_time(const Expression& value) {
  return value.kind == ExpressionKind::Call && value.function != nullptr &&
         value.function->name == "ingestion_time";
}

/// Whether no text of that case is the literal: `tolower(a) == "A"` never holds.
bool is_never(std::string_view function, std::string_view literal) {
  const char first = function == "tolower" ? 'A' : 'a';
  return std::ranges::any_of(literal, [&](char c) { return c >= first && c <= first + ('Z' - 'A'); });
}

class Adviser {
 public:
  Adviser(const Analysis& analysis, const AdviceOptions& options) : analysis_(analysis), options_(options) {}

  std::vector<Problem> run() {
    each_relation(analysis_, [&](const Relation& one) { note_made(one); });
    each_relation(analysis_, [&](const Relation& one) { look_at(one); });
    if (!options_.time_is_limited && reads_with_time_ && !limits_time_ && first_ != nullptr)
      hint("KQL0601",
           "nothing limits the time: all that is kept is read, unless whoever runs the query limits it",
           *first_, "where TimeGenerated > ago(1d), as early as can be");
    std::stable_sort(out_.begin(), out_.end(),
                     [](const Problem& left, const Problem& right) { return left.offset < right.offset; });
    return std::move(out_);
  }

 private:
  /// Of the query's own text; what a saved function would better do is told where that is looked at.
  void hint(std::string_view code, std::string message, const Node& at, std::string help) {
    const Syntax& syntax = analysis_.syntax;
    const std::uint32_t offset = syntax.tokens[at.begin].offset;
    if (!told_.emplace(code, offset).second) return;
    const auto size = static_cast<std::uint32_t>(syntax.text_of(at).size());
    out_.push_back({code, Severity::Hint, std::move(message), offset, size, std::move(help)});
  }

  /// Of each column that is made, what it is made of.
  void note_made(const Relation& one) {
    for (const Assignment& assignment : one.assignments)
      if (assignment.column != nullptr && assignment.value != nullptr)
        made_of_.try_emplace(assignment.column, assignment.value);
  }

  /// A column that says when a row came to be or is made of such a one, or ingestion_time().
  bool tells_time(const Expression& value) {
    if (value.kind != ExpressionKind::Column) return is_ingestion_time(value);
    std::set<const Column*> seen;
    ExpressionWalk parts;
    std::vector<const Column*> waiting{value.column};
    while (!waiting.empty()) {
      const Column* const column = waiting.back();
      waiting.pop_back();
      if (column == nullptr || !seen.insert(column).second) continue;
      if (detail::is_time_column(column->name)) return true;
      waiting.push_back(column->origin);
      const auto made = made_of_.find(column);
      if (made == made_of_.end() || column->type != Type::DateTime) continue;
      bool told = false;
      parts.each(made->second, [&](const Expression& part) {
        told = told || is_ingestion_time(part);
        if (part.kind == ExpressionKind::Column) waiting.push_back(part.column);
      });
      if (told) return true;
    }
    return false;
  }

  void look_at(const Relation& one) {
    if (one.op == NodeKind::Name) {
      reads_with_time_ =
          reads_with_time_ || std::any_of(one.columns.begin(), one.columns.end(), [](const Column* column) {
            return detail::is_time_column(column->name);
          });
      return;
    }
    if (first_ == nullptr && one.syntax != nullptr && !one.saved) first_ = one.syntax;
    const bool filters = one.op == NodeKind::Filter || one.op == NodeKind::Find || one.op == NodeKind::Search;
    for (const Assignment& assignment : one.assignments)
      looked_at_.each(assignment.value, [&](const Expression& value) { look_at(value); });
    for (const Expression* argument : one.arguments) {
      looked_at_.each(argument, [&](const Expression& value) { look_at(value); });
      if (filters) filters_.each(argument, [&](const Expression& value) { look_at_filter(value); });
    }
    if (one.saved) return;
    if (one.op == NodeKind::Join) look_at_join(one);
    const bool everywhere = (one.op == NodeKind::Find || one.op == NodeKind::Search) && reads_everything(one);
    if (everywhere)
      hint("KQL0604", "every table is read", *one.syntax, "name the tables: in (Table, ...), or union");
  }

  void look_at_filter(const Expression& value) {
    if (!limits_time_ && tells_time(value)) limits_time_ = true;
    if (value.kind == ExpressionKind::Star && !value.saved)
      hint("KQL0605", "all columns are looked in", *value.syntax, "name the columns that can have it");
  }

  /// Without an input and a list of tables.
  static bool reads_everything(const Relation& one) {
    if (one.syntax->child(2) != nullptr) return false;
    return one.op == NodeKind::Find || one.inputs.empty() || one.inputs.front()->syntax == one.syntax;
  }

  void look_at_join(const Relation& join) {
    if (join.inputs.size() < 2) return;
    const Relation* right = join.inputs[1];
    while (right->inputs.size() == 1 && right->op != NodeKind::Filter && right->op != NodeKind::Summarize &&
           right->op != NodeKind::Distinct && right->op != NodeKind::Take && right->op != NodeKind::Top)
      right = right->inputs.front();
    const Node& parameters = (*join.syntax)[0];
    const bool hinted =
        std::any_of(parameters.children.begin(), parameters.children.end(),
                    [&](const Node* one) { return analysis_.syntax.text_of(*one).starts_with("hint."); });
    if (right->op == NodeKind::Name && !hinted && !right->name.empty())
      hint("KQL0603", fmt::format("the join reads all of {}", right->name), *join.syntax,
           "filter or summarize the right side first; hint.strategy=shuffle or broadcast tells how to join "
           "large ones");
  }

  void look_at(const Expression& value) {
    if (value.syntax == nullptr || value.saved) return;
    if (value.kind == ExpressionKind::Operator) look_at_types(value);
    if (value.kind == ExpressionKind::Operator && value.operands.size() == 2) {
      look_at_term(value);
      look_at_case(value);
    }
    if (value.kind != ExpressionKind::Call || value.function == nullptr ||
        value.syntax->kind != NodeKind::Call)
      return;
    if (!value.function->instead.empty())
      hint("KQL0607", fmt::format("{} is deprecated", value.function->name), (*value.syntax)[0],
           fmt::format("{}()", value.function->instead));
  }

  /// `EventID == "4624"`: a number and a text are compared.
  void look_at_types(const Expression& value) {
    if (std::ranges::find(kEquality, value.op) == std::end(kEquality) || value.operands.size() < 2) return;
    for (std::size_t i = 0; i < value.operands.size(); ++i) {
      const Expression& literal = *value.operands[i];
      const Expression& other = *value.operands[i == 0 ? 1 : 0];
      if (literal.kind != ExpressionKind::Literal || other.literal || literal.syntax == nullptr) continue;
      if (other.kind != ExpressionKind::Column || other.guessed) continue;
      const bool text = literal.type == Type::String && contains(kNumbers, other.type);
      const bool number = contains(kNumbers, literal.type) && other.type == Type::String;
      if (!text && !number) continue;
      const std::string_view written = analysis_.syntax.text_of(*literal.syntax);
      hint("KQL0608",
           fmt::format("{} is {}, and compared with a {}", other.name, type_name(other.type),
                       text ? "text" : "number"),
           *literal.syntax,
           text ? fmt::format("write {}", literal.name) : fmt::format("write \"{}\"", written));
      return;
    }
  }

  /// `a contains "powershell"`: a whole term is found by its index.
  void look_at_term(const Expression& value) {
    const auto found = std::find_if(std::begin(kTermOperators), std::end(kTermOperators),
                                    [&](const TermOperator& one) { return one.found == value.op; });
    const Expression& right = *value.operands[1];
    if (found == std::end(kTermOperators) || !right.literal || right.type != Type::String) return;
    const bool term = right.name.size() >= kLeastTerm &&
                      std::all_of(right.name.begin(), right.name.end(), is_term_character);
    if (term)
      hint("KQL0602", "contains reads every text; a whole term is found by its index", *value.syntax,
           fmt::format("{} \"{}\", where it stands as a term of its own", found->better, right.name));
  }

  /// `tolower(a) == "x"`
  void look_at_case(const Expression& value) {
    if (value.op != TokenKind::EqualEqual && value.op != TokenKind::BangEqual) return;
    for (const Expression* side : value.operands) {
      const Expression& other = *value.operands[side == value.operands[0] ? 1 : 0];
      if (side->kind != ExpressionKind::Call || side->function == nullptr || !other.literal) continue;
      const std::string_view name = side->function->name;
      if (name == "tolower" || name == "toupper") tell_case(value, name, other);
    }
  }

  void tell_case(const Expression& value, std::string_view function, const Expression& literal) {
    const bool equal = value.op == TokenKind::EqualEqual;
    const std::string better = equal ? "=~ compares without case" : "!~ compares without case";
    if (literal.type == Type::String && is_never(function, literal.name))
      return hint("KQL0606",
                  fmt::format("this is {} true: {} gives no {} case letters, and \"{}\" has some",
                              equal ? "never" : "always", function, function == "tolower" ? "upper" : "lower",
                              literal.name),
                  *value.syntax, better);
    hint("KQL0606", fmt::format("{} is worked out for every row", function), *value.syntax, better);
  }

  const Analysis& analysis_;
  const AdviceOptions& options_;
  std::vector<Problem> out_;
  std::set<std::pair<std::string_view, std::uint32_t>> told_;  // codes and offsets
  ExpressionWalk looked_at_;
  ExpressionWalk filters_;
  const Node* first_ = nullptr;  // operator
  std::unordered_map<const Column*, const Expression*> made_of_;
  bool reads_with_time_ = false;
  bool limits_time_ = false;
};

}  // namespace

std::vector<Problem> advise(const Analysis& analysis, const AdviceOptions& options) {
  return analysis.ok() ? Adviser(analysis, options).run() : std::vector<Problem>();
}

}  // namespace redoubt::kql

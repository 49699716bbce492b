#include "kql/hover.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "kql/analysis.h"
#include "kql/catalogue.h"
#include "kql/detail/editor_place.h"
#include "kql/detail/editor_scope.h"
#include "kql/detail/string_text.h"
#include "kql/language_names.h"
#include "kql/signature_text.h"

namespace redoubt::kql {

namespace {

constexpr std::size_t kColumnsShown = 20;

class Hoverer {
 public:
  /// Of a name that the tokens from `first` to `last` are: one, or a text in brackets.
  Hoverer(const Analysis& analysis, const Environment& environment, std::size_t first, std::size_t last)
      : analysis_(analysis),
        environment_(environment),
        schemas_(*environment.tables),
        at_(first),
        last_(last),
        token_(analysis.syntax.tokens[first]),
        written_(analysis.syntax.text_of(analysis.syntax.tokens[first == last ? first : first + 1])),
        name_(first == last ? written_ : detail::string_text(written_)),
        place_(detail::find_place(analysis.syntax.text, analysis.syntax.tokens, token_.offset)) {
    if (place_.op != nullptr) scope_ = detail::scope_at(analysis, place_.operator_offset);
  }

  std::string run() const {
    using Ask = std::string (Hoverer::*)() const;
    static constexpr Ask kAsks[] = {
        &Hoverer::about_operator,  &Hoverer::about_member, &Hoverer::about_function,
        &Hoverer::about_parameter, &Hoverer::about_column, &Hoverer::about_declaration,
        &Hoverer::about_saved,     &Hoverer::about_table,  &Hoverer::about_word};
    static constexpr Ask kOfNames[] = {&Hoverer::about_member, &Hoverer::about_column,
                                       &Hoverer::about_declaration, &Hoverer::about_saved,
                                       &Hoverer::about_table};
    for (const Ask ask : at_ == last_ ? std::span<const Ask>(kAsks) : std::span<const Ask>(kOfNames))
      if (std::string text = (this->*ask)(); !text.empty()) return text;
    return {};
  }

 private:
  TokenKind kind_at(std::size_t index) const {
    return index < analysis_.syntax.tokens.size() ? analysis_.syntax.tokens[index].kind : TokenKind::End;
  }
  bool behind_dot() const { return at_ > 0 && kind_at(at_ - 1) == TokenKind::Dot; }

  std::string about_operator() const;
  std::string about_member() const;
  std::string about_function() const;
  std::string about_parameter() const;
  std::string about_column() const;
  std::string about_declaration() const;
  std::string about_saved() const;
  std::string about_table() const;
  std::string about_word() const;
  std::string column_text(const Column& column) const;
  std::string declaration_text(const Declaration& one) const;
  const Column* find(const Relation* rows) const;

  const Analysis& analysis_;
  const Environment environment_;
  const Schemas& schemas_;
  std::size_t at_;
  std::size_t last_;
  const Token& token_;
  std::string_view written_;
  std::string name_;
  detail::Place place_;
  detail::EditorScope scope_;
};

std::string language_link(std::string_view name, LanguageNameKind kind) {
  for (const LanguageName& one : language_names())
    if (one.kind == kind && one.name == name) return page_of(one.link);
  return {};
}

std::string Hoverer::about_operator() const {
  const detail::OperatorWord* const word = detail::find_operator_word(name_);
  if (word == nullptr) return {};
  const detail::EditorScope scope = detail::scope_at(analysis_, token_.offset);
  if (scope.rows == nullptr && scope.result == nullptr) return {};
  std::string out = fmt::format("{}  operator: {}", name_, word->summary);
  if (scope.result != nullptr)
    out += fmt::format("\nresult: {}", detail::columns_text(*scope.result, kColumnsShown));
  const std::string link = language_link(name_, LanguageNameKind::TabularOperator);
  return link.empty() ? out : fmt::format("{}\n{}", out, link);
}

const Column* Hoverer::find(const Relation* rows) const {
  for (const Column* column : detail::known_columns(analysis_, rows))
    if (column->name == name_) return column;
  return nullptr;
}

std::string Hoverer::column_text(const Column& column) const {
  const std::string_view table = detail::ColumnTables(analysis_).table_of(&column);
  std::string out = fmt::format("{}: {}", column.name, type_name(column.type));
  if (column.shape != DynamicShape::Any) out += column.shape == DynamicShape::Array ? " array" : " bag";
  if (!table.empty()) return fmt::format("{}  column of {}", out, table);
  return out + "  column";
}

/// Behind `$left.` and `$right.`; of other members only the data knows.
std::string Hoverer::about_member() const {
  if (!behind_dot()) return {};
  const Relation* const rows = place_.base == "$left"    ? scope_.rows
                               : place_.base == "$right" ? scope_.right
                                                         : nullptr;
  if (const Column* const column = find(rows)) return column_text(*column);
  return kind_at(last_ + 1) == TokenKind::OpenParen
             ? std::string()
             : fmt::format("{}: dynamic  member of {}", name_, place_.base);
}

std::string Hoverer::about_function() const {
  if (kind_at(last_ + 1) != TokenKind::OpenParen) return {};
  const bool aggregates =
      place_.op != nullptr && place_.op->takes == detail::OperatorTakes::Aggregates && place_.clause.empty();
  // What a query declares hides none of these.
  const bool own = find_function(name_, FunctionKind::Scalar) != nullptr ||
                   (aggregates && find_function(name_, FunctionKind::Aggregate) != nullptr);
  if (!own)
    for (const Declaration* one : detail::visible_declarations(analysis_, token_.offset))
      if (one->name == name_) return {};
  std::vector<FunctionKind> kinds = {FunctionKind::Scalar, FunctionKind::Aggregate, FunctionKind::Plugin,
                                     FunctionKind::Table,  FunctionKind::Scope,     FunctionKind::Graph};
  if (aggregates) std::swap(kinds[0], kinds[1]);
  for (const FunctionKind kind : kinds) {
    const Function* const row = find_function(name_, kind);
    if (row == nullptr) continue;
    std::string out;
    for (const Signature& signature : row->signatures)
      out += fmt::format("{}{}", out.empty() ? "" : "\n", signature_text(*row, signature));
    if (!row->instead.empty()) out += fmt::format("\ndeprecated: use {}", row->instead);
    if (!row->link.empty()) out += fmt::format("\n{}", page_of(row->link));
    return out;
  }
  const std::string link = language_link(name_, LanguageNameKind::SpecialFunction);
  return link.empty() ? std::string() : fmt::format("{}(...)\n{}", name_, link);
}

std::string Hoverer::about_parameter() const {
  if (place_.op == nullptr || kind_at(last_ + 1) != TokenKind::Equal) return {};
  const bool render = place_.op->name == "render" && !place_.open.empty();
  const detail::ParameterRule* const rule =
      detail::find_parameter(render ? detail::kRenderProperties : place_.op->parameters(), name_);
  if (rule == nullptr) return {};
  std::string out = fmt::format("{}  parameter of {}", name_, place_.op->name);
  for (std::size_t i = 0; i < rule->words.size(); ++i)
    out += fmt::format("{}{}", i == 0 ? "\none of " : ", ", rule->words[i]);
  if (rule->form == detail::ValueForm::Bool) out += "\ntrue or false";
  return out;
}

std::string Hoverer::about_column() const {
  if (behind_dot()) return {};
  const bool named =
      kind_at(last_ + 1) == TokenKind::Equal;  // a new column, if it has the name of an old one
  const Relation* const first = named ? scope_.result : scope_.rows;
  for (const Relation* rows : {first, scope_.rows, scope_.right, scope_.result})
    if (const Column* const column = find(rows)) return column_text(*column);
  return {};
}

std::string Hoverer::declaration_text(const Declaration& one) const {
  const Expression& value = *one.value;
  const std::string about = detail::value_text(analysis_.syntax, value);
  if (value.kind == ExpressionKind::Function) {
    std::string out = fmt::format("{}{}  function of the query", one.name, about);
    for (const auto& worked : analysis_.operators)
      if (value.syntax != nullptr && worked.result != nullptr && worked.node->end <= value.syntax->end &&
          worked.node->begin >= value.syntax->begin && worked.node->end + 1 >= value.syntax->end)
        out += fmt::format("\nresult: {}", detail::columns_text(*worked.result, kColumnsShown));
    return out;
  }
  if (!value.is_scalar()) return fmt::format("{}  {}", one.name, about);
  if (one.node == one.within) return fmt::format("{}: {}  parameter", one.name, about);
  std::string out = fmt::format("{}: {}  variable", one.name, about);
  if (one.node->kind == NodeKind::Let) {
    std::string_view written = analysis_.syntax.text_of((*one.node)[1]);
    out += fmt::format(" = {}{}", written.substr(0, 200), written.size() > 200 ? " ..." : "");
  }
  return out;
}

std::string Hoverer::about_declaration() const {
  if (behind_dot()) return {};
  for (const Declaration* one : detail::visible_declarations(analysis_, token_.offset))
    if (one->name == name_) return declaration_text(*one);
  for (const Declaration& one : analysis_.declarations)  // where it is declared
    if (one.name == name_ && one.node->kind == NodeKind::Let && (*one.node)[0].begin == at_)
      return declaration_text(one);
  return {};
}

/// What it gives is told where it needs no arguments.
std::string Hoverer::about_saved() const {
  const SavedFunction* const function =
      behind_dot() || environment_.functions == nullptr ? nullptr : environment_.functions->find(name_);
  if (function == nullptr) return {};
  std::string out = fmt::format("{}{}", name_, detail::saved_text(*function));
  const std::span<Node* const> formals = function->parameters().root->children;
  if (std::ranges::any_of(formals, [](const Node* formal) { return formal->child(1) == nullptr; }))
    return out;
  const std::string call = fmt::format("['{}']()", name_);
  const Analysis called = analyze(call, environment_);
  if (const Relation* const result = called.result())
    out += fmt::format("\n{}", detail::columns_text(*result, kColumnsShown));
  return out;
}

std::string Hoverer::about_table() const {
  if (behind_dot()) return {};
  for (const Relation* table : analysis_.tables)
    if (table->name == name_)
      return fmt::format("{}  table\n{}", name_, detail::columns_text(*table, kColumnsShown));
  if (const Relation* const table = schemas_.find(name_))
    return fmt::format("{}  table\n{}", name_, detail::columns_text(*table, kColumnsShown));
  return {};
}

/// Operators between operands, charts, statements and types.
std::string Hoverer::about_word() const {
  static constexpr std::pair<LanguageNameKind, std::string_view> kKinds[] = {
      {LanguageNameKind::BinaryOperator, "operator"},
      {LanguageNameKind::JoinKind, "kind of join"},
      {LanguageNameKind::Visualization, "chart"},
      {LanguageNameKind::Statement, "statement"},
  };
  for (const auto& [kind, what] : kKinds)
    if (const std::string link = language_link(name_, kind); !link.empty())
      return fmt::format("{}  {}\n{}", name_, what, link);
  return {};
}

}  // namespace

Hover hover(std::string_view text, std::uint32_t position, const Environment& environment) {
  const Analysis analysis = analyze(text, environment);
  const std::vector<Token>& tokens = analysis.syntax.tokens;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::End || position < token.offset) break;
    if (position < token.end() && detail::is_name_in_brackets(tokens, i) && i + 1 < tokens.size()) {
      std::string said = Hoverer(analysis, environment, i - 1, i + 1).run();
      if (!said.empty()) return {tokens[i - 1].offset, tokens[i + 1].end(), std::move(said)};
    }
    // Right behind a name it is the name that is meant, unless another one begins there.
    if (position > token.end() || is_literal(token.kind)) continue;
    if (position == token.end() && i + 1 < tokens.size() && tokens[i + 1].offset == position &&
        (tokens[i + 1].kind == TokenKind::Identifier || is_keyword(tokens[i + 1].kind)))
      continue;
    std::string said = Hoverer(analysis, environment, i, i).run();
    if (!said.empty()) return {token.offset, token.end(), std::move(said)};
  }
  return {position, position, {}};
}

}  // namespace redoubt::kql

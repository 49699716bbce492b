#include "kql/completion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "kql/detail/completer.h"
#include "kql/language_names.h"
#include "kql/lexer.h"

namespace redoubt::kql {

namespace {

constexpr std::array<std::string_view, 11> kKindNames = {"keyword",   "operator",  "table",  "column",
                                                         "function",  "aggregate", "plugin", "variable",
                                                         "parameter", "value",     "type"};

/// What is read: the text up to the word, a name in its place, and what closes the brackets.
std::string readable(std::string_view text, const detail::Place& place) {
  std::string out(text.substr(0, place.begin));
  if (place.kind == detail::PlaceKind::Text)
    out += out.back();
  else
    out += place.quote == 0 ? std::string("kql_cursor") : fmt::format("kql_cursor{}]", place.quote);
  for (auto bracket = place.open.rbegin(); bracket != place.open.rend(); ++bracket)
    out += *bracket;
  return out;
}

}  // namespace

namespace detail {

Completer::Completer(std::string_view text, const Place& place, const Environment& environment)
    : text_(text),
      place_(place),
      environment_(environment),
      schemas_(*environment.tables),
      readable_(readable(text, place)),
      analysis_(analyze(readable_, environment)),
      scope_(place.op == nullptr ? EditorScope{} : scope_at(analysis_, place.operator_offset)),
      tables_(analysis_),
      list_(place.word, place.quote) {}

std::vector<CompletionItem> Completer::run() {
  switch (place_.kind) {
    case PlaceKind::Nothing:
      break;
    case PlaceKind::Statement:
      add_query_beginnings(true);
      break;
    case PlaceKind::Table:
      add_query_beginnings(false);
      break;
    case PlaceKind::Operator:
      add_operators();
      break;
    case PlaceKind::Head:
      add_head();
      break;
    case PlaceKind::Expression:
      add_expression();
      break;
    case PlaceKind::AfterOperand:
      add_after_operand();
      break;
    case PlaceKind::Member:
      add_members();
      break;
    case PlaceKind::Type:
      list_.add_types();
      break;
    case PlaceKind::Value:
      add_values();
      break;
    case PlaceKind::RenderValue:
      for (const ParameterRule& rule : kRenderProperties)
        list_.add(CompletionKind::Parameter, rule.name, {}, fmt::format("{}=", rule.name));
      break;
    case PlaceKind::Text:
      add_text();
      break;
  }
  return list_.take();
}

void Completer::add_columns(const Relation* rows) {
  for (const kql::Column* column : known_columns(analysis_, rows)) {
    if (column->name == "kql_cursor") continue;
    const std::string_view table = tables_.table_of(column);
    list_.add_name(CompletionKind::Column, column->name,
                   fmt::format("{}{}{}", type_name(column->type), table.empty() ? "" : ", ", table));
  }
}

void Completer::add_common_columns() {
  const std::vector<const kql::Column*> right = known_columns(analysis_, scope_.right);
  for (const kql::Column* column : known_columns(analysis_, scope_.rows)) {
    if (column->name == "kql_cursor") continue;
    const bool both =
        std::ranges::any_of(right, [&](const kql::Column* one) { return one->name == column->name; });
    if (both)
      list_.add_name(CompletionKind::Column, column->name,
                     fmt::format("{}, on both sides", type_name(column->type)));
  }
  list_.add(CompletionKind::Keyword, "$left", "the rows in front of the operator", "$left.");
  list_.add(CompletionKind::Keyword, "$right", "the other table", "$right.");
}

void Completer::add_declared(bool tables_only) {
  const auto all = visible_declarations(analysis_, static_cast<std::uint32_t>(place_.begin));
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    const Expression& value = *(*one)->value;
    const bool function = value.kind == ExpressionKind::Function;
    if ((tables_only && value.is_scalar()) || (*one)->name == "kql_cursor") continue;
    list_.add((function ? CompletionKind::Function : CompletionKind::Variable), (*one)->name,
              value_text(analysis_.syntax, value),
              function ? fmt::format("{}(", (*one)->name) : std::string());
  }
}

void Completer::add_saved_functions() {
  if (environment_.functions == nullptr) return;
  for (const auto& [name, function] : environment_.functions->by_name()) {
    const bool bare = function->parameters().root->children.empty();
    list_.add(CompletionKind::Function, name, saved_text(*function),
              fmt::format("{}{}", name, bare ? "()" : "("));
  }
}

void Completer::add_tables() {
  for (const Relation* table : schemas_.tables())
    list_.add_name(CompletionKind::Table, table->name, fmt::format("{} columns", table->columns.size()));
  if (!schemas_.empty()) return;
  for (const Relation* table : analysis_.tables)
    if (table->name != "kql_cursor") list_.add_name(CompletionKind::Table, table->name, "named in the query");
}

void Completer::add_query_beginnings(bool statement) {
  add_declared(!place_.in_let);
  add_tables();
  add_saved_functions();
  for (const OperatorWord& word : operator_words())
    if (word.begins) list_.add(CompletionKind::Operator, word.name, std::string(word.summary));
  list_.add(CompletionKind::Keyword, "datatable", "a table that is written out", "datatable(");
  list_.add(CompletionKind::Keyword, "externaldata", "a table read from storage", "externaldata(");
  if (statement) {
    list_.add(CompletionKind::Keyword, "let", "gives a value, a table or a function a name");
    list_.add(CompletionKind::Keyword, "set", "an option of the query");
    list_.add(CompletionKind::Keyword, "declare query_parameters",
              "values that whoever runs the query gives");
  }
  list_.add_functions(FunctionKind::Table);
  list_.add_functions(FunctionKind::Scope);
  for (const std::string_view name : {"materialize", "toscalar"})
    list_.add(CompletionKind::Function, name, {}, fmt::format("{}(", name));
}

void Completer::add_operators() {
  for (const OperatorWord& word : operator_words())
    if (word.follows && !word.legacy)
      list_.add(CompletionKind::Operator, word.name, std::string(word.summary));
}

void Completer::add_head() {
  switch (place_.op->takes) {
    case OperatorTakes::Columns:
      add_columns(scope_.rows);
      break;
    case OperatorTakes::Tables:
      add_declared(true);
      add_tables();
      add_saved_functions();
      break;
    case OperatorTakes::Plugin:
      list_.add_functions(FunctionKind::Plugin);
      break;
    case OperatorTakes::Chart:
      for (const LanguageName& name : language_names())
        if (name.kind == LanguageNameKind::Visualization)
          list_.add(CompletionKind::Value, name.name, "chart");
      break;
    case OperatorTakes::Function:
      add_declared(true);
      add_saved_functions();
      break;
    case OperatorTakes::Number:
      add_declared(false);
      break;
    case OperatorTakes::Expression:
    case OperatorTakes::Aggregates:
      add_expression();
      break;
    default:
      break;
  }
  for (const ParameterRule& rule : place_.op->parameters())
    if (!rule.name.starts_with("__"))
      list_.add(CompletionKind::Parameter, rule.name, {},
                rule.without_equal ? std::string() : fmt::format("{}=", rule.name));
  const OperatorTakes takes = place_.op->takes;
  if (takes == OperatorTakes::Nothing || place_.op->name == "summarize" || place_.op->name == "mv-apply")
    add_clauses();
}

void Completer::add_clauses() {
  for (const std::string_view clause : place_.op->clauses)
    if (clause != place_.clause) list_.add(CompletionKind::Keyword, clause, {});
}

void Completer::add_after_operand() {
  if (place_.op != nullptr && place_.call.empty()) add_clauses();
  const bool table = place_.op == nullptr && place_.call.empty();
  if (table) list_.add(CompletionKind::Keyword, "|", "an operator on these rows", "| ");
  if (place_.op != nullptr && place_.op->takes != OperatorTakes::Expression &&
      place_.op->takes != OperatorTakes::Aggregates && place_.clause.empty() && place_.call.empty())
    return;
  if (table && !place_.in_let) return;
  if (place_.clause == "on") {
    list_.add(CompletionKind::Keyword, "==", "equal, and the case is");
    return;
  }
  static constexpr std::string_view kMostUsed[] = {"==",         "!=",      "=~",  "!~",  "has",
                                                   "has_any",    "in",      "in~", "!in", "contains",
                                                   "startswith", "between", "and", "or"};
  for (const std::string_view name : kMostUsed)
    list_.add(CompletionKind::Keyword, name, {});
  for (const LanguageName& name : language_names())
    if (name.kind == LanguageNameKind::BinaryOperator) list_.add(CompletionKind::Keyword, name.name, {});
}

void Completer::add_values() {
  switch (place_.rule->form) {
    case ValueForm::Bool:
      list_.add(CompletionKind::Value, "true", {});
      list_.add(CompletionKind::Value, "false", {});
      break;
    case ValueForm::Column:
    case ValueForm::Columns:
      add_columns(scope_.rows);
      break;
    default:
      for (const std::string_view word : place_.rule->words)
        list_.add(CompletionKind::Value, word, {});
  }
}

}  // namespace detail

std::string_view name_of(CompletionKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

Completion complete(std::string_view text, std::uint32_t position, const Environment& environment) {
  const detail::Place place = detail::find_place(text, tokenize(text), position);
  Completion out{place.begin, place.end, {}};
  if (place.kind != detail::PlaceKind::Nothing) out.items = detail::Completer(text, place, environment).run();
  return out;
}

}  // namespace redoubt::kql

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/detail/completer.h"
#include "kql/lexer.h"

namespace redoubt::kql::detail {

/// Behind `on`: columns of both sides by themselves, and the words that tell the sides.

bool Completer::wants_aggregates() const {
  return place_.op != nullptr && place_.op->takes == OperatorTakes::Aggregates && place_.clause.empty();
}

const Function* Completer::called() const {
  if (place_.call.empty()) return nullptr;
  std::vector<FunctionKind> kinds = {FunctionKind::Scalar, FunctionKind::Aggregate, FunctionKind::Table,
                                     FunctionKind::Scope, FunctionKind::Graph};
  if (wants_aggregates()) std::swap(kinds[0], kinds[1]);
  if (place_.op != nullptr && place_.op->name == "evaluate")
    kinds.insert(kinds.begin(), FunctionKind::Plugin);
  for (const FunctionKind kind : kinds)
    if (const Function* const found = find_function(place_.call, kind)) return found;
  return nullptr;
}

const Parameter* Completer::parameter_of_call() const {
  const Function* const function = called();
  if (function == nullptr) return nullptr;
  for (const Signature& signature : function->signatures)
    for (const Parameter& parameter : signature.parameters)
      if (!place_.argument_name.empty() && parameter.name == place_.argument_name) return &parameter;
  for (const Signature& signature : function->signatures) {
    if (signature.parameters.empty()) continue;
    const std::size_t last = signature.parameters.size() - 1;
    if (place_.argument > last && signature.parameters[last].most == 1) continue;
    return &signature.parameters[std::min(place_.argument, last)];
  }
  return nullptr;
}

void Completer::add_functions() {
  list_.add_functions(FunctionKind::Scalar);
  list_.add(CompletionKind::Function, "toscalar", "the first value of a table", "toscalar(");
  add_saved_functions();
}

void Completer::add_call_argument(const Parameter* parameter) {
  if (parameter->form == ArgumentForm::TypeLiteral)
    return list_.add(CompletionKind::Keyword, "typeof", "names a type", "typeof(");
  if (parameter->form == ArgumentForm::Table) {
    add_declared(true);
    add_tables();
    return add_saved_functions();
  }
  for (const std::string_view value : parameter->values)
    list_.add(CompletionKind::Value, fmt::format("'{}'", value), {});
  const bool columns_only = parameter->form == ArgumentForm::Column ||
                            parameter->form == ArgumentForm::ColumnOfTable ||
                            parameter->form == ArgumentForm::ColumnOfBoth;
  if (parameter->form == ArgumentForm::Aggregate) return list_.add_functions(FunctionKind::Aggregate);
  if (!parameter->values.empty()) return;
  if (parameter->form == ArgumentForm::Star || parameter->form == ArgumentForm::StarToo)
    list_.add(CompletionKind::Value, "*", "all columns");
  add_columns(scope_.rows);
  if (columns_only) return;
  add_declared(false);
  add_functions();
}

void Completer::add_expression() {
  if (const Parameter* const parameter = parameter_of_call()) return add_call_argument(parameter);
  if (place_.op == nullptr) {
    add_declared(false);
    if (place_.in_let) add_tables();
    return add_functions();
  }
  const bool join_key = place_.clause == "on" && scope_.right != nullptr;
  if (join_key) return add_common_columns();
  const OperatorTakes takes = place_.op->takes;
  if (takes == OperatorTakes::Tables) {
    add_declared(true);
    add_tables();
    return add_saved_functions();
  }
  if (takes == OperatorTakes::Chart) return add_columns(scope_.rows);
  if (wants_aggregates() && place_.call.empty()) {
    list_.add_functions(FunctionKind::Aggregate);
    add_declared(false);
    return add_functions();
  }
  add_columns(scope_.rows);
  if (scope_.rows == nullptr && (place_.op->name == "find" || place_.op->name == "search"))
    for (const Relation* table : analysis_.tables)
      add_columns(table);
  if (takes == OperatorTakes::Columns) return;
  add_declared(false);
  add_functions();
  if (takes == OperatorTakes::Plugin || (takes == OperatorTakes::Number && place_.op->name == "top-nested"))
    list_.add_functions(FunctionKind::Aggregate);
}

void Completer::add_members() {
  if (place_.base == "$left") return add_columns(scope_.rows);
  if (place_.base == "$right") return add_columns(scope_.right);
  // What the query itself names of the same value.
  const std::vector<Token> tokens = tokenize(text_);
  const auto text_at = [&](std::size_t i) { return text_.substr(tokens[i].offset, tokens[i].size); };
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i)
    if (tokens[i + 1].kind == TokenKind::Dot && tokens[i + 2].kind == TokenKind::Identifier &&
        tokens[i + 2].offset != place_.begin && text_at(i) == place_.base)
      list_.add(CompletionKind::Value, text_at(i + 2), "named in the query");
  for (const Declaration* one : visible_declarations(analysis_, place_.begin)) {
    if (one->name != place_.base || one->value->value == nullptr) continue;
    const Node* node = one->value->value->syntax;
    if (node == nullptr || node->kind != NodeKind::Dynamic || node->child(0) == nullptr) continue;
    for (const Node* member : (*node)[0].children)
      if (member->kind == NodeKind::JsonPair) {
        std::string_view name = analysis_.syntax.text_of(analysis_.syntax.tokens[member->token]);
        if (name.size() > 2)
          list_.add(CompletionKind::Value, name.substr(1, name.size() - 2), "of its value");
      }
  }
  if (place_.base.ends_with(")")) list_.add_functions(FunctionKind::Table);
}

/// In strings only names that are looked for at run time, and values that a function knows.

void Completer::add_text() {
  if (place_.call == "table") {
    for (const Relation* table : schemas_.tables())
      list_.add(CompletionKind::Table, table->name, fmt::format("{} columns", table->columns.size()));
    return;
  }
  if (place_.call == "_GetWatchlist" && place_.argument == 0 && environment_.watchlists != nullptr) {
    for (const auto& [key, list] : environment_.watchlists->by_alias())
      list_.add(
          CompletionKind::Value, list.alias,
          fmt::format(
              "watchlist of {}",
              redoubt::join(std::vector<std::string_view>(list.columns.begin(), list.columns.end()), ", ")));
    return;
  }
  if (place_.call == "column_ifexists" && place_.argument == 0) {
    for (const kql::Column* column : known_columns(analysis_, scope_.rows))
      list_.add(CompletionKind::Column, column->name, std::string(type_name(column->type)));
    return;
  }
  if (const Parameter* const parameter = parameter_of_call())
    for (const std::string_view value : parameter->values)
      list_.add(CompletionKind::Value, value, {});
}

}  // namespace redoubt::kql::detail

#include <fmt/format.h>

#include "kql/detail/binder.h"

namespace redoubt::kql::detail {

void Binder::bind_statements(const Node& list, bool results) {
  for (const Node* statement : list.children) {
    switch (statement->kind) {
      case NodeKind::Let:
        bind_let(*statement);
        break;
      case NodeKind::QueryParameters:
        bind_query_parameters(*statement);
        break;
      case NodeKind::SetOption:
        break;  // options are for who runs the query
      case NodeKind::Alias:
        bind_alias(*statement);
        break;
      case NodeKind::PatternStatement:
        bind_pattern(*statement);
        break;
      case NodeKind::ExpressionStatement: {
        const Bound value = bind((*statement)[0], Want::Table);
        if (results) analysis_.results.push_back(value);
        break;
      }
      default:
        break;
    }
  }
}

void Binder::declare_name(const Node& node, std::string_view name, Bound value) {
  scope_->add(name, value);
  if (!muted_) analysis_.declarations.push_back({&node, body_, name, value});
}

void Binder::bind_let(const Node& node) {
  const std::string_view name = name_of(node[0]);
  if (!name.empty() && scope_->has(name))
    problem("KQL0221", fmt::format("the name {} is declared already", name), node[0]);
  const Node& written = node[1];
  if (written.kind == NodeKind::FunctionDeclaration) {
    const Bound function = declare_function(written, name);
    if (!name.empty()) declare_name(node, name, function);
    return;
  }
  const Bound value = bind(written);
  if (name.empty()) return;
  if (value->kind == ExpressionKind::Columns)
    problem("KQL0221", "several values can not be one variable", written);
  if (!value->is_scalar()) {
    declare_name(node, name, value->is_error() ? error(node[0]) : value);
    return;
  }
  Expression* const variable = make(ExpressionKind::Variable, node[0]);
  variable->type = value->type;
  variable->shape = value->shape;
  variable->constant = value->constant;
  variable->literal = value->literal;
  variable->name = value->literal ? value->name : name;
  variable->value = value;
  declare_name(node, name, variable);
}

void Binder::bind_query_parameters(const Node& node) {
  for (const Node* formal : node[0].children) {
    if (formal->kind != NodeKind::FunctionParameter || (*formal)[0].kind != NodeKind::NameAndType) continue;
    const Node& declared = (*formal)[0];
    Expression* const variable = make(ExpressionKind::Variable, declared[0]);
    variable->name = name_of(declared[0]);
    variable->type = declared_type(declared[1]).value_or(Type::Unknown);
    variable->constant = true;
    if (const Node* const otherwise = formal->child(1)) variable->value = bind(*otherwise);
    declare_name(*formal, name_of(declared[0]), variable);
  }
}

void Binder::bind_alias(const Node& node) {
  bind(node[1]);
  scope_->add(name_of(node[0]), make(ExpressionKind::Database, node));
}

/// Patterns map names to queries that only their host knows how to choose.
void Binder::bind_pattern(const Node& node) {
  scope_->add(name_of(node[0]), make(ExpressionKind::Database, node));
}

}  // namespace redoubt::kql::detail

#include <fmt/format.h>

#include "kql/detail/binder.h"
#include "kql/detail/made_literal.h"
#include "kql/detail/query_options.h"
#include "kql/detail/string_text.h"
#include "kql/query_parameters.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::size_t kShownValue = 80;  // bytes

}  // namespace

Binder::Bound Binder::bind_statements(const Node& list, bool results, const Node* behind) {
  find_fuzzy_lets(list, behind);
  Bound last = nullptr;
  for (const Node* statement : list.children) {
    switch (statement->kind) {
      case NodeKind::Let:
        bind_let(*statement);
        break;
      case NodeKind::QueryParameters:
        bind_query_parameters(*statement);
        break;
      case NodeKind::SetOption:
        bind_option(*statement);
        break;
      case NodeKind::Alias:
        bind_alias(*statement);
        break;
      case NodeKind::PatternStatement:
        bind_pattern(*statement);
        break;
      case NodeKind::ExpressionStatement: {
        last = bind((*statement)[0], Want::Table);
        if (results) analysis_.results.push_back(last);
        break;
      }
      default:
        break;
    }
  }
  return last;
}

void Binder::declare_name(const Node& node, std::string_view name, Bound value) {
  scope_->add(name, value);
  if (is_noted()) analysis_.declarations.push_back({&node, body_, name, value});
}

void Binder::bind_let(const Node& node) {
  const std::string_view name = name_of(node[0]);
  if (!name.empty() && scope_->has(name))
    problem("KQL0221", fmt::format("the name {} is declared already", name), node[0]);
  const Change<bool> may_lack(fuzzy_, fuzzy_ || fuzzy_lets_.contains(&node));
  const Change<std::size_t> missing(missing_, 0);
  const Node& written = node[1];
  if (written.kind == NodeKind::FunctionDeclaration) {
    const Bound function = declare_function(written, name);
    if (!name.empty()) declare_name(node, name, function);
    return;
  }
  // Where no tables are known, a name that is nothing else is one.
  const bool any_name = tables_unknown() || fuzzy_lets_.contains(&node);
  const bool may_be_table = any_name && written.kind == NodeKind::Name;
  const Bound value = bind(written, may_be_table ? Want::Table : Want::Any);
  if (name.empty()) return;
  if (value->kind == ExpressionKind::Columns)
    problem("KQL0221", "several values can not be one variable", written);
  if (missing_ > 0 && value->is_table()) lacking_.insert(value->relation());
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
    if (const Bound given = given_parameter(*variable, declared)) variable->value = given;
    analysis_.parameters.push_back(variable->name);
    declare_name(*formal, name_of(declared[0]), variable);
  }
}

/// What the environment gives a parameter; null: nothing.
Binder::Bound Binder::given_parameter(const Expression& variable, const Node& declared) {
  if (environment_.parameters == nullptr) return nullptr;
  const auto given = environment_.parameters->find(variable.name);
  if (given == environment_.parameters->end()) return nullptr;
  const std::optional<Value> value = parameter_value(variable.type, given->second);
  if (value) return make_literal(arena_, *value, &declared);
  problem("KQL0243",
          fmt::format("the value of the parameter {} is no {}: {}", variable.name, type_name(variable.type),
                      given->second.substr(0, kShownValue)),
          declared);
  return error(declared);
}

/// Options are for who runs the query, but for those that a function asks.
void Binder::bind_option(const Node& node) {
  const Node* const value = node.child(1);
  if (value == nullptr) return;
  const std::string_view name = name_of(node[0]);
  const bool literal = value->kind == NodeKind::Literal || value->kind == NodeKind::String;
  if (const QueryOption* const option = literal ? find_query_option(name) : nullptr)
    check_in(bind(*value), option->types, option->what);
  if (name == "query_bin_auto_size") bin_auto_size_ = bind(*value);
  if (name == "query_bin_auto_at") bin_auto_at_ = bind(*value);
}

/// Behind the value of bin_auto() what the query sets: the size of a bin and where one begins.
std::vector<Binder::Bound> Binder::with_options(const Function& function,
                                                std::vector<Bound> arguments) const {
  if (function.name != "bin_auto" || arguments.size() != 1 || bin_auto_size_ == nullptr) return arguments;
  arguments.push_back(bin_auto_size_);
  if (bin_auto_at_ != nullptr) arguments.push_back(bin_auto_at_);
  return arguments;
}

void Binder::bind_alias(const Node& node) {
  const Bound meant = bind(node[1]);
  Expression* const place = make(ExpressionKind::Database, node);
  place->name = meant->name;
  scope_->add(name_of(node[0]), place);
}

/// A place of tables, one for each path; without a path a call of it is the table.
void Binder::bind_pattern(const Node& node) {
  scope_->add(name_of(node[0]), make(ExpressionKind::Database, node));
}

bool Binder::is_pattern(Bound value) {
  return value != nullptr && value->kind == ExpressionKind::Database && value->syntax != nullptr &&
         value->syntax->kind == NodeKind::PatternStatement;
}

/// `pattern("a")`
Binder::Bound Binder::call_pattern(Bound pattern, const Node& node) {
  std::vector<Bound> arguments;
  for (const Node* argument : node[1].children)
    arguments.push_back(bind(*argument));
  const Node* const declaration = pattern->syntax->child(1);
  if (declaration != nullptr && declaration->child(1) == nullptr)
    return match_pattern(*declaration, arguments, {}, node);
  Expression* const out = arena_.make<Expression>(*pattern);
  out->operands = arena_.copy(std::span<const Bound>(arguments));
  return out;
}

/// Of the matches the one with these values; they must be texts.
Binder::Bound Binder::match_pattern(const Node& declaration, std::span<const Bound> arguments,
                                    std::string_view path, const Node& node) {
  const auto matches = [&](const Node& match) {
    const std::span<Node* const> values = match[0].children;
    if (values.size() != arguments.size()) return false;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i]->kind != NodeKind::String || !arguments[i]->literal ||
          arguments[i]->name != string_text(*syntax_, *values[i]))
        return false;
    const Node* const written = match.child(1);
    return written == nullptr || written->kind != NodeKind::String || path == string_text(*syntax_, *written);
  };
  for (const Node* match : declaration[2].children) {
    if (match->kind != NodeKind::PatternMatch || !matches(*match)) continue;
    const Node& body = (*match)[2];
    if (body.kind != NodeKind::FunctionBody || body.child(1) == nullptr) return error(node);
    scopes_.push_back(std::make_unique<Scope>(scope_));
    const Change<Scope*> scope(scope_, scopes_.back().get());
    const Change<const Relation*> rows(rows_, nullptr);
    bind_statements(body[0], false, body.child(1));
    return bind_in(body[1], nullptr, Want::Table);
  }
  const Change<bool> elsewhere(fuzzy_, true);  // who runs the query may know it
  return open_table(path.empty() ? text_of(node) : path, node);
}

}  // namespace redoubt::kql::detail

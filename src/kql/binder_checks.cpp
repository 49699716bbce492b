#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/detail/binder.h"
#include "kql/detail/string_text.h"
#include "kql/value.h"

namespace redoubt::kql::detail {

bool Binder::check_scalar(Bound value) {
  if (value->is_scalar()) return true;
  if (!value->is_error() && value->kind != ExpressionKind::Star)
    problem("KQL0216", "a scalar is expected here, this is not one", *value->syntax,
            value->is_table() ? "toscalar() makes one of a table's first value" : "");
  return false;
}

bool Binder::check_type(Bound value, Type type) {
  if (value->is_error()) return false;
  if (value->is_scalar() && (value->type == Type::Unknown || value->type == type || value->guessed))
    return true;
  problem("KQL0207",
          fmt::format("this must be {}, it is {}", type_name(type),
                      value->is_scalar() ? type_name(value->type) : std::string_view("no scalar")),
          *value->syntax,
          type == Type::Bool ? "compare it with a value, or convert it with tobool()" : std::string());
  return false;
}

bool Binder::check_not_dynamic(Bound value) {
  if (value->is_error() || value->type != Type::Dynamic || !value->is_scalar() || value->guessed) return true;
  problem("KQL0208", "a dynamic value is not allowed here", *value->syntax,
          "convert it first: tostring(), tolong(), todatetime() ...");
  return false;
}

bool Binder::check_in(Bound value, TypeSet types, std::string_view what) {
  if (value->is_error()) return false;
  if (value->is_scalar() && (value->type == Type::Unknown || contains(types, value->type) || value->guessed))
    return true;
  problem("KQL0207", fmt::format("this must be {}", what), *value->syntax);
  return false;
}

bool Binder::check_dynamic(Bound value) {
  if (value->is_error()) return false;
  if (value->is_scalar() && (value->type == Type::Unknown || value->type == Type::Dynamic || value->guessed))
    return true;
  problem("KQL0207", "this must be dynamic", *value->syntax, "todynamic() reads JSON, split() parts a text");
  return false;
}

/// Several tables of which none could be bound are no table; a problem says so already.
bool Binder::check_table(Bound value) {
  if (value->is_table() || value->kind == ExpressionKind::Tables) return value->relation() != nullptr;
  if (!value->is_error()) problem("KQL0217", "a table is expected here", *value->syntax);
  return false;
}

bool Binder::check_column(Bound value) {
  if (value->kind == ExpressionKind::Column) return true;
  if (!value->is_error()) problem("KQL0218", "a column is expected here", *value->syntax);
  return false;
}

bool Binder::check_literal(Bound value) {
  if (value->literal || value->is_error()) return true;
  problem("KQL0219", "a literal is expected here", *value->syntax);
  return false;
}

bool Binder::check_first(const Node& node) {
  if (!piped_) return true;
  problem(
      "KQL0215",
      fmt::format("{} begins a query, it can not follow |", syntax_->text_of(syntax_->tokens[node.begin])),
      node);
  return false;
}

bool Binder::check_piped(const Node& node) {
  if (piped_) return true;
  problem("KQL0215",
          fmt::format("{} needs a table in front of it", syntax_->text_of(syntax_->tokens[node.begin])), node,
          "write Table | ...");
  return false;
}

std::optional<std::string> Binder::parameter_of(const Node* list,
                                                std::initializer_list<std::string_view> names) const {
  if (list == nullptr) return std::nullopt;
  for (const Node* parameter : list->children) {
    if (parameter->kind != NodeKind::Parameter) continue;
    const std::string_view name = text_of((*parameter)[0]);
    if (std::find(names.begin(), names.end(), name) == names.end()) continue;
    return parameter_text((*parameter)[1]);
  }
  return std::nullopt;
}

std::string Binder::parameter_text(const Node& value) const {
  const Node& text = value.kind == NodeKind::BracketedName ? value[0] : value;
  if (text.kind == NodeKind::String) return string_text(*syntax_, text);
  return std::string(bool_text(value));
}

std::string_view Binder::bool_text(const Node& literal) const {
  const std::string_view text = text_of(literal);
  if (literal.kind != NodeKind::Literal || syntax_->tokens[literal.token].kind != TokenKind::BoolLiteral)
    return text;
  const auto value = read_literal(TokenKind::BoolLiteral, text);
  if (!value || value->is_null()) return text;
  return value->as_bool() ? "true" : "false";
}

void Binder::check_parameters(const Node* list, ParameterRules rules) {
  if (list == nullptr) return;
  FewOrMany<std::string_view> seen;
  for (const Node* parameter : list->children) {
    if (parameter->kind != NodeKind::Parameter) continue;
    const std::string_view name = text_of((*parameter)[0]);
    const ParameterRule* const rule = find_parameter(rules, name);
    if (rule == nullptr) {
      std::vector<std::string_view> names;
      for (const ParameterRule& known : rules)
        names.push_back(known.name);
      problem("KQL0222", fmt::format("the operator has no parameter {}", name), (*parameter)[0],
              names.empty() ? std::string() : fmt::format("it has {}", redoubt::join(names, ", ")),
              Severity::Warning);
      continue;
    }
    if (!rule->repeated && seen.contains(name))
      problem("KQL0222", fmt::format("the parameter {} stands twice", name), (*parameter)[0]);
    seen.add(name);
    check_parameter(*parameter, *rule);
  }
}

void Binder::check_parameter(const Node& parameter, const ParameterRule& rule) {
  const Node& value = parameter[1];
  const auto wrong = [&](std::string message) { problem("KQL0222", std::move(message), value); };
  const TokenKind token = syntax_->tokens[value.token].kind;
  const bool number =
      value.kind == NodeKind::Literal &&
      (token == TokenKind::LongLiteral || token == TokenKind::RealLiteral || token == TokenKind::IntLiteral);
  switch (rule.form) {
    case ValueForm::Word:
    case ValueForm::WordOrNumber: {
      const std::string_view written = text_of(value);
      const bool known = std::find(rule.words.begin(), rule.words.end(), written) != rule.words.end();
      const bool free = rule.words.empty() && value.kind == NodeKind::Word;
      if (!known && !free && !(number && rule.form == ValueForm::WordOrNumber) &&
          value.kind != NodeKind::Missing)
        wrong(rule.words.empty()
                  ? std::string("a word is expected here")
                  : fmt::format("{} is not one of {}", written, redoubt::join(rule.words, ", ")));
      return;
    }
    case ValueForm::Bool:
      if (token != TokenKind::BoolLiteral && value.kind != NodeKind::Missing)
        wrong("true or false is expected here");
      return;
    case ValueForm::Integer:
      if (number && token == TokenKind::RealLiteral) wrong("an integer is expected here");
      [[fallthrough]];
    case ValueForm::Number:
    case ValueForm::ForcedReal:
      if (!number && value.kind != NodeKind::Missing && value.kind != NodeKind::Literal)
        wrong("a number is expected here");
      return;
    case ValueForm::String:
      if (!rule.without_equal && value.kind != NodeKind::String && value.kind != NodeKind::Missing)
        wrong("a text is expected here");
      return;
    case ValueForm::Text:
      if (value.kind != NodeKind::Missing)
        check_in(bind(value), set_of(Type::String, Type::Dynamic), "a text");
      return;
    case ValueForm::Column:
      if (value.kind != NodeKind::Missing) check_column(bind(value));
      return;
    case ValueForm::Columns:
      for (const Node* one : value.children)
        if (one->kind != NodeKind::Missing) check_column(bind(*one));
      return;
    default:
      return;
  }
}

namespace {

/// Operators that a branch of fork may have.
constexpr NodeKind kForkOperators[] = {NodeKind::As,
                                       NodeKind::Count,
                                       NodeKind::Distinct,
                                       NodeKind::ExecuteAndCache,
                                       NodeKind::Extend,
                                       NodeKind::Filter,
                                       NodeKind::Invoke,
                                       NodeKind::MvExpand,
                                       NodeKind::Parse,
                                       NodeKind::ParseWhere,
                                       NodeKind::ParseKv,
                                       NodeKind::Project,
                                       NodeKind::ProjectAway,
                                       NodeKind::ProjectByNames,
                                       NodeKind::ProjectKeep,
                                       NodeKind::ProjectRename,
                                       NodeKind::ProjectReorder,
                                       NodeKind::Reduce,
                                       NodeKind::SampleDistinct,
                                       NodeKind::Sample,
                                       NodeKind::Sort,
                                       NodeKind::Summarize,
                                       NodeKind::Take,
                                       NodeKind::TopHitters,
                                       NodeKind::TopNested,
                                       NodeKind::Top};

/// Those that only begin a query.
constexpr NodeKind kFirstOperators[] = {NodeKind::Print, NodeKind::Range, NodeKind::MacroExpand};

bool is_operator(NodeKind kind) { return kind >= NodeKind::BadOperator; }

}  // namespace

/// What a subquery consists of.
void Binder::check_operators(const Node& query, bool forked) {
  const auto check = [&](const Node& node) {
    if (node.kind == NodeKind::BadOperator || node.kind == NodeKind::Missing) return;
    const bool first = std::find(std::begin(kFirstOperators), std::end(kFirstOperators), node.kind) !=
                       std::end(kFirstOperators);
    const bool fits = forked ? std::find(std::begin(kForkOperators), std::end(kForkOperators), node.kind) !=
                                   std::end(kForkOperators)
                             : is_operator(node.kind) && !first;
    if (!fits && is_operator(node.kind))
      problem(
          "KQL0220",
          fmt::format("{} is not allowed in this subquery", syntax_->text_of(syntax_->tokens[node.begin])),
          node);
  };
  if (query.kind != NodeKind::Pipe) {
    check(query);
    return;
  }
  for (const Node* part : query.children)
    check(*part);
}

}  // namespace redoubt::kql::detail

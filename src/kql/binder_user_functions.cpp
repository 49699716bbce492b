#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/detail/binder.h"
#include "kql/type_rules.h"

namespace redoubt::kql::detail {

/// `(T: (a: long), b: string = 'x') { ... }`: the body is bound once with what is declared, so that its
/// mistakes are told where they stand, and again with the arguments of each call.
Binder::Bound Binder::declare_function(const Node& node, std::string_view name) {
  functions_.push_back(std::make_unique<UserFunction>());
  UserFunction& function = *functions_.back();
  function.name = name;
  function.body = node.child(1);
  function.syntax = syntax_;
  function.saved = within_;
  function.scope = scope_;
  function.seen = scope_->count();
  function.view = node.begin < node.end && syntax_->tokens[node.begin].kind == TokenKind::ViewKeyword;
  add_formals(node[0], function);
  Expression* const out = make(ExpressionKind::Function, node);
  out->name = name;
  out->user = &function;
  const std::size_t faults = faults_;
  being_declared_.push_back(name);
  const Bound body = bind_body(function, {});
  being_declared_.pop_back();
  function.faulty = faults_ != faults;
  worked_out_[call_key(function, {})] = {body, {}};
  // What a call of values of the declared types gives, for want of better.
  std::vector<Bound> declared;
  for (const Formal& formal : function.formals) {
    Expression* const value = make(ExpressionKind::Variable, node);
    value->name = formal.name;
    value->type = formal.type;
    declared.push_back(formal.table == nullptr ? value : table(formal.table, node));
  }
  worked_out_.try_emplace(call_key(function, declared, true), Result{body, {}});
  return out;
}

void Binder::add_formals(const Node& list, UserFunction& function) {
  bool scalar_came = false;
  for (const Node* formal : list.children) {
    if (formal->kind != NodeKind::FunctionParameter || (*formal)[0].kind != NodeKind::NameAndType) continue;
    const Node& declared = (*formal)[0];
    Formal out;
    out.name = name_of(declared[0]);
    if (declared[1].kind == NodeKind::SchemaType) {
      if (scalar_came) problem("KQL0223", "tables come first among the parameters", declared);
      std::vector<const Column*> columns;
      // Of `(*)` the body can name no column.
      for (const Node* element : declared[1].children)
        if (element->kind == NodeKind::NameAndType)
          columns.push_back(
              column(name_of((*element)[0]), declared_type((*element)[1]).value_or(Type::Unknown)));
      out.table = relation(NodeKind::Name, declared, std::move(columns));
    } else {
      scalar_came = true;
      out.type = declared_type(declared[1]).value_or(Type::Unknown);
    }
    if (const Node* const otherwise = formal->child(1)) out.otherwise = bind(*otherwise);
    function.add(out);
  }
}

/// A function does not see itself: whether that is why a name is unknown.
bool Binder::is_recursive(std::string_view name, const Node& at) {
  if (std::find(being_declared_.begin(), being_declared_.end(), name) == being_declared_.end()) return false;
  problem("KQL0230", fmt::format("the function {} calls itself", name), at,
          "KQL has no recursion; scan goes from row to row, a graph along its edges");
  return true;
}

/// What a call is known by: the same tables, columns and constants give the same result. With `types_only`
/// all but texts count by their types.
std::string Binder::call_key(const UserFunction& function, const std::vector<Bound>& values,
                             bool types_only) const {
  std::string key = fmt::format("{}{}", types_only ? "~" : "", static_cast<const void*>(&function));
  if (fuzzy_) key += '?';
  for (Bound value : values) {
    while (value != nullptr && value->kind == ExpressionKind::Variable && value->value != nullptr)
      value = value->value;
    if (value == nullptr)
      key += ",-";
    else if (value->relation() != nullptr)
      key += fmt::format(",{}", static_cast<const void*>(value->relation()));
    else if (types_only && value->type != Type::String)
      key += fmt::format(",{}", type_name(value->type));
    else if (value->literal || value->kind == ExpressionKind::Variable)
      key += fmt::format(",{}:{}:{}", static_cast<int>(value->kind), type_name(value->type), value->name);
    else if (value->kind == ExpressionKind::Column)
      key += fmt::format(",{}", static_cast<const void*>(value->column));
    else
      key += fmt::format(",{}", static_cast<const void*>(value));
  }
  return key;
}

/// With the values of the parameters; without any, with what is declared of them.
Binder::Bound Binder::bind_body(const UserFunction& function, const std::vector<Bound>& values) {
  scopes_.push_back(std::make_unique<Scope>(function.scope, function.seen));
  const Change<Scope*> scope(scope_, scopes_.back().get());
  const Change<const Syntax*> syntax(syntax_, function.syntax);
  const Change<const SavedFunction*> within(within_, function.saved);
  const Change<const Relation*> rows(rows_, nullptr);
  const Change<const Relation*> right_rows(right_rows_, nullptr);
  const Change<bool> common(common_only_, false);
  const Change<bool> piped(piped_, false);
  const Change<Bound> graph(graph_, nullptr);
  const Change<Bound> implied(implied_, nullptr);
  const Change<Calls> calls(calls_, Calls::Scalars);
  const Change<std::uint32_t> number(default_number_, 1);
  const Node& body = *function.body;
  const Change<const Node*> inside(body_, &body);
  declare_formals(function, values, body);
  if (is_saved(function)) return bind_saved_body(function);
  if (body.kind != NodeKind::FunctionBody) return error(body);
  bind_statements(body[0], false, body.child(1));
  return body.child(1) == nullptr ? error(body) : bind(body[1]);
}

/// Parameters as what they are given, or as what is declared of them.
void Binder::declare_formals(const UserFunction& function, const std::vector<Bound>& values, const Node& at) {
  for (std::size_t i = 0; i < function.formals.size(); ++i) {
    const Formal& formal = function.formals[i];
    const Bound value = i < values.size() ? values[i] : nullptr;
    if (formal.table != nullptr) {
      declare_name(at, formal.name, value != nullptr && value->is_table() ? value : table(formal.table, at));
      continue;
    }
    Expression* const variable = make(ExpressionKind::Variable, at);
    variable->name = formal.name;
    variable->type = formal.type;
    variable->constant = true;
    variable->value = value != nullptr ? value : formal.otherwise;
    if (variable->value != nullptr && variable->value->literal && variable->value->type == Type::String) {
      variable->literal = true;
      variable->name = variable->value->name;
    }
    declare_name(at, formal.name, variable);
  }
}

Binder::Bound Binder::work_out(const UserFunction& function, const std::vector<Bound>& values,
                               const Node& at) {
  const std::string key = call_key(function, values);
  if (const auto known = worked_out_.find(key); known != worked_out_.end()) {
    if (is_saved(function)) tell_fault(function, known->second.fault, at);
    missing_ += known->second.missing;
    return known->second.value;
  }
  if (being_worked_out_.size() >= limits_.max_depth) {
    too_much(fmt::format("functions call each other, more than {} deep", limits_.max_depth), at);
    return error(at);
  }
  if (is_being_worked_out(function)) {
    problem("KQL0230", fmt::format("the function {} calls itself", function.name), at);
    return error(at);
  }
  if (++calls_worked_out_ > limits_.max_calls) {
    // Good enough to be checked, not to be run.
    const auto alike = worked_out_.find(call_key(function, values, true));
    if (alike != worked_out_.end()) {
      analysis_.approximate = true;
      missing_ += alike->second.missing;
      return alike->second.value;
    }
    too_much("the functions of this query are called in too many ways", at);
    return error(at);
  }
  being_worked_out_.push_back(&function);
  Result out;
  {
    const Change<bool> muted(muted_, true);
    const Change<std::size_t> count(faults_, 0);
    const Change<std::string> first(first_fault_, {});
    const std::size_t before = missing_;
    out.value = bind_body(function, values);
    if (faults_ != 0) out.fault = keep(first_fault_);
    out.missing = missing_ - before;
  }
  tell_fault(function, out.fault, at);
  being_worked_out_.pop_back();
  worked_out_[key] = out;
  worked_out_.try_emplace(call_key(function, values, true), out);
  return out.value;
}

/// The argument of each parameter; null: it has none.
std::vector<Binder::Bound> Binder::placed(const UserFunction& function, const Node& node,
                                          std::vector<Bound> arguments, const Node* list) {
  std::vector<Bound> values(function.formals.size(), nullptr);
  const std::size_t implied = implied_ == nullptr || list == nullptr ? 0 : 1;
  if (implied != 0) arguments.insert(arguments.begin(), implied_);
  std::size_t given = 0;
  bool misnamed = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Node* const written = list != nullptr && i >= implied ? list->child(i - implied) : nullptr;
    std::size_t at = i;
    if (written != nullptr && written->kind == NodeKind::NamedExpression) {
      const std::string_view name = name_of((*written)[0]);
      const Formal* const named = name.empty() ? nullptr : function.formal(name, 0);
      if (named == nullptr) {
        problem("KQL0204", fmt::format("{} has no parameter {}", function.name, name), (*written)[0]);
        misnamed = true;
        continue;
      }
      at = static_cast<std::size_t>(named - function.formals.data());
    }
    ++given;
    if (at < values.size()) values[at] = arguments[i];
  }
  const std::size_t least = function.least();
  if (!misnamed && (given > function.formals.size() || given < least)) {
    const std::string range = least == function.formals.size() ? std::string() : fmt::format("{} to ", least);
    problem("KQL0204",
            fmt::format("{} takes {}{}, not {}", function.name, range,
                        counted(function.formals.size(), "argument"), given),
            list == nullptr ? node : node[0]);
  }
  return values;
}

/// False: a table is missing, so that the body can not be looked at.
bool Binder::check_values(const UserFunction& function, const std::vector<Bound>& values) {
  bool fits = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == nullptr) continue;
    const Formal& formal = function.formals[i];
    if (formal.table != nullptr) {
      if (!check_table(values[i])) {
        fits = false;
        continue;
      }
      for (const Column* wanted : formal.table->columns) {
        const Column* const there = find_column(values[i]->relation(), wanted->name);
        const bool fitting = there == nullptr ? values[i]->relation()->open
                                              : there->guessed || accepts(set_of(wanted->type), there->type);
        if (!fitting)
          problem("KQL0205",
                  fmt::format("the table needs a column {}: {}", wanted->name, type_name(wanted->type)),
                  *values[i]->syntax);
      }
    } else if (!values[i]->is_scalar() && !values[i]->is_error()) {
      check_scalar(values[i]);
    }
  }
  return fits;
}

Binder::Bound Binder::call_user(const UserFunction& function, const Node& node, std::vector<Bound> arguments,
                                const Node* list) {
  const std::vector<Bound> values = placed(function, node, std::move(arguments), list);
  const std::size_t before = faults_;
  if (!check_values(function, values)) return scalar(ExpressionKind::Call, node, Type::Unknown);
  const Change<bool> told(muted_, muted_ || faults_ != before);
  const Bound result = work_out(function, values, node);
  Expression* const out = arena_.make<Expression>(*result);
  out->syntax = &node;
  out->saved = within_ != nullptr;
  if (function.view && out->is_table()) views_.try_emplace(out->relation(), function.name);
  if (!out->is_scalar()) return out;
  out->kind = ExpressionKind::Call;
  out->user = &function;
  out->column = nullptr;
  out->literal = false;
  out->function = nullptr;
  out->value = result;
  return out;
}

}  // namespace redoubt::kql::detail

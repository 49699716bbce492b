#include <fmt/format.h>

#include <algorithm>

#include "kql/detail/binder.h"

namespace redoubt::kql::detail {

namespace {

bool is_error(const Problem& problem) { return problem.severity == Severity::Error; }

}  // namespace

/// What the parameters of a query that is a function's body are.
void Binder::declare_own_parameters(const SavedFunction& function) {
  UserFunction& own = *functions_.emplace_back(std::make_unique<UserFunction>());
  {
    const Change<const SavedFunction*> within(within_, &function);
    const Change<const Syntax*> syntax(syntax_, &function.parameters());
    keep_syntax_problems(function);
    add_formals(*syntax_->root, own);
  }
  declare_formals(own, {}, *syntax_->root);
}

/// Null: none of that name is kept.
const UserFunction* Binder::saved_function(std::string_view name) {
  const SavedFunction* const found =
      environment_.functions == nullptr ? nullptr : environment_.functions->find(name);
  if (found == nullptr) return nullptr;
  std::unique_ptr<UserFunction>& known = saved_[found];
  if (known != nullptr) return known.get();
  known = std::make_unique<UserFunction>();
  known->name = found->name();
  known->body = found->body().root;
  known->syntax = &found->body();
  known->saved = found;
  const Change<const SavedFunction*> within(within_, found);
  const Change<const Syntax*> syntax(syntax_, &found->parameters());
  const Change<bool> muted(muted_, true);  // a call tells, when there is one
  const Change<std::size_t> count(faults_, 0);
  const Change<std::string> first(first_fault_, {});
  add_formals(*syntax_->root, *known);
  known->faulty = faults_ != 0;
  return known.get();
}

void Binder::add_saved_names(std::vector<std::string_view>& out) const {
  if (environment_.functions == nullptr) return;
  for (const auto& [name, function] : environment_.functions->by_name())
    out.push_back(name);
}

/// Where the function is looked at itself, too.
bool Binder::is_being_worked_out(const UserFunction& function) const {
  if (is_saved(function) && self_ != nullptr && self_->name() == function.saved->name()) return true;
  return std::find(being_worked_out_.begin(), being_worked_out_.end(), &function) != being_worked_out_.end();
}

/// A name without parentheses. Null: it is of no saved function, or inside of it, where the name may be that
/// of a table which the function hides.
Binder::Bound Binder::bind_saved_name(std::string_view name, const Node& node) {
  const UserFunction* const function = saved_function(name);
  const bool may_be_table = tables_unknown() || schemas_.find(name) != nullptr;
  if (function == nullptr || (is_being_worked_out(*function) && may_be_table)) return nullptr;
  if (function->least() == 0) return call_user(*function, node, {}, nullptr);
  problem("KQL0204", fmt::format("the function {} needs arguments", name), node,
          fmt::format("{}(...)", name));
  return error(node);
}

/// The last expression is what it gives.
Binder::Bound Binder::bind_saved_body(const UserFunction& function) {
  const Change<std::vector<std::string_view>> declared(being_declared_, {});
  const Node& statements = (*function.body)[1];
  if (const Bound value = bind_statements(statements, false)) return value;
  problem("KQL0241", fmt::format("the function {} gives nothing", function.name), *function.body,
          "its text ends with an expression, behind the let statements");
  return error(*function.body);
}

void Binder::keep_saved_problem(Problem found) {
  const SavedFunction::Part part =
      syntax_ == &within_->parameters() ? SavedFunction::Part::Parameters : SavedFunction::Part::Body;
  if (fuzzy_ && is_error(found)) found.severity = Severity::Warning;
  std::vector<SavedProblem>& all = analysis_.saved_problems;
  const auto [known, is_new] =
      saved_problems_.try_emplace({within_, part, found.offset, found.code}, all.size());
  if (!is_new)
    all[known->second].problem.severity = std::max(all[known->second].problem.severity, found.severity);
  else if (all.size() < limits_.parse.max_problems)
    all.push_back({within_, part, std::move(found)});
  else
    saved_problems_.erase(known);
}

/// The parameters', and the body's where that is not the query.
void Binder::keep_syntax_problems(const SavedFunction& function) {
  const Change<const SavedFunction*> within(within_, &function);
  for (const Syntax* one : {&function.parameters(), &function.body()}) {
    if (one == &function.body() && self_ == &function) continue;
    const Change<const Syntax*> syntax(syntax_, one);
    for (const Problem& found : one->problems) {
      if (is_error(found) && faults_++ == 0) first_fault_ = found.message;
      keep_saved_problem(found);
    }
  }
}

/// What is wrong with its parameters.
void Binder::tell_formals(const SavedFunction& function) {
  const Change<const SavedFunction*> within(within_, &function);
  const Change<const Syntax*> syntax(syntax_, &function.parameters());
  UserFunction once_more;
  add_formals(*syntax_->root, once_more);
}

/// What is wrong with a function whatever it is called with; empty: nothing. Its problems are kept at their
/// places.
std::string_view Binder::own_fault(const UserFunction& function) {
  const auto [known, is_new] = own_faults_.try_emplace({&function, fuzzy_});
  if (!is_new) return known->second;
  const Change<bool> muted(muted_, false);
  const Change<std::size_t> count(faults_, 0);
  const Change<std::string> first(first_fault_, {});
  keep_syntax_problems(*function.saved);
  if (function.faulty) tell_formals(*function.saved);
  bind_body(function, {});
  if (faults_ != 0) known->second = first_fault_;
  return known->second;
}

/// At a call: what its body says of the arguments, or that it is wrong by itself. The call of a faulty
/// function is no mistake of the function that it stands in, but one of the query.
void Binder::tell_fault(const UserFunction& function, std::string_view fault, const Node& at) {
  const auto in_this_way = [&] { return fmt::format("in {}, called in this way: {}", function.name, fault); };
  if (!is_saved(function)) {
    if (!fault.empty() && !function.faulty) problem("KQL0229", in_this_way(), at);
    return;
  }
  const SavedFunction& saved = *function.saved;
  if (std::ranges::find(analysis_.functions, &saved) == analysis_.functions.end())
    analysis_.functions.push_back(&saved);
  const bool written_wrong = saved.body().has_errors() || saved.parameters().has_errors();
  if (fault.empty() && !written_wrong && !function.faulty) return;
  const Severity severity = fuzzy_ ? Severity::Warning : Severity::Error;
  const std::string_view own = own_fault(function);
  if (own.empty()) return problem("KQL0229", in_this_way(), at, {}, severity);
  if (within_ == nullptr)
    return problem("KQL0240", fmt::format("the function {} has errors: {}", function.name, own), at, {},
                   severity);
  const Change<bool> told_there(muted_, true);
  problem("KQL0240", own.starts_with("in ") ? std::string(own) : fmt::format("in {}: {}", function.name, own),
          at, {}, severity);
}

}  // namespace redoubt::kql::detail

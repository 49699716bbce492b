#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/text.h"
#include "kql/detail/binder.h"
#include "kql/detail/sample_tables.h"
#include "kql/detail/wildcard.h"

namespace redoubt::kql::detail {

namespace {

/// Source: Azure Monitor, "Standard columns in Azure Monitor Logs".
constexpr std::string_view kStandardColumns[] = {
    "TenantId",    "TimeGenerated",   "_TimeReceived", "Type",        "_ItemId",
    "_ResourceId", "_SubscriptionId", "_IsBillable",   "_BilledSize", "SourceSystem"};

bool is_standard_column(std::string_view name) {
  return std::ranges::find(kStandardColumns, name) != std::end(kStandardColumns);
}

}  // namespace

Binder::Bound Binder::column_reference(const Column* column, const Node& node) {
  analysis_.columns.push_back(column);
  return unnamed_reference(column, node);
}

/// To a column that the text does not name.
Binder::Bound Binder::unnamed_reference(const Column* column, const Node& node) {
  Expression* const out = make(ExpressionKind::Column, node);
  out->column = column;
  out->name = column->name;
  out->type = column->type;
  out->shape = column->shape;
  out->guessed = column->guessed;
  return out;
}

/// A table that the query reads.
Binder::Bound Binder::stored_table(const Relation* stored, const Node& node) {
  reads(stored);
  return table(stored, node);
}

/// Null: no table has the name. One without rows becomes a `datatable`, so that whoever runs the plan needs
/// not know of it.
const Relation* Binder::find_table(std::string_view name, const Node& node) {
  const Relation* const stored = schemas_.find(name);
  if (stored != nullptr || environment_.without_rows == nullptr) return stored;
  const Relation* const known = environment_.without_rows->find(name);
  if (known == nullptr) return nullptr;
  Relation*& empty = empty_tables_[known];
  if (empty == nullptr) {
    empty = arena_.make<Relation>(*known);
    empty->op = NodeKind::DataTable;
  }
  if (!muted_ && told_empty_.insert(known).second)
    problem("KQL0507", fmt::format("the table {} has no rows here", known->name), node,
            "it is known, but none of its rows were given", Severity::Warning);
  return empty;
}

void Binder::reads(const Relation* stored) {
  if (read_.insert(stored).second) analysis_.tables.push_back(stored);
}

/// A let value.
Binder::Bound Binder::variable_reference(Bound value, const Node& node) {
  if (fuzzy_ && value->is_table() && lacking_.contains(value->relation())) ++missing_;
  Expression* const out = arena_.make<Expression>(*value);
  out->syntax = &node;
  out->saved = within_ != nullptr;
  return out;
}

/// Null: nothing has that name.
Binder::Bound Binder::find_name(std::string_view name, const Node& node, bool with_rows) {
  if (const Bound value = of_constants_ ? scope_->find(name) : nullptr;
      value != nullptr && value->is_scalar())
    return variable_reference(value, node);
  if (with_rows && rows_ != nullptr) {
    if (const Column* const found = find_column(rows_, name)) {
      if (right_rows_ == nullptr || !common_only_ || find_column(right_rows_, name) != nullptr ||
          !right_rows_->open)
        return column_reference(found, node);
    }
  }
  if (with_rows && right_rows_ != nullptr)
    if (const Column* const found = find_column(right_rows_, name)) return column_reference(found, node);
  if (const Bound value = scope_->find(name)) {
    if (value->kind == ExpressionKind::Function && value->user != nullptr) {
      if (value->user->least() == 0) return call_user(*value->user, node, {}, nullptr);
      problem("KQL0204", fmt::format("the function {} needs arguments", name), node,
              fmt::format("{}(...)", name));
      return error(node);
    }
    return variable_reference(value, node);
  }
  const bool may_be_column = with_rows && rows_ != nullptr && rows_->open;
  if (!may_be_column)
    if (const Bound saved = bind_saved_name(name, node)) return saved;
  if (const Relation* const stored = find_table(name, node)) return stored_table(stored, node);
  return nullptr;
}

bool Binder::can_bind(std::string_view name, bool with_rows) const {
  if (with_rows && (find_column(rows_, name) != nullptr || find_column(right_rows_, name) != nullptr))
    return true;
  return scope_->find(name) != nullptr || schemas_.find(name) != nullptr;
}

Binder::Bound Binder::bind_name(const Node& node, Want want) {
  const std::string_view name = name_of(node);
  if (name.empty()) {
    if (node.kind == NodeKind::BracketedName)
      problem("KQL0201", "a name that is not empty stands in the brackets, as a text", node, "['a b']");
    return error(node);
  }
  if (node.kind == NodeKind::BracedName && want == Want::Table) {
    const Change<bool> elsewhere(fuzzy_, true);  // whoever completes the query knows it
    return open_table(name, node);
  }
  if (node.kind == NodeKind::BracedName) return scalar(ExpressionKind::Variable, node, Type::Unknown);
  if (right_rows_ != nullptr && (name == "$left" || name == "$right")) return bind_side(node, name);
  const bool with_rows = calls_ != Calls::Aggregates;
  if (const Bound found = find_name(name, node, with_rows)) return found;
  if (with_rows && rows_ != nullptr && rows_->open && want != Want::Table)
    return column_reference(find_or_infer(rows_, name), node);
  return unknown_name(name, node, want);
}

std::optional<std::string_view> Binder::closest_name(std::string_view name) const {
  if (suggestion_work_ > kMostSuggestionWork) return std::nullopt;
  std::vector<std::string_view> names;
  for (const Relation* rows : {rows_, right_rows_})
    if (rows != nullptr)
      for (const Column* column : rows->columns)
        names.push_back(column->name);
  scope_->each([&](std::string_view declared, const Expression&) { names.push_back(declared); });
  return suggestion(name, names);
}

std::optional<std::string_view> Binder::closest_name(std::string_view name, ColumnList columns) const {
  std::vector<std::string_view> names;
  for (const Column* column : columns)
    names.push_back(column->name);
  return suggestion(name, names);
}

/// Nothing, too, when very many names have been looked through before.
std::optional<std::string_view> Binder::suggestion(std::string_view name,
                                                   const std::vector<std::string_view>& names) const {
  if (suggestion_work_ > kMostSuggestionWork) return std::nullopt;
  suggestion_work_ += names.size();
  return closest(name, names);
}

Binder::Bound Binder::unknown_name(std::string_view name, const Node& node, Want want) {
  if (calls_ == Calls::Aggregates && rows_ != nullptr &&
      (rows_->open || find_column(rows_, name) != nullptr)) {
    problem("KQL0211", fmt::format("{} is neither an aggregate nor a function", name), node,
            fmt::format("a column stands in an aggregate, such as take_any({}), or behind by", name));
    return error(node);
  }
  const Function* const tabular = find_function(name, FunctionKind::Table);
  if ((want == Want::Any && find_function(name, FunctionKind::Scalar) != nullptr) ||
      (tabular != nullptr && tabular->name != "graph")) {
    problem("KQL0204", fmt::format("the function {} needs its arguments in parentheses", name), node,
            fmt::format("{}()", name));
    return error(node);
  }
  if (is_recursive(name, node)) return error(node);
  const WorkspaceFunction* const known = find_workspace_function(name);
  if (want == Want::Table && known != nullptr && gives_table(known->result))
    return workspace_result(*known, node);
  if (want == Want::Table) return open_table(name, node);
  const std::optional<std::string_view> meant = closest_name(name);
  std::string hint = meant ? fmt::format("did you mean {}?", *meant) : std::string();
  if (want == Want::Any && rows_ != nullptr && is_standard_column(name))
    hint =
        "a standard column of Azure Monitor Logs: the file of tables has to list it, and it must not have "
        "been projected away";
  problem("KQL0201", fmt::format("nothing has the name {}: no column, variable or table", name), node,
          std::move(hint));
  return error(node);
}

/// A table that nobody knows; any column may be in it. Without schemas all tables are such, but for those of
/// the documentation's examples.
Binder::Bound Binder::open_table(std::string_view name, const Node& node) {
  if (tables_complete() && fuzzy_) ++missing_;
  if (const Relation* const sample = tables_complete() ? nullptr : find_sample_table(name)) {
    if (!tables_unknown())
      problem("KQL0239",
              fmt::format("{} is a table of the Kusto documentation's examples, none of yours", name), node,
              {}, Severity::Warning);
    return stored_table(sample, node);
  }
  if (!tables_unknown() && !fuzzy_) {
    std::vector<std::string_view> names;
    for (const Relation* known : schemas_.tables())
      names.push_back(known->name);
    add_saved_names(names);
    const std::optional<std::string_view> meant = suggestion(name, names);
    problem("KQL0202", fmt::format("no table has the name {}", name), node,
            meant ? fmt::format("did you mean {}?", *meant) : std::string());
  }
  return open_table(name, name, node);
}

Binder::Bound Binder::open_table(std::string_view key, std::string_view name, const Node& node) {
  const Relation*& kept = open_tables_[key];
  if (kept == nullptr) {
    Relation* const made = relation(NodeKind::Name, node, {});
    made->name = name;
    made->open = true;
    kept = made;
  }
  return stored_table(kept, node);
}

std::vector<const Relation*> Binder::tables_by_pattern(std::string_view pattern) const {
  std::vector<const Relation*> out;
  for (const Relation* known : schemas_.tables())
    if (matches_wildcard(known->name, pattern)) out.push_back(known);
  return out;
}

/// `union T*`
Binder::Bound Binder::bind_wildcard(const Node& node) {
  const std::string_view pattern = name_of(node);
  std::vector<const Relation*> found = tables_by_pattern(pattern);
  if (!spend(found.size() + scope_->count(), node)) return error(node);
  scope_->each([&](std::string_view name, const Expression& value) {
    if (value.kind != ExpressionKind::Function || value.user == nullptr || !value.user->view) return;
    if (value.user->least() != 0 || !matches_wildcard(name, pattern)) return;
    const Bound made = call_user(*value.user, node, {}, nullptr);
    if (made->is_table()) found.push_back(made->relation());
  });
  if (found.empty()) {
    if (tables_unknown()) return open_table(pattern, node);
    problem("KQL0202", fmt::format("no table has a name like {}", pattern), node);
    return error(node);
  }
  for (const Relation* one : found)
    if (one->op == NodeKind::Name) reads(one);
  Expression* const out = make(found.size() == 1 ? ExpressionKind::Table : ExpressionKind::Tables, node);
  out->relations = list_of(std::move(found));
  return out;
}

std::vector<const Column*> Binder::columns_like(std::string_view pattern, const Node& node) {
  if (pattern.find('*') == std::string_view::npos) {
    const Column* const one = find_column(rows_, pattern);
    return one == nullptr ? std::vector<const Column*>() : std::vector<const Column*>{one};
  }
  std::vector<const Column*> out = columns_of(rows_);
  if (!spend(out.size(), node)) return {};
  std::erase_if(out, [&](const Column* column) { return !matches_wildcard(column->name, pattern); });
  return out;
}

/// `project-away a*`
Binder::Bound Binder::columns_by_pattern(std::string_view pattern, const Node& node) {
  const std::vector<const Column*> found = columns_like(pattern, node);
  if (found.empty() && !rows_or_none().open && !too_much_) {
    problem("KQL0201", fmt::format("no column has a name like {}", pattern), node);
    return error(node);
  }
  Expression* const out = make(ExpressionKind::Columns, node);
  out->columns = arena_.copy(std::span<const Column* const>(found));
  return out;
}

}  // namespace redoubt::kql::detail

#include <fmt/format.h>

#include <algorithm>

#include "kql/detail/binder.h"
#include "kql/watchlist_items.h"

namespace redoubt::kql::detail {

namespace {

constexpr std::string_view kAliases = "_GetWatchlistAlias";

const Expression* text_literal(Expression& out, std::string_view text) {
  out.type = Type::String;
  out.constant = out.literal = true;
  out.name = text;
  return &out;
}

}  // namespace

/// Its columns are those that are always there; the content adds others. A column that the rows have already
/// keeps its place.
Binder::Bound Binder::workspace_result(const WorkspaceFunction& function, const Node& node, Bound first) {
  if (function.result == WorkspaceResult::Place) return make(ExpressionKind::Database, node);
  if (function.result == WorkspaceResult::Cluster) return make(ExpressionKind::Cluster, node);
  if (function.name == kAliases && environment_.watchlists != nullptr) {
    // As if they were written out.
    Relation* const out = relation(NodeKind::DataTable, node,
                                   {column(function.columns.front().name, function.columns.front().type)});
    std::vector<Bound> aliases;
    for (const auto& [key, one] : environment_.watchlists->by_alias())
      aliases.push_back(text_literal(*make(ExpressionKind::Literal, node), one.alias));
    out->arguments = list_of(std::move(aliases));
    return table(out, node);
  }
  const Relation* const rows =
      function.result == WorkspaceResult::Enriched && implied_ != nullptr ? implied_->relation() : nullptr;
  std::vector<const Column*> columns = columns_of(rows);
  for (const ResultColumn& one : function.columns)
    if (find_column(rows, one.name) == nullptr) columns.push_back(column(one.name, one.type));
  const Watchlist* const list = first == nullptr ? nullptr : watchlist_of(function, first);
  if (list != nullptr)
    for (const std::string& name : list->columns)
      if (std::ranges::find(function.columns, name, &ResultColumn::name) == function.columns.end())
        columns.push_back(column(name, Type::String));
  Relation* const out = relation(NodeKind::Call, node, std::move(columns));
  if (rows != nullptr) out->inputs = list_of({rows});
  out->open = list == nullptr || list->open;
  if (list != nullptr) {
    const Option known{kWatchlistOption, list->alias};
    out->options = arena_.copy(std::span<const Option>(&known, 1));
  }
  return table(out, node);
}

/// Null: which one it is, or what columns it has, is not known.
const Watchlist* Binder::watchlist_of(const WorkspaceFunction& function, Bound alias) {
  const bool asked = function.result == WorkspaceResult::Watchlist && environment_.watchlists != nullptr;
  if (!asked || !alias->literal || alias->type != Type::String) return nullptr;
  if (const Watchlist* const found = environment_.watchlists->find(alias->name)) return found;
  std::vector<std::string_view> names;
  for (const auto& [key, one] : environment_.watchlists->by_alias())
    names.push_back(one.alias);
  const std::optional<std::string_view> meant = suggestion(alias->name, names);
  problem("KQL0242", fmt::format("no watchlist has the alias {}", alias->name), *alias->syntax,
          meant ? fmt::format("did you mean {}?", *meant) : std::string(), Severity::Warning);
  return nullptr;
}

}  // namespace redoubt::kql::detail

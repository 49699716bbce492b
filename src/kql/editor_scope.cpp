#include "kql/detail/editor_scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/text.h"

namespace redoubt::kql::detail {

EditorScope scope_at(const Analysis& analysis, std::uint32_t operator_offset) {
  EditorScope out;
  for (const OperatorScope& one : analysis.operators) {
    if (analysis.syntax.tokens[one.node->begin].offset != operator_offset) continue;
    if (one.rows != nullptr) out.rows = one.rows;
    if (one.right != nullptr) out.right = one.right;
    if (one.result != nullptr) out.result = one.result;
  }
  return out;
}

std::vector<const Column*> known_columns(const Analysis& analysis, const Relation* rows) {
  if (rows == nullptr) return {};
  std::vector<const Column*> out(rows->columns.begin(), rows->columns.end());
  if (!rows->open) return out;
  std::unordered_set<std::string_view> seen;
  for (const Column* column : out)
    seen.insert(column->name);
  // Operators that keep all columns have them of the rows below, and are asked for them by name.
  std::unordered_set<const Relation*> chain;
  for (const Relation* one = rows; one != nullptr;
       one = one->inputs.size() == 1 && one->inputs.front()->open ? one->inputs.front() : nullptr)
    chain.insert(one);
  for (const auto& [column, of] : analysis.inferred)
    if (chain.contains(of) && seen.insert(column->name).second) out.push_back(column);
  return out;
}

std::vector<const Declaration*> visible_declarations(const Analysis& analysis, std::uint32_t offset) {
  std::vector<const Declaration*> out;
  std::unordered_map<std::string_view, std::size_t> at;
  const std::vector<Token>& tokens = analysis.syntax.tokens;
  const auto covers = [&](const Node& node) {
    return node.begin < node.end && tokens[node.begin].offset <= offset &&
           offset <= tokens[node.end - 1].end();
  };
  for (const Declaration& one : analysis.declarations) {
    if (one.name.empty() || (one.within != nullptr && !covers(*one.within))) continue;
    const bool parameter = one.node == one.within;
    if (!parameter && (tokens[one.node->begin].offset >= offset || covers(*one.node))) continue;
    const auto [found, added] = at.try_emplace(one.name, out.size());
    if (added)
      out.push_back(&one);
    else
      out[found->second] = &one;
  }
  return out;
}

ColumnTables::ColumnTables(const Analysis& analysis) {
  for (const Relation* table : analysis.tables)
    for (const Column* column : table->columns)
      names_.try_emplace(column, table->name);
  std::unordered_map<const Relation*, const Relation*> stored;  // what rows go back to, by themselves
  for (const auto& [column, rows] : analysis.inferred) {
    std::vector<const Relation*> path;
    const Relation* below = rows;
    while (below->inputs.size() == 1 && !stored.contains(below)) {
      path.push_back(below);
      below = below->inputs.front();
    }
    if (const auto known = stored.find(below); known != stored.end()) below = known->second;
    for (const Relation* one : path)
      stored[one] = below;
    if (below->op == NodeKind::Name) names_.try_emplace(column, below->name);
  }
}

std::string_view ColumnTables::table_of(const Column* column) const {
  for (; column != nullptr; column = column->origin)
    if (const auto found = names_.find(column); found != names_.end()) return found->second;
  return {};
}

std::string columns_text(const Relation& rows, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < rows.columns.size() && i < most; ++i)
    out +=
        fmt::format("{}{} {}", i == 0 ? "" : ", ", rows.columns[i]->name, type_name(rows.columns[i]->type));
  if (rows.columns.size() > most) out += fmt::format(", ... {} columns", rows.columns.size());
  if (rows.open) out += out.empty() ? "columns that the data tells" : ", ... what the data has";
  return out;
}

std::string saved_text(const SavedFunction& function) {
  const Syntax& syntax = function.parameters();
  std::vector<std::string_view> parts;
  for (const Node* parameter : syntax.root->children)
    parts.push_back(syntax.text_of(*parameter));
  return fmt::format("({})  saved function", join(parts, ", "));
}

std::string value_text(const Syntax& syntax, const Expression& value) {
  if (value.kind == ExpressionKind::Function && value.syntax != nullptr &&
      value.syntax->kind == NodeKind::FunctionDeclaration) {
    std::vector<std::string_view> parts;
    for (const Node* parameter : (*value.syntax)[0].children)
      parts.push_back(syntax.text_of(*parameter));
    return fmt::format("({})", join(parts, ", "));
  }
  if (value.is_table() && value.relation() != nullptr)
    return fmt::format("table of {}", columns_text(*value.relation(), 8));
  if (value.is_scalar()) return std::string(type_name(value.type));
  return {};
}

}  // namespace redoubt::kql::detail

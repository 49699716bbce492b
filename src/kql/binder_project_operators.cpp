#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "kql/detail/binder.h"
#include "kql/detail/characters.h"
#include "kql/detail/string_text.h"

namespace redoubt::kql::detail {

namespace {

/// granny-asc and granny-desc: numbers count, a2 comes before a10.
bool less_by_number(std::string_view left, std::string_view right) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < left.size() && j < right.size()) {
    if (is_digit(left[i]) && is_digit(right[j])) {
      std::size_t k = i;
      std::size_t l = j;
      while (k < left.size() && is_digit(left[k]))
        ++k;
      while (l < right.size() && is_digit(right[l]))
        ++l;
      if (k - i != l - j) return k - i < l - j;
      if (const int order = left.substr(i, k - i).compare(right.substr(j, l - j)); order != 0)
        return order < 0;
      i = k;
      j = l;
      continue;
    }
    if (lower(left[i]) != lower(right[j])) return lower(left[i]) < lower(right[j]);
    ++i;
    ++j;
  }
  return left.size() - i < right.size() - j;
}

}  // namespace

Binder::Bound Binder::project_operator(const Node& node) {
  check_piped(node);
  Projection out(arena_);
  for (const Node* one : node[0].children)
    project(*one, out, Style::Project);
  return projected(node, out);
}

Binder::Bound Binder::extend(const Node& node) {
  check_piped(node);
  Projection out(arena_);
  out.start(columns_of(rows_));
  for (const Node* one : node[0].children)
    project(*one, out, Style::Extend);
  return projected(node, out);
}

Binder::Bound Binder::project_away_or_keep(const Node& node) {
  check_piped(node);
  FewOrMany<std::string_view> names;
  for (const Node* one : node[0].children) {
    if (one->kind == NodeKind::WildcardName) {
      for (const Column* column : columns_by_pattern(name_of(*one), *one)->columns)
        if (!names.contains(column->name)) names.add(column->name);
      continue;
    }
    const Bound value = bind(*one);
    if (check_column(value)) names.add(value->column->name);
  }
  const bool keeps = node.kind == NodeKind::ProjectKeep;
  Relation* const same = same_rows(node);
  std::vector<const Column*> left = columns_of(rows_);
  std::erase_if(left, [&](const Column* column) { return names.contains(column->name) != keeps; });
  same->columns = arena_.copy(std::span<const Column* const>(left));
  return table(same, node);
}

Binder::Bound Binder::project_rename(const Node& node) {
  check_piped(node);
  std::vector<std::pair<const Node*, Bound>> renames;
  for (const Node* one : node[0].children) {
    if (one->kind != NodeKind::NamedExpression) {
      if (one->kind != NodeKind::Missing)
        problem("KQL0218", "a new name and a column are expected here: new = old", *one);
      continue;
    }
    renames.emplace_back(one, bind((*one)[1]));
  }
  Projection out(arena_);
  out.start(columns_of(rows_), true);
  for (const auto& [one, value] : renames) {
    if (!check_column(value)) continue;
    bool taken = false;
    out.rename(value->column->name, name_of((*one)[0]), taken);
    if (taken)
      problem("KQL0209", fmt::format("a column of the name {} is there already", name_of((*one)[0])),
              (*one)[0]);
  }
  return projected(node, out);
}

Binder::Bound Binder::project_reorder(const Node& node) {
  check_piped(node);
  Projection out(arena_);
  for (const Node* one : node[0].children) {
    const Node& named = one->kind == NodeKind::Ordered ? (*one)[0] : *one;
    if (named.kind != NodeKind::WildcardName) {
      const Bound value = bind(named);
      if (check_column(value)) {
        declare(out, value->column, nullptr, false, named);
        out.ignore(value->column);
      }
      continue;
    }
    const Bound found = columns_by_pattern(name_of(named), named);
    std::vector<const Column*> columns(found->columns.begin(), found->columns.end());
    if (one->kind == NodeKind::Ordered) {
      const TokenKind order = syntax_->tokens[one->token].kind;
      const bool down = order == TokenKind::DescKeyword || order == TokenKind::GrannyDescKeyword;
      const bool numbers = order == TokenKind::GrannyAscKeyword || order == TokenKind::GrannyDescKeyword;
      std::stable_sort(columns.begin(), columns.end(), [&](const Column* left, const Column* right) {
        if (down) std::swap(left, right);
        return numbers ? less_by_number(left->name, right->name) : less_any_case(left->name, right->name);
      });
    }
    for (const Column* column : columns)
      out.add(column, nullptr, {}, false, true);
  }
  for (const Column* column : columns_of(rows_))
    out.add(column);
  return projected(node, out);
}

/// The names in a text, a dynamic array of texts, or column_names_of(table).
std::vector<std::string_view> Binder::names_listed(Bound value) {
  while (value->kind == ExpressionKind::Variable && value->value != nullptr)
    value = value->value;
  if (value->literal && value->type == Type::String) return {value->name};
  std::vector<std::string_view> out;
  if (value->kind == ExpressionKind::Call && value->function != nullptr &&
      value->function->name == "column_names_of" && !value->operands.empty()) {
    for (const Column* column : columns_of(value->operands.front()->relation()))
      out.push_back(column->name);
  } else if (value->kind == ExpressionKind::Literal && value->type == Type::Dynamic) {
    gather_texts(*value->syntax, out);
  }
  return out;
}

void Binder::gather_texts(const Node& node, std::vector<std::string_view>& out) {
  if (node.kind == NodeKind::String) out.push_back(keep(string_text(*syntax_, node)));
  for (const Node* child : node.children)
    if (child != nullptr) gather_texts(*child, out);
}

/// A name that no column has is passed over. Source: "project-by-names operator".
Binder::Bound Binder::project_by_names(const Node& node) {
  check_piped(node);
  Projection out(arena_);
  for (const Node* one : node[0].children) {
    for (const std::string_view name : names_listed(bind(*one)))
      for (const Column* column : columns_like(name, *one))
        out.add(column, nullptr, {}, false, true);
  }
  return projected(node, out);
}

}  // namespace redoubt::kql::detail

#include <algorithm>

#include "kql/detail/binder.h"
#include "kql/plan_walk.h"

namespace redoubt::kql::detail {

namespace {

/// Each once, in the order of the text.
std::vector<const Column*> columns_in(const Expression& root) {
  std::vector<const Column*> out;
  FewOrMany<const Column*> seen;
  std::vector<const Expression*> stack{&root};
  while (!stack.empty()) {
    const Expression& one = *stack.back();
    stack.pop_back();
    if (one.kind == ExpressionKind::Column && !seen.contains(one.column)) {
      seen.add(one.column);
      out.push_back(one.column);
    }
    stack.insert(stack.end(), one.operands.rbegin(), one.operands.rend());
  }
  return out;
}

/// Whether a condition looks into all columns: `* has 'x'`, or a text alone.
bool looks_everywhere(const Expression& value) {
  bool found = false;
  each_expression(value, [&](const Expression& one) {
    found = found || one.kind == ExpressionKind::Star ||
            (one.constant && one.type == Type::Bool && one.kind != ExpressionKind::Operator);
  });
  return found;
}

/// Whether a table has columns that are not among those of the result: they come packed.
bool has_others(const Relation& table, const FewOrMany<std::string_view>& names) {
  return !table.open && std::any_of(table.columns.begin(), table.columns.end(),
                                    [&](const Column* one) { return !names.contains(one->name); });
}

}  // namespace

/// Tables in which a condition looks: those that have one of its columns.
std::vector<const Relation*> Binder::searched_tables(const std::vector<const Relation*>& tables,
                                                     Bound condition,
                                                     const std::vector<const Column*>& columns) const {
  if (tables.size() == 1 || looks_everywhere(*condition)) return tables;
  std::vector<const Relation*> out;
  for (const Relation* one : tables)
    if (one->open || std::any_of(columns.begin(), columns.end(), [&](const Column* column) {
          return find_column(one, column->name) != nullptr;
        }))
      out.push_back(one);
  return out;
}

Binder::Bound Binder::find(const Node& node) {
  check_parameters(&node[1], kFindParameters);
  const std::vector<const Relation*> tables = tables_of(node.child(2));
  const std::string_view source =
      keep(parameter_of(&node[1], {"withsource", "with_source"}).value_or("source_"));
  Relation* const all = relation(NodeKind::Union, node, unified_by_name(tables));
  all->inputs = list_of(tables);
  analysis_.unions.push_back(all);
  all->open = (node.child(2) == nullptr && tables_unknown()) ||
              std::any_of(tables.begin(), tables.end(), [](const Relation* one) { return one->open; });
  const Change<const Relation*> below(rows_, all);
  const Bound condition = bind_predicate(node[3]);
  check_type(condition, Type::Bool);
  const std::vector<const Column*> used = columns_in(*condition);
  const std::vector<const Relation*> searched = searched_tables(tables, condition, used);
  std::vector<const Column*> columns{column(source, Type::String)};
  bool packed = false;
  bool open = all->open;
  const Node* const projected = node.child(4);
  if (projected == nullptr || projected->children.empty()) {
    for (const Column* one : searched.empty() ? std::vector<const Column*>() : common_columns(searched))
      columns.push_back(one);
    FewOrMany<std::string_view> names = names_of(columns);
    for (const Column* one : used) {
      if (names.contains(one->name)) continue;
      names.add(one->name);
      columns.push_back(one);
    }
    if (searched.empty() || std::any_of(searched.begin(), searched.end(),
                                        [&](const Relation* one) { return has_others(*one, names); }))
      columns.push_back(column("pack_", Type::Dynamic));
  } else {
    open = false;
    for (const Node* one : projected->children) {
      if (one->kind == NodeKind::Star) {
        packed = true;
        columns.push_back(column("pack_", Type::Dynamic));
        continue;
      }
      const bool typed = one->kind == NodeKind::NameAndType;
      const Bound value = bind(typed ? (*one)[0] : *one);
      if (!check_column(value)) continue;
      columns.push_back(typed ? column(value->column->name, declared_type((*one)[1]).value_or(Type::Unknown))
                              : value->column);
    }
  }
  if (const Node* const away = node.child(5)) {
    const bool everything = !away->children.empty() && (*away)[0].kind == NodeKind::Star;
    FewOrMany<std::string_view> names;
    for (const Node* one : away->children)
      if (one->kind != NodeKind::Star)
        names.add(name_of(one->kind == NodeKind::NameAndType ? (*one)[0] : *one));
    std::erase_if(columns, [&](const Column* one) {
      if (everything) return one->name != source && (one->name != "pack_" || !packed);
      return names.contains(one->name);
    });
  }
  Relation* const out = relation(node.kind, node, std::move(columns));
  out->inputs = list_of(searched);
  const auto told = std::find_if(out->columns.begin(), out->columns.end(),
                                 [&](const Column* one) { return one->name == source; });
  tell_sources(*out, told == out->columns.end() ? nullptr : *told);
  out->open = open;
  out->arguments = list_of({condition});
  return table(out, node);
}

}  // namespace redoubt::kql::detail

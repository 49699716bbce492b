#include <fmt/format.h>

#include <algorithm>

#include "kql/detail/binder.h"

namespace redoubt::kql::detail {

/// What rows come from, apart from names and operators.
Binder::Bound Binder::bind_source(const Node& node) {
  switch (node.kind) {
    case NodeKind::DataScope:
      return bind(node[0], Want::Table);
    case NodeKind::DataTable:
      return bind_data_table(node);
    case NodeKind::ContextualDataTable:
      return table(relation(node.kind, node, declared_columns(node[1])), node);
    case NodeKind::ExternalData:
      return bind_external_data(node);
    case NodeKind::InlineExternalTable:
      return bind_inline_external_table(node);
    case NodeKind::MaterializedViewCombine:
      return bind_in(node[3], bind(node[2], Want::Table)->relation());
    case NodeKind::ToScalar:
      return bind_to_scalar(node);
    case NodeKind::ToTable:
      return bind_in(node[1], nullptr, Want::Table);
    case NodeKind::Materialize:
      return bind_in(node[0], nullptr, Want::Table);
    case NodeKind::Pipe:
      return bind_pipe(node);
    case NodeKind::EntityGroup: {
      Expression* const out = make(ExpressionKind::Tables, node);
      for (const Node* member : node.children)
        bind(*member);
      return out;
    }
    default:
      return error(node);
  }
}

std::optional<Type> Binder::declared_type(const Node& node) {
  return node.kind == NodeKind::Type ? find_type(text_of(node)) : std::nullopt;
}

/// Of a schema as it is written.
std::vector<const Column*> Binder::declared_columns(const Node& schema) {
  std::vector<const Column*> out;
  if (schema.kind != NodeKind::RowSchema) return out;
  FewOrMany<std::string_view> declared;
  for (const Node* element : schema[0].children) {
    if (element->kind != NodeKind::NameAndType) continue;
    const std::string_view name = name_of((*element)[0]);
    if (declared.contains(name)) {
      problem("KQL0209", fmt::format("a column of the name {} is there already", name), (*element)[0]);
      continue;
    }
    declared.add(name);
    out.push_back(column(name, declared_type((*element)[1]).value_or(Type::Unknown)));
  }
  return out;
}

Binder::Bound Binder::bind_data_table(const Node& node) {
  const std::vector<const Column*> columns = declared_columns(node[1]);
  const std::size_t values = node[2].children.size();
  if (!columns.empty() && values % columns.size() != 0)
    problem("KQL0213", fmt::format("{} values do not fill rows of {} columns", values, columns.size()),
            node[2]);
  std::vector<Bound> cells;
  for (const Node* value : node[2].children)
    cells.push_back(bind(*value));
  Relation* const out = relation(node.kind, node, columns);
  out->arguments = list_of(std::move(cells));
  return table(out, node);
}

Binder::Bound Binder::bind_external_data(const Node& node) {
  std::vector<Bound> sources;
  for (const Node* source : node[2].children)
    sources.push_back(bind(*source));
  Relation* const out = relation(node.kind, node, declared_columns(node[1]));
  out->arguments = list_of(std::move(sources));
  return table(out, node);
}

Binder::Bound Binder::bind_inline_external_table(const Node& node) {
  Relation* const out = relation(
      node.kind, node, node.child(1) == nullptr ? std::vector<const Column*>() : declared_columns(node[1]));
  out->open = node.child(1) == nullptr;
  if (const Node* const partitions = node.child(3)) {
    std::vector<const Column*> columns(out->columns.begin(), out->columns.end());
    for (const Node* one : partitions->children)
      if (one->kind == NodeKind::FunctionParameter && find_column(out, name_of((*one)[0])) == nullptr)
        columns.push_back(column(name_of((*one)[0]), declared_type((*one)[1]).value_or(Type::Unknown)));
    out->columns = arena_.copy(std::span<const Column* const>(columns));
  }
  return table(out, node);
}

Binder::Bound Binder::bind_to_scalar(const Node& node) {
  const Bound inside = bind_in(node[1], nullptr);
  Type type = Type::Unknown;
  if (const Relation* const rows = inside->relation()) {
    if (!rows->columns.empty()) {
      type = rows->columns.front()->type;
    } else if (!rows->open) {
      problem("KQL0218", "the table has no columns", node[1]);
      return error(node);
    }
  } else if (inside->is_scalar()) {
    type = inside->type;
  } else {
    if (!inside->is_error()) problem("KQL0217", "a table or a scalar is expected here", node[1]);
    return error(node);
  }
  Expression* const out = make(ExpressionKind::Operator, node);
  out->op = TokenKind::ToScalarKeyword;
  out->type = type;
  out->constant = true;
  out->operands = arena_.copy(std::span<const Bound>(&inside, 1));
  return out;
}

Binder::Bound Binder::reference_result(const Function& function, const std::vector<Bound>& arguments,
                                       const Node& node) {
  if (function.name == "cluster" || function.name == "database") {
    Expression* const place =
        make(function.name == "cluster" ? ExpressionKind::Cluster : ExpressionKind::Database, node);
    place->function = &function;
    if (!arguments.empty()) place->name = text_of(node);  // without, it is the one that is asked
    return place;
  }
  if (function.name == "graph") return open_graph(node);
  if (function.name == "entity_group") return make(ExpressionKind::Graph, node);
  const bool named = !arguments.empty() && arguments.front()->type == Type::String &&
                     !arguments.front()->name.empty() && arguments.front()->literal;
  if (!named) {
    Relation* const any = relation(NodeKind::Name, node, {});
    any->open = true;
    return table(any, node);
  }
  const std::string_view name = arguments.front()->name;
  const bool is_table = function.name == "table";
  if (const Bound local = is_table ? scope_->find(name) : nullptr; local != nullptr && local->is_table())
    return variable_reference(local, node);
  if (const Relation* const stored = find_table(name, node)) return stored_table(stored, node);
  if (is_table) return open_table(name, node);
  const Change<bool> elsewhere(fuzzy_, true);  // external tables and their like are not known here
  return open_table(name, node);
}

Binder::Bound Binder::macro_expand(const Node& node) {
  Bound group = bind(node[1], Want::Any);
  if (const Bound declared = node[1].kind == NodeKind::Name ? scope_->find(name_of(node[1])) : nullptr)
    group = declared;
  scopes_.push_back(std::make_unique<Scope>(scope_));
  const Change<Scope*> scope(scope_, scopes_.back().get());
  const auto entity = [&](const Node& name) {
    Expression* const place = make(ExpressionKind::Database, name);
    place->name = text_of(name);
    return place;
  };
  if (const Node* const name = node.child(2)) scope_->add(name_of(*name), entity(*name));
  if (node[1].kind == NodeKind::Name) scope_->add(name_of(node[1]), entity(node[1]));
  Bound out = error(node);
  for (const Node* statement : node[3].children) {
    if (statement->kind == NodeKind::ExpressionStatement)
      out = bind_in((*statement)[0], nullptr, Want::Table);
    else if (statement->kind == NodeKind::Let)
      bind_let(*statement);
  }
  return once_for_each(*group, out, node);
}

/// The same rows once for each entity of a group: all of them are found here. Rows that are used several
/// times are one table in the plan.
Binder::Bound Binder::once_for_each(const Expression& group, Bound rows, const Node& node) {
  const bool known = group.syntax != nullptr && group.syntax->kind == NodeKind::EntityGroup;
  const std::size_t entities = known ? group.syntax->children.size() : 1;
  if (!rows->is_table() || entities < 2 || !spend(entities, node)) return rows;
  const std::vector<const Relation*> tables(entities, rows->relation());
  Relation* const out = relation(NodeKind::Union, node, unified_by_type(tables));
  out->inputs = list_of(tables);
  out->kind = "outer";
  out->open = rows->relation()->open;
  return table(out, node);
}

}  // namespace redoubt::kql::detail

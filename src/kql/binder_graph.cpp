#include <algorithm>
#include <set>

#include "kql/detail/binder.h"

namespace redoubt::kql::detail {

// A graph is two tables: its edges, and its nodes where they are known.

const Relation* Binder::graph_nodes() const {
  return graph_ != nullptr && graph_->relations.size() > 1 ? graph_->relations[1] : nullptr;
}

bool Binder::check_graph(const Node& node) {
  if (graph_ == nullptr)
    problem("KQL0225", "a graph is expected in front of this", node, "make one with make-graph");
  return graph_ != nullptr;
}

/// A stored graph: what its nodes and edges have is not known here.
Binder::Bound Binder::open_graph(const Node& node) {
  Relation* const edges = relation(NodeKind::Name, node, {});
  Relation* const nodes = relation(NodeKind::Name, node, {});
  edges->open = nodes->open = true;
  Expression* const out = make(ExpressionKind::Graph, node);
  out->relations = list_of({edges, nodes});
  return out;
}

/// The graph that is piped into an operator; a name that nobody knows can be one. Null: it is something else.
Binder::Bound Binder::graph_of(Bound input) {
  if (input->kind == ExpressionKind::Graph) return input;
  const Relation* const rows = input->relation();
  const bool may_be = rows != nullptr && rows->op == NodeKind::Name && rows->open && rows->columns.empty();
  return may_be ? open_graph(*input->syntax) : nullptr;
}

Binder::Bound Binder::make_graph(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kMakeGraphParameters);
  Type key_type = Type::Unknown;
  for (const std::size_t end : {std::size_t{1}, std::size_t{2}}) {
    const Bound key = bind(node[end]);
    if (check_column(key)) check_not_dynamic(key);
    if (key_type == Type::Unknown) key_type = key->type;
  }
  std::vector<const Relation*> shapes{rows_ != nullptr ? rows_ : relation(NodeKind::Missing, node, {})};
  if (const Node* const nodes = node.child(3)) {
    if (nodes->kind != NodeKind::List) {
      shapes.push_back(relation(NodeKind::List, *nodes, {column(name_of(*nodes), key_type)}));
    } else {
      std::vector<const Relation*> tables;
      for (const Node* one : nodes->children) {
        if (one->kind != NodeKind::MakeGraphNodes) continue;
        const Bound value = bind_in((*one)[0], nullptr, Want::Table);
        if (!check_table(value)) continue;
        tables.push_back(value->relation());
        const Change<const Relation*> below(rows_, value->relation());
        const Bound key = bind((*one)[1]);
        if (check_column(key)) check_not_dynamic(key);
      }
      Relation* const all = relation(NodeKind::Union, *nodes, unified_by_type(tables));
      all->open = std::any_of(tables.begin(), tables.end(), [](const Relation* one) { return one->open; });
      shapes.push_back(all);
    }
  }
  Expression* const out = make(ExpressionKind::Graph, node);
  out->relations = list_of(std::move(shapes));
  if (const Node* const partition_of = node.child(4)) {
    bind((*partition_of)[0]);
    const Change<Bound> graph(graph_, out);
    const Change<const Relation*> below(rows_, nullptr);
    return bind((*partition_of)[1], Want::Table);
  }
  return out;
}

/// graph-match and graph-shortest-paths.
Binder::Bound Binder::graph_match(const Node& node) {
  check_piped(node);
  check_parameters(&node[0],
                   node.kind == NodeKind::GraphMatch ? kGraphMatchParameters : kGraphShortestPathsParameters);
  if (!check_graph(node)) return error(node);
  scopes_.push_back(std::make_unique<Scope>(scope_));
  const Change<Scope*> scope(scope_, scopes_.back().get());
  std::set<std::string_view> many;
  for (const Node* pattern : node[1].children)
    for (const Node* part : pattern->children) {
      const Node* const name = part->child(0);
      if (name == nullptr) continue;
      const bool edge = part->kind == NodeKind::GraphEdge;
      if (edge && part->child(1) != nullptr) many.insert(name_of(*name));
      const Relation* const shape = edge ? graph_->relation() : graph_nodes();
      Expression* const fields = make(ExpressionKind::Columns, *name);
      if (shape != nullptr) {
        fields->columns = shape->columns;
        fields->relations = list_of({shape});
      }
      scope_->add(name_of(*name), fields);
    }
  const Change<const Relation*> below(rows_, nullptr);
  if (const Node* const condition = node.child(2)) check_type(bind(*condition), Type::Bool);
  const Node* const columns = node.child(3);
  if (columns == nullptr) return graph_;
  Projection out(arena_);
  for (const Node* one : columns->children) {
    bool repeated = false;
    for (std::uint32_t i = one->begin; i < one->end && !repeated; ++i)
      repeated = many.contains(syntax_->text_of(syntax_->tokens[i]));
    project(*one, out, Style::Graph, repeated ? std::optional(Type::Dynamic) : std::nullopt);
  }
  return projected(node, out, false);
}

Binder::Bound Binder::graph_to_table(const Node& node) {
  check_piped(node);
  if (!check_graph(node)) return error(node);
  std::vector<const Relation*> out;
  for (const Node* part : node.children) {
    if (part->kind != NodeKind::GraphOutput) continue;
    const bool edges = syntax_->tokens[part->token].kind != TokenKind::NodesKeyword;
    const Relation* const shape = edges ? graph_->relation() : graph_nodes();
    std::vector<const Column*> columns;
    for (const std::string_view id : {"with_source_id", "with_target_id", "with_node_id"})
      if (const auto name = parameter_of(part->child(1), {id}))
        columns.push_back(column(keep(*name), Type::Long));
    const std::vector<const Column*> more = columns_of(shape);
    columns.insert(columns.end(), more.begin(), more.end());
    Relation* const made = relation(node.kind, *part, std::move(columns));
    if (const Node* const name = part->child(0)) {
      made->name = name_of(*name);
      scope_->add(made->name, table(made, *part));
    }
    out.push_back(made);
  }
  if (out.size() == 1) return table(out.front(), node);
  Expression* const result = make(ExpressionKind::Tables, node);
  result->relations = list_of(std::move(out));
  return result;
}

Binder::Bound Binder::graph_with_components(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kGraphMarkComponentsParameters);
  if (!check_graph(node)) return error(node);
  std::vector<const Column*> columns = columns_of(graph_nodes());
  columns.push_back(
      column(keep(parameter_of(&node[0], {"with_component_id"}).value_or("ComponentId")), Type::Long));
  Expression* const out = arena_.make<Expression>(*graph_);
  out->relations = list_of({graph_->relation(), relation(node.kind, node, std::move(columns))});
  return out;
}

Binder::Bound Binder::graph_where(const Node& node) {
  check_piped(node);
  if (!check_graph(node)) return error(node);
  const bool edges = node.kind == NodeKind::GraphWhereEdges;
  const Change<const Relation*> below(rows_, edges ? graph_->relation() : graph_nodes());
  check_type(bind(node[0]), Type::Bool);
  return graph_;
}

}  // namespace redoubt::kql::detail

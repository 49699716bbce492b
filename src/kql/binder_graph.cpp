#include <algorithm>
#include <map>

#include "kql/detail/binder.h"

namespace redoubt::kql::detail {

// A graph is rows, which are its edges, and what its nodes look like, where that is known.
// Source: Kusto Query Language reference, "Graph operators"; Kusto.Language 12.4.1 for names and types.

/// The elements of a pattern, and the arguments of its operator: the condition's place, then ranges.
struct Binder::GraphPattern {
  std::vector<GraphElement> elements;
  std::vector<Bound> arguments{nullptr};
  std::map<std::string_view, std::uint32_t> nodes;  // by name
  std::vector<std::string_view> repeated;           // names of edges with a range
};

const Relation* Binder::graph_nodes() const {
  return graph_ != nullptr && graph_->relations.size() > 1 ? graph_->relations[1] : nullptr;
}

bool Binder::check_graph(const Node& node) {
  if (graph_ == nullptr)
    problem("KQL0225", "a graph is expected in front of this", node, "make one with make-graph");
  return graph_ != nullptr;
}

Binder::Bound Binder::graph_value(const Node& node, const Relation* graph, const Relation* nodes) {
  Expression* const out = make(ExpressionKind::Graph, node);
  out->relations = nodes == nullptr ? list_of({graph}) : list_of({graph, nodes});
  return out;
}

/// A graph that is made of the operator's graph: it has the same columns.
Relation* Binder::next_graph(const Node& node) {
  const Relation* const below = graph_->relation();
  Relation* const out = relation(node.kind, node, columns_of(below));
  out->inputs = list_of({below});
  out->open = below->open;
  return out;
}

/// A stored graph: what its nodes and edges have is not known here.
Binder::Bound Binder::open_graph(const Node& node) {
  Relation* const edges = relation(NodeKind::MakeGraph, node, {});
  Relation* const nodes = relation(NodeKind::Name, node, {});
  edges->open = nodes->open = true;
  return graph_value(node, edges, nodes);
}

/// The graph that is piped into an operator; a name that nobody knows can be one. Null: it is something else.
Binder::Bound Binder::graph_of(Bound input) {
  if (input->kind == ExpressionKind::Graph) return input;
  const Relation* const rows = input->relation();
  const bool may_be = rows != nullptr && rows->op == NodeKind::Name && rows->open && rows->columns.empty();
  return may_be ? open_graph(*input->syntax) : nullptr;
}

/// A column with ids of nodes.
Binder::Bound Binder::graph_key(const Node& node) {
  const Bound key = bind(node);
  if (check_column(key)) check_not_dynamic(key);
  return key;
}

/// The tables of nodes go to the inputs, their ids to the plan; what all nodes look like is given back. Null:
/// nothing is said of nodes.
const Relation* Binder::graph_tables(const Node* nodes, Type key_type, std::vector<const Relation*>& inputs,
                                     std::vector<const Column*>& ids) {
  if (nodes == nullptr) return nullptr;
  if (nodes->kind != NodeKind::List) {
    ids.push_back(column(name_of(*nodes), key_type));
    return relation(NodeKind::List, *nodes, {ids.back()});
  }
  std::vector<const Relation*> tables;
  for (const Node* one : nodes->children) {
    if (one->kind != NodeKind::MakeGraphNodes) continue;
    const Bound value = bind_in((*one)[0], nullptr, Want::Table);
    if (!check_table(value)) continue;
    tables.push_back(value->relation());
    const Change<const Relation*> below(rows_, value->relation());
    ids.push_back(graph_key((*one)[1])->column);
  }
  Relation* const all = relation(NodeKind::Union, *nodes, unified_by_type(tables));
  all->open = std::any_of(tables.begin(), tables.end(), [](const Relation* one) { return one->open; });
  inputs.insert(inputs.end(), tables.begin(), tables.end());
  return all;
}

Binder::Bound Binder::make_graph(const Node& node) {
  check_piped(node);
  check_parameters(&node[0], kMakeGraphParameters);
  const Bound source = graph_key(node[1]);
  const Bound target = graph_key(node[2]);
  const Type key_type = source->type == Type::Unknown ? target->type : source->type;
  std::vector<const Relation*> tables{rows_ != nullptr ? rows_ : relation(NodeKind::Missing, node, {})};
  std::vector<const Column*> ids;
  const Relation* const nodes = graph_tables(node.child(3), key_type, tables, ids);
  GraphPlan* const plan = arena_.make<GraphPlan>();
  plan->source = source->column;
  plan->target = target->column;
  plan->ids = arena_.copy(std::span<const Column* const>(ids));
  if (nodes != nullptr) plan->nodes = nodes->columns;
  if (node.child(4) != nullptr) return partitioned_graph(node, tables, *plan, nodes);
  return graph_value(node, graph_rows(node, std::move(tables), *plan), nodes);
}

/// What make-graph makes of tables, the first of them that of the edges.
const Relation* Binder::graph_rows(const Node& node, std::vector<const Relation*> tables,
                                   const GraphPlan& plan) {
  Relation* const out = relation(NodeKind::MakeGraph, node, columns_of(tables.front()));
  out->open = tables.front()->open;
  out->inputs = list_of(std::move(tables));
  out->graph = &plan;
  return out;
}

/// One graph for each part of the tables, and a query on each.
Binder::Bound Binder::partitioned_graph(const Node& node, std::vector<const Relation*> tables,
                                        const GraphPlan& plan, const Relation* nodes) {
  const Node& clause = node[4];
  const Bound by = bind(clause[0]);
  std::vector<const Relation*> parts;
  std::vector<Bound> keys;
  for (const Relation* whole : tables) {
    Relation* const part = relation(clause.kind, clause, columns_of(whole));
    part->inputs = list_of({whole});
    part->open = whole->open;
    parts.push_back(part);
    const Column* const own =
        by->kind == ExpressionKind::Column ? find_column(whole, by->column->name) : nullptr;
    keys.push_back(keys.empty() ? by : own == nullptr ? nullptr : unnamed_reference(own, clause[0]));
  }
  const Bound graph = graph_value(node, graph_rows(node, parts, plan), nodes);
  const Change<Bound> on(graph_, graph);
  const Change<const Relation*> below(rows_, nullptr);
  const Bound query = bind(clause[1], Want::Table);
  if (!query->is_table()) return query;
  Relation* const out = relation(node.kind, node, columns_of(query->relation()));
  out->open = query->relation()->open;
  out->graph = arena_.make<GraphPlan>(GraphPlan{.parts = static_cast<std::uint32_t>(tables.size())});
  out->arguments = list_of(std::move(keys));
  tables.push_back(query->relation());
  tables.insert(tables.end(), parts.begin(), parts.end());
  out->inputs = list_of(std::move(tables));
  return table(out, node);
}

/// What a name of the pattern stands for has columns of its own.
ColumnList Binder::element_columns(const Relation* shape, const Node& node) {
  std::vector<const Column*> own;
  if (shape == nullptr || !spend(shape->columns.size(), node)) return {};
  for (const Column* one : columns_of(shape))
    own.push_back(renamed(one, one->name));
  return arena_.copy(std::span<const Column* const>(own));
}

void Binder::declare_element(GraphElement& element, const Node& node) {
  const Relation* const shape = element.edge ? graph_->relation() : graph_nodes();
  element.columns = element_columns(shape, node);
  Expression* const fields = make(ExpressionKind::Columns, node);
  fields->name = element.name;
  fields->columns = element.columns;
  if (shape != nullptr && shape->open) {
    Relation* const rows = relation(NodeKind::List, node, {element.columns.begin(), element.columns.end()});
    rows->inputs = list_of({shape});
    rows->open = true;
    fields->relations = list_of({rows});
  }
  scope_->add(element.name, fields);
}

/// Its number. A node that is there already is the same one.
std::uint32_t Binder::graph_element(const Node& node, GraphPattern& pattern) {
  GraphElement element{.edge = node.kind == NodeKind::GraphEdge};
  const Node* const label = node.child(0);
  if (label != nullptr) element.name = name_of(*label);
  const auto known = pattern.nodes.find(element.name);
  if (!element.edge && known != pattern.nodes.end()) return known->second;
  if (!element.name.empty()) declare_element(element, *label);
  const auto number = static_cast<std::uint32_t>(pattern.elements.size());
  if (!element.edge && !element.name.empty()) pattern.nodes.emplace(element.name, number);
  if (element.edge) {
    const std::string_view text = text_of(node);
    if (text.starts_with('<') != text.ends_with('>'))
      element.direction = text.ends_with('>') ? GraphDirection::Right : GraphDirection::Left;
  }
  if (element.edge && node.child(1) != nullptr) {
    pattern.repeated.push_back(element.name);
    element.range = static_cast<std::uint32_t>(pattern.arguments.size());
    const Change<bool> muted(muted_, true);  // what is wrong with a number is told when it is needed
    for (const std::size_t end : {std::size_t{1}, std::size_t{2}})
      pattern.arguments.push_back(bind(node[end]));
  }
  pattern.elements.push_back(element);
  return number;
}

/// Nodes and edges take turns, nodes stand at the ends.
void Binder::graph_sequence(const Node& sequence, GraphPattern& pattern) {
  std::optional<std::uint32_t> last;
  bool faulty = false;
  for (const Node* part : sequence.children) {
    const bool edge = part->kind == NodeKind::GraphEdge;
    const bool edge_wanted = last && !pattern.elements[*last].edge;
    if (edge != edge_wanted && !faulty)
      problem("KQL0226", edge_wanted ? "an edge is expected here" : "a node is expected here", *part,
              "(a)-[e]->(b)");
    faulty = faulty || edge != edge_wanted;
    const std::uint32_t at = graph_element(*part, pattern);
    if (last && edge) pattern.elements[at].left = *last;
    if (last && pattern.elements[*last].edge) pattern.elements[*last].right = at;
    last = at;
  }
  if (last && pattern.elements[*last].edge && !faulty)
    problem("KQL0226", "a node is expected behind this", *sequence.children.back(), "(a)-[e]->(b)");
}

/// graph-match and graph-shortest-paths.
Binder::Bound Binder::graph_match(const Node& node) {
  check_piped(node);
  check_parameters(&node[0],
                   node.kind == NodeKind::GraphMatch ? kGraphMatchParameters : kGraphShortestPathsParameters);
  if (!check_graph(node)) return error(node);
  scopes_.push_back(std::make_unique<Scope>(scope_));
  const Change<Scope*> scope(scope_, scopes_.back().get());
  GraphPattern pattern;
  const Change<const Relation*> below(rows_, nullptr);
  for (const Node* sequence : node[1].children)
    graph_sequence(*sequence, pattern);
  if (const Node* const condition = node.child(2)) {
    pattern.arguments.front() = bind(*condition);
    check_type(pattern.arguments.front(), Type::Bool);
  }
  Relation* const out = node.child(3) == nullptr ? next_graph(node) : graph_projection(node, pattern);
  out->inputs = list_of({graph_->relation()});
  out->arguments = list_of(std::move(pattern.arguments));
  GraphPlan* const plan = arena_.make<GraphPlan>();
  plan->pattern = arena_.copy(std::span<const GraphElement>(pattern.elements));
  out->graph = plan;
  return node.child(3) == nullptr ? graph_value(node, out, graph_nodes()) : table(out, node);
}

/// What is made of an edge with a range is an array, and an element as a whole is dynamic.
Relation* Binder::graph_projection(const Node& node, const GraphPattern& pattern) {
  Projection out(arena_);
  for (const Node* one : node[3].children) {
    bool repeated = false;
    for (std::uint32_t i = one->begin; i < one->end && !repeated; ++i) {
      const std::string_view word = syntax_->text_of(syntax_->tokens[i]);
      repeated = std::find(pattern.repeated.begin(), pattern.repeated.end(), word) != pattern.repeated.end();
    }
    const bool whole = one->kind == NodeKind::Name && scope_->has(name_of(*one));
    project(*one, out, Style::Graph, repeated || whole ? std::optional(Type::Dynamic) : std::nullopt);
  }
  return projected_rows(node, out, false);
}

Binder::Bound Binder::graph_to_table(const Node& node) {
  check_piped(node);
  if (!check_graph(node)) return error(node);
  std::vector<const Relation*> out;
  for (const Node* part : node.children) {
    if (part->kind != NodeKind::GraphOutput) continue;
    const bool edges = syntax_->tokens[part->token].kind != TokenKind::NodesKeyword;
    std::vector<const Column*> columns;
    for (const std::string_view id : {"with_source_id", "with_target_id", "with_node_id"})
      if (const auto name = parameter_of(part->child(1), {id}))
        columns.push_back(column(keep(*name), Type::Long));
    const std::vector<const Column*> more = columns_of(edges ? graph_->relation() : graph_nodes());
    columns.insert(columns.end(), more.begin(), more.end());
    Relation* const made = relation(node.kind, *part, std::move(columns));
    made->inputs = list_of({graph_->relation()});
    made->kind = edges ? "edges" : "nodes";
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
  const Relation* const nodes = relation(NodeKind::List, node, std::move(columns));
  Relation* const out = next_graph(node);
  out->graph = arena_.make<GraphPlan>(GraphPlan{.nodes = nodes->columns});
  return graph_value(node, out, nodes);
}

Binder::Bound Binder::graph_where(const Node& node) {
  check_piped(node);
  if (!check_graph(node)) return error(node);
  const bool edges = node.kind == NodeKind::GraphWhereEdges;
  const Change<const Relation*> below(rows_, edges ? graph_->relation() : graph_nodes());
  const Bound condition = bind(node[0]);
  check_type(condition, Type::Bool);
  Relation* const out = next_graph(node);
  out->arguments = list_of({condition});
  return graph_value(node, out, graph_nodes());
}

}  // namespace redoubt::kql::detail

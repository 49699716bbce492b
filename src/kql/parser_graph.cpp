#include "kql/detail/parser.h"

namespace redoubt::kql::detail {

// Operators on graphs. Source: Kusto Query Language reference, "Graph operators".

Node* Parser::make_graph() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kMakeGraphParameters, true);
  Node* const source = or_missing_name(name());
  if (!take_text("-->") && !take_text("--")) problem_here("KQL0103", "expected: -->");
  Node* const target = or_missing_name(name());
  Node* nodes = nullptr;
  if (take(TokenKind::WithNodeIdKeyword)) {
    expect(TokenKind::Equal);
    nodes = or_missing_name(name());
  } else if (take(TokenKind::WithKeyword)) {
    nodes =
        comma_list(&Parser::make_graph_nodes, {&Parser::missing_expression, &Parser::ends_make_graph, true});
  }
  Node* partition_of = nullptr;
  const std::uint32_t at = pos_;
  if (take(TokenKind::PartitionedByKeyword)) {
    Node* const column = or_missing_name(simple_path());
    expect(TokenKind::OpenParen);
    Node* const query = or_missing_expression(contextual_sub_expression());
    expect(TokenKind::CloseParen);
    partition_of = make(NodeKind::Clause, at, {column, query}, at);
  }
  return make(NodeKind::MakeGraph, begin, {options, source, target, nodes, partition_of}, begin);
}

/// `Table on column`
Node* Parser::make_graph_nodes() {
  const std::uint32_t begin = pos_;
  Node* const table = signed_path();
  if (table == nullptr) return nullptr;
  expect(TokenKind::OnKeyword);
  Node* const column = or_missing_name(name());
  return make(NodeKind::MakeGraphNodes, begin, {table, column}, begin);
}

/// graph-match and graph-shortest-paths.
Node* Parser::graph_match() {
  const std::uint32_t begin = pos_;
  const bool match = is(TokenKind::GraphMatchKeyword);
  ++pos_;
  Node* const options = parameters(match ? kGraphMatchParameters : kGraphShortestPathsParameters, true);
  Node* const patterns = comma_list(&Parser::graph_pattern, {&Parser::missing_expression, nullptr, true});
  Node* const condition = take(TokenKind::WhereKeyword) ? or_missing_expression(expression()) : nullptr;
  Node* const columns =
      take(TokenKind::ProjectKeyword) ? expression_list(&Parser::named_expression) : nullptr;
  return make(match ? NodeKind::GraphMatch : NodeKind::GraphShortestPaths, begin,
              {options, patterns, condition, columns}, begin);
}

Node* Parser::graph_pattern() {
  const std::uint32_t begin = pos_;
  Node* const parts = list(&Parser::graph_pattern_part);
  if (parts->children.empty()) return nullptr;
  return make(NodeKind::GraphPattern, begin, {parts->children.begin(), parts->children.end()});
}

Node* Parser::graph_pattern_part() {
  const std::uint32_t begin = pos_;
  if (!take(TokenKind::OpenParen)) return graph_edge();
  Node* const label = name();
  expect(TokenKind::CloseParen);
  return make(NodeKind::GraphNode, begin, {label}, begin);
}

/// `-->`, `<--`, `--`, `-[e]->`, `<-[e]-`, `-[e*1..3]-`
Node* Parser::graph_edge() {
  static constexpr std::string_view kPlain[] = {"-->", "<--", "--"};
  static constexpr std::string_view kOpening[] = {"-[", "<-["};
  static constexpr std::string_view kClosing[] = {"]->", "]-"};
  const std::uint32_t begin = pos_;
  if (const std::size_t size = matches_any(kPlain)) {
    pos_ += static_cast<std::uint32_t>(size);
    return make(NodeKind::GraphEdge, begin, {nullptr, nullptr, nullptr}, begin);
  }
  const std::size_t size = matches_any(kOpening);
  if (size == 0) return nullptr;
  pos_ += static_cast<std::uint32_t>(size);
  Node* const label = name();
  Node* from = nullptr;
  Node* to = nullptr;
  if (take(TokenKind::Asterisk)) {
    from = signed_path();
    if (from == nullptr) from = missing_value();
    expect(TokenKind::DotDot);
    to = or_missing_expression(signed_path());
  }
  const std::size_t closing = matches_any(kClosing);
  pos_ += static_cast<std::uint32_t>(closing);
  if (closing == 0) problem_here("KQL0103", "expected: ]-> or ]-");
  return make(NodeKind::GraphEdge, begin, {label, from, to}, begin);
}

Node* Parser::graph_to_table() {
  const std::uint32_t begin = pos_++;
  Node* const outputs = comma_list(&Parser::graph_output, {&Parser::missing_expression, nullptr, true});
  return make(NodeKind::GraphToTable, begin, {outputs->children.begin(), outputs->children.end()}, begin);
}

Node* Parser::graph_output() {
  const std::uint32_t begin = pos_;
  const bool nodes = is(TokenKind::NodesKeyword);
  if (!nodes && !is(TokenKind::GraphEdgesKeyword)) return nullptr;
  ++pos_;
  Node* const label = take(TokenKind::AsKeyword) ? or_missing_name(name()) : nullptr;
  Node* const options = parameters(nodes ? kGraphToTableNodesParameters : kGraphToTableEdgesParameters, true);
  return make(NodeKind::GraphOutput, begin, {label, options}, begin);
}

Node* Parser::graph_mark_components() {
  const std::uint32_t begin = pos_++;
  Node* const options = parameters(kGraphMarkComponentsParameters, true);
  return make(NodeKind::GraphMarkComponents, begin, {options}, begin);
}

Node* Parser::graph_where() {
  const std::uint32_t begin = pos_;
  const NodeKind kind_of =
      is(TokenKind::GraphWhereNodesKeyword) ? NodeKind::GraphWhereNodes : NodeKind::GraphWhereEdges;
  ++pos_;
  Node* const condition = or_missing_expression(unnamed_expression());
  return make(kind_of, begin, {condition}, begin);
}

}  // namespace redoubt::kql::detail

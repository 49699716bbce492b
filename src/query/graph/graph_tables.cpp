#include <algorithm>

#include "kql/functions.h"
#include "query/detail/graph_expression.h"
#include "query/detail/graph_operators.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "graph-to-table operator", "graph-mark-components operator".

namespace {

using kql::Value;

/// The hashes that stand for nodes outside of a graph.
Result<Cells> hashes_of(Operation& operation, const Cells& ids) {
  static const kql::Function* const hash = kql::find_function("hash", kql::FunctionKind::Scalar);
  Cells out;
  out.reserve(ids.size());
  for (const Value& id : ids) {
    RD_TRY(keep_going(operation, out.size()));
    Value hashed = RD_TRY(kql::evaluate(*hash, {&id, 1}, operation.executor.evaluation()));
    out.push_back(std::move(hashed));
  }
  return out;
}

Cells taken(const Cells& cells, std::span<const Number> numbers) {
  Cells out;
  out.reserve(numbers.size());
  for (const Number number : numbers)
    out.push_back(cells[number]);
  return out;
}

/// Numbers of components: they count from 0 on, in the order of their first nodes.
class Components {
 public:
  explicit Components(const Graph& graph) : graph_(graph), of_(graph.nodes.rows(), kNoNumber) {}

  /// Nodes that edges connect, whichever way they go.
  std::vector<Number> weak() {
    Number count = 0;
    for (Number first = 0; first < of_.size(); ++first) {
      if (of_[first] != kNoNumber) continue;
      std::vector<Number> stack{first};
      of_[first] = count;
      const auto reach = [&](Number node) {
        if (of_[node] != kNoNumber) return;
        of_[node] = count;
        stack.push_back(node);
      };
      while (!stack.empty()) {
        const Number node = stack.back();
        stack.pop_back();
        for (const Number edge : graph_.outgoing.at(node))
          reach(graph_.target[edge]);
        for (const Number edge : graph_.incoming.at(node))
          reach(graph_.source[edge]);
      }
      ++count;
    }
    return of_;
  }

  /// Nodes that can be reached from each other. Source: Tarjan, Depth-first search and linear graph
  /// algorithms, 1972; with a stack of its own instead of calls.
  std::vector<Number> strong() {
    index_.assign(of_.size(), kNoNumber);
    low_.assign(of_.size(), 0);
    for (Number node = 0; node < of_.size(); ++node)
      if (index_[node] == kNoNumber) search(node);
    return in_order_of_nodes();
  }

 private:
  struct Visit {
    Number node = 0;
    std::size_t next = 0;  // of its edges
  };

  void open(Number node) {
    index_[node] = low_[node] = next_index_++;
    open_.push_back(node);
    visits_.push_back({node, 0});
  }

  void search(Number root) {
    open(root);
    while (!visits_.empty()) {
      Visit& visit = visits_.back();
      const Number node = visit.node;
      const std::span<const Number> edges = graph_.outgoing.at(node);
      if (visit.next < edges.size()) {
        const Number other = graph_.target[edges[visit.next++]];
        if (index_[other] == kNoNumber)
          open(other);
        else if (of_[other] == kNoNumber)
          low_[node] = std::min(low_[node], index_[other]);
        continue;
      }
      visits_.pop_back();
      if (!visits_.empty()) low_[visits_.back().node] = std::min(low_[visits_.back().node], low_[node]);
      if (low_[node] == index_[node]) close(node);
    }
  }

  void close(Number root) {
    for (;;) {
      const Number node = open_.back();
      open_.pop_back();
      of_[node] = components_;
      if (node == root) break;
    }
    ++components_;
  }

  std::vector<Number> in_order_of_nodes() const {
    std::vector<Number> renamed(components_, kNoNumber);
    std::vector<Number> out;
    Number count = 0;
    for (const Number component : of_) {
      if (renamed[component] == kNoNumber) renamed[component] = count++;
      out.push_back(renamed[component]);
    }
    return out;
  }

  const Graph& graph_;
  std::vector<Number> of_;  // of each node
  std::vector<Number> index_;
  std::vector<Number> low_;
  std::vector<Number> open_;
  std::vector<Visit> visits_;
  Number next_index_ = 0;
  Number components_ = 0;
};

}  // namespace

/// The columns of ids stand first, in the order of the options.
Result<Table> graph_to_table(Operation& operation) {
  const std::shared_ptr<const Graph> graph = RD_TRY(graph_of(operation));
  const bool nodes = operation.relation.kind == "nodes";
  const Table& rows = nodes ? graph->nodes : graph->edges;
  Table out(rows.rows());
  std::size_t at = 0;
  for (const std::string_view id : {"with_source_id", "with_target_id", "with_node_id"}) {
    if (!operation.option(id) || at >= operation.relation.columns.size()) continue;
    const Cells hashes = RD_TRY(hashes_of(operation, *graph->ids));
    out.add(operation.relation.columns[at++],
            nodes ? hashes : taken(hashes, id == "with_source_id" ? graph->source : graph->target));
  }
  for (const TableColumn& one : rows.columns())
    out.add(one.column, one.cells);
  RD_TRY(operation.budget().spend(out.rows() * at));
  return out;
}

Result<Table> graph_mark_components(Operation& operation) {
  const std::shared_ptr<const Graph> graph = RD_TRY(graph_of(operation));
  RD_TRY(operation.budget().spend(graph->nodes.rows() + graph->edges.rows()));
  Components components(*graph);
  Cells cells;
  for (const Number one : operation.option("kind") == "strong" ? components.strong() : components.weak())
    cells.push_back(Value::of_long(one));
  Table nodes = graph->nodes;
  nodes.add(operation.relation.graph->nodes.back(), std::move(cells));
  return rows_of(graph->with_nodes(std::move(nodes)));
}

/// With a node go its edges; nodes stay without edges, too.
Result<Table> graph_where(Operation& operation) {
  const std::shared_ptr<const Graph> graph = RD_TRY(graph_of(operation));
  const bool of_nodes = operation.relation.op == kql::NodeKind::GraphWhereNodes;
  if (operation.argument(0) == nullptr) return unsupported("a graph operator without a condition");
  const PatternView view(operation.executor, *graph, {});
  const Current current{of_nodes ? &graph->nodes : &graph->edges, of_nodes};
  PatternExpression condition = RD_TRY(PatternExpression::compile(view, {operation.argument(0)}, current));
  std::vector<bool> stays(current.rows->rows());
  const Match none(0);
  for (std::size_t row = 0; row < stays.size(); ++row) {
    RD_TRY(keep_going(operation, row));
    stays[row] = RD_TRY(condition.holds(none, static_cast<Number>(row)));
  }
  const std::vector<bool> all(of_nodes ? graph->edges.rows() : graph->nodes.rows(), true);
  return rows_of(of_nodes ? graph->part(stays, all) : graph->part(all, stays));
}

}  // namespace redoubt::query::detail

#include <fmt/format.h>

#include <algorithm>

#include "kql/plan_walk.h"
#include "query/detail/graph_pattern.h"

namespace redoubt::query::detail {

using kql::GraphDirection;
using kql::GraphElement;

PatternEdge PatternEdge::reversed() const {
  PatternEdge out = *this;
  std::swap(out.left, out.right);
  if (direction != GraphDirection::Any)
    out.direction = direction == GraphDirection::Right ? GraphDirection::Left : GraphDirection::Right;
  return out;
}

Pattern::Pattern(Operation& operation, const Graph& graph)
    : operation_(operation),
      graph_(graph),
      view_(operation.executor, graph, operation.relation.graph->pattern),
      single_(size()),
      inner_(size()) {}

Result<std::unique_ptr<Pattern>> Pattern::prepare(Operation& operation, const Graph& graph) {
  std::unique_ptr<Pattern> out(new Pattern(operation, graph));
  RD_TRY(out->read_edges());
  RD_TRY(out->read_conditions());
  return out;
}

Result<void> Pattern::read_edges() {
  std::vector<std::string_view> names;
  for (std::uint32_t i = 0; i < size(); ++i) {
    const GraphElement& element = view_.pattern[i];
    if (!element.name.empty()) {
      if (std::find(names.begin(), names.end(), element.name) != names.end())
        return unsupported(fmt::format("two elements of a pattern with the name {}", element.name));
      names.push_back(element.name);
    }
    if (!element.edge) continue;
    PatternEdge edge{i, element.left, element.right, element.direction};
    if (element.repeated()) {
      const std::int64_t least = RD_TRY(operation_.executor.number(operation_.argument(element.range), 1));
      const std::int64_t most = RD_TRY(operation_.executor.number(operation_.argument(element.range + 1), 1));
      edge.least = static_cast<std::uint64_t>(least);
      edge.most = static_cast<std::uint64_t>(most);
    }
    edges_.push_back(edge);
  }
  return {};
}

Result<void> Pattern::read_conditions() {
  if (operation_.argument(0) == nullptr) return {};
  for (const kql::Expression* part : kql::conjuncts_of(operation_.argument(0))) {
    PatternExpression condition = RD_TRY(PatternExpression::compile(view_, {part}));
    if (condition.elements().empty()) {
      const bool holds = RD_TRY(condition.holds(Match(size())));
      impossible_ = impossible_ || !holds;
    } else if (const auto filter = condition.filter()) {
      RD_TRY(apply(condition, *filter));
    } else {
      std::vector<std::uint32_t> elements(condition.elements().begin(), condition.elements().end());
      conditions_.push_back({std::move(condition), std::move(elements)});
    }
  }
  return {};
}

/// Asks the condition of each node or edge alone.
Result<void> Pattern::apply(PatternExpression& condition, const PatternExpression::Filter& filter) {
  using Scope = PatternExpression::Scope;
  const std::size_t count = filter.scope == Scope::Edge ? graph_.edges.rows() : graph_.nodes.rows();
  Fits& known = filter.scope == Scope::Inner ? inner_[filter.element] : single_[filter.element];
  if (known.empty()) known.assign(count, 1);
  Match alone(size());
  for (std::size_t i = 0; i < count; ++i) {
    RD_TRY(keep_going(operation_, i));
    if (known[i] == 0) continue;
    const auto number = static_cast<Number>(i);
    if (filter.scope == Scope::Node) alone.node[filter.element] = number;
    if (filter.scope == Scope::Edge) alone.edges[filter.element] = {number};
    if (filter.scope == Scope::Inner) alone.inner[filter.element] = {number};
    const bool holds = RD_TRY(condition.holds(alone));
    known[i] = holds ? 1 : 0;
  }
  return {};
}

std::size_t Pattern::candidates(std::uint32_t element) const {
  const Fits& known = single_[element];
  return known.empty() ? graph_.nodes.rows()
                       : static_cast<std::size_t>(std::count(known.begin(), known.end(), 1));
}

MatchList::MatchList(const Pattern& pattern) : pattern_(pattern) {
  for (std::uint32_t i = 0; i < pattern.size(); ++i)
    if (pattern.view().pattern[i].edge && pattern.view().pattern[i].repeated()) repeated_.push_back(i);
  std::reverse(repeated_.begin(), repeated_.end());
}

// A match lies in `numbers_` as: how many edges those with a range are, all edges, nodes, inner nodes. So
// that the order of these numbers is the order of the matches.

Result<void> MatchList::add(const Match& match, Budget& budget) {
  const std::size_t start = numbers_.size();
  for (const std::uint32_t element : repeated_)
    numbers_.push_back(static_cast<Number>(match.edges[element].size()));
  for (const std::vector<Number>& edges : match.edges)
    numbers_.insert(numbers_.end(), edges.begin(), edges.end());
  for (std::uint32_t i = 0; i < pattern_.size(); ++i)
    if (!pattern_.is_edge(i)) numbers_.push_back(match.node[i]);
  for (const std::vector<Number>& inner : match.inner)
    numbers_.insert(numbers_.end(), inner.begin(), inner.end());
  starts_.push_back(start);
  return budget.spend(numbers_.size() - start);
}

void MatchList::read(std::size_t number, Match& match) const {
  std::size_t at = starts_[number];
  const auto take = [&](std::vector<Number>& out, std::size_t count) {
    out.assign(numbers_.begin() + static_cast<std::ptrdiff_t>(at),
               numbers_.begin() + static_cast<std::ptrdiff_t>(at + count));
    at += count;
  };
  std::vector<std::size_t> lengths(pattern_.size(), 1);
  for (const std::uint32_t element : repeated_)
    lengths[element] = numbers_[at++];
  for (std::uint32_t i = 0; i < pattern_.size(); ++i)
    if (pattern_.is_edge(i)) take(match.edges[i], lengths[i]);
  for (std::uint32_t i = 0; i < pattern_.size(); ++i)
    if (!pattern_.is_edge(i)) match.node[i] = numbers_[at++];
  for (std::uint32_t i = 0; i < pattern_.size(); ++i)
    if (pattern_.is_edge(i) && lengths[i] > 1)
      take(match.inner[i], lengths[i] - 1);
    else
      match.inner[i].clear();
}

Result<Table> MatchList::projected(Operation& operation) {
  const auto assignments = operation.relation.assignments;
  std::vector<std::size_t> ends(starts_.begin() + (starts_.empty() ? 0 : 1), starts_.end());
  ends.push_back(numbers_.size());
  std::vector<std::size_t> order = all_rows(starts_.size());
  const auto text = [&](std::size_t i) {
    return std::span(numbers_).subspan(starts_[i], ends[i] - starts_[i]);
  };
  std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return std::lexicographical_compare(text(left).begin(), text(left).end(), text(right).begin(),
                                        text(right).end());
  });
  RD_TRY(operation.budget().spend(order.size() * assignments.size()));
  std::vector<PatternExpression> values;
  for (const kql::Assignment& one : assignments) {
    PatternExpression value = RD_TRY(PatternExpression::compile(pattern_.view(), {one.value, one.part}));
    values.push_back(std::move(value));
  }
  std::vector<Cells> cells(values.size());
  Match match(pattern_.size());
  for (std::size_t row = 0; row < order.size(); ++row) {
    RD_TRY(keep_going(operation, row));
    read(order[row], match);
    for (std::size_t i = 0; i < values.size(); ++i) {
      kql::Value value = RD_TRY(values[i].value(match));
      cells[i].push_back(as_cell(std::move(value), assignments[i].column->type));
    }
  }
  Table out(order.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    out.set(assignments[i].column, std::make_shared<const Cells>(std::move(cells[i])));
  return out;
}

}  // namespace redoubt::query::detail

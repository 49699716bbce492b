#include <algorithm>
#include <boost/unordered/unordered_flat_set.hpp>
#include <unordered_map>

#include "core/text.h"
#include "kql/detail/plan_map.h"
#include "kql/detail/rewrites.h"
#include "kql/plan_walk.h"
#include "kql/union_columns.h"

namespace redoubt::kql::detail {

namespace {

/// What is asked of rows.
struct Need {
  bool all = false;
  boost::unordered_flat_set<const Column*> columns;
};

class Prune : public PlanMap {
 public:
  explicit Prune(Analysis& analysis) : PlanMap(analysis) {
    std::vector<const Relation*> order;
    each_node(
        analysis, [&](const Relation& rows) { order.push_back(&rows); },
        [&](const Expression& value) {
          for (const Relation* rows : value.relations)
            needs_[rows].all = true;  // of results, and of what conditions look in
        });
    for (auto rows = order.rbegin(); rows != order.rend(); ++rows)
      ask(**rows);
  }

 protected:
  const Expression* map(const Expression* value) override { return value; }

  const Relation* map(const Relation* rows, const Relation& before) override {
    const Need& need = needs_[&before];
    if (need.all || !can_narrow(rows->op)) return rows;
    const bool makes_always = is_one_of(rows->op, kExpansions);
    std::vector<const Column*> columns;
    for (const Column* column : rows->columns)
      if (need.columns.contains(column) || (makes_always && !passes(before, column)))
        columns.push_back(column);
    std::vector<Assignment> assignments;
    std::uint32_t keys = 0;
    for (std::size_t i = 0; i < rows->assignments.size(); ++i) {
      const bool key = i < rows->keys;
      if (!key && !makes_always && !is_asked(rows->assignments[i], need)) continue;
      keys += key ? 1U : 0U;
      assignments.push_back(rows->assignments[i]);
    }
    if (columns.size() == rows->columns.size() && assignments.size() == rows->assignments.size()) return rows;
    Relation* const out = copy(*rows);
    out->columns = keep(columns);
    out->assignments = keep(assignments);
    out->keys = keys;
    return out;
  }

 private:
  static bool is_one_of(NodeKind op, std::span<const NodeKind> list) {
    return std::find(list.begin(), list.end(), op) != list.end();
  }

  static bool can_narrow(NodeKind op) {
    static constexpr NodeKind kRows[] = {
        NodeKind::Name,          NodeKind::Filter,      NodeKind::Project,        NodeKind::Extend,
        NodeKind::ProjectAway,   NodeKind::ProjectKeep, NodeKind::ProjectReorder, NodeKind::ProjectByNames,
        NodeKind::ProjectRename, NodeKind::Summarize,   NodeKind::Sort,           NodeKind::Top,
        NodeKind::Take,          NodeKind::Sample,      NodeKind::Serialize,      NodeKind::Join,
        NodeKind::Lookup,        NodeKind::Union};
    return is_one_of(op, kRows) || is_one_of(op, kExpansions);
  }

  /// Operators that always make the same, beside columns of the input.
  static constexpr NodeKind kExpansions[] = {NodeKind::MvExpand, NodeKind::Parse, NodeKind::ParseWhere};
  /// Operators whose result is what they say, and nothing else of the input.
  static constexpr NodeKind kResults[] = {NodeKind::Summarize, NodeKind::Count, NodeKind::MakeSeries};

  static bool passes(const Relation& rows, const Column* column) {
    const ColumnList input = rows.inputs.front()->columns;
    return std::find(input.begin(), input.end(), column) != input.end();
  }

  static bool is_asked(const Assignment& one, const Need& need) {
    return one.column == nullptr || need.columns.contains(one.column);
  }

  void need_value(Need& need, ExpressionWalk& walk, const Expression* root) const {
    walk.each(root, [&](const Expression& value) {
      if (value.kind == ExpressionKind::Column) need.columns.insert(value.column);
      for (const Column* column : value.columns)
        need.columns.insert(column);
      if (value.kind == ExpressionKind::Star || value.kind == ExpressionKind::Function) need.all = true;
      if (reads_unnamed_columns(value)) need.all = true;
    });
  }

  /// Operators that give the columns that they get.
  static bool passes_on(NodeKind op) {
    static constexpr NodeKind kSame[] = {NodeKind::Filter, NodeKind::Sort, NodeKind::Take, NodeKind::Top,
                                         NodeKind::Sample};
    return is_one_of(op, kSame);
  }

  /// What some rows ask of those they are made of.
  void ask(const Relation& rows) {
    Need& own = needs_[&rows];  // references stay: these are nodes
    if (rows.inputs.empty()) return;
    // It makes its one row, though nothing of it may be read.
    const auto asked = [&](const Assignment& one) { return is_asked(one, own); };
    if (rows.op == NodeKind::Summarize && rows.keys == 0 && !rows.assignments.empty() &&
        std::none_of(rows.assignments.begin(), rows.assignments.end(), asked))
      own.columns.insert(rows.assignments.front().column);
    if (rows.op == NodeKind::Union) return ask_by_name(rows, own);
    const bool makes_result = is_one_of(rows.op, kResults);
    const bool is_distinct = rows.op == NodeKind::Distinct;  // its rows hang on all of its columns
    if ((!can_narrow(rows.op) && !makes_result && !is_distinct) || (own.all && passes_on(rows.op))) {
      for (const Relation* input : rows.inputs)
        needs_[input].all = true;
      return;
    }
    Need need;
    for (const JoinKey& key : rows.on) {
      need.columns.insert(key.left);
      need.columns.insert(key.right);
    }
    ExpressionWalk walk;
    const bool asks_all = own.all || !can_narrow(rows.op) || is_one_of(rows.op, kExpansions);
    for (std::size_t i = 0; i < rows.assignments.size(); ++i)
      if (asks_all || i < rows.keys || is_asked(rows.assignments[i], own))
        need_value(need, walk, rows.assignments[i].value);
    for (const Expression* argument : rows.arguments)
      need_value(need, walk, argument);
    for (const SortKey& key : rows.order)
      need_value(need, walk, key.value);
    if (!makes_result)
      for (const Column* column : rows.columns)
        if (own.all || is_distinct || own.columns.contains(column))
          for (const Column* from = column; from != nullptr; from = from->origin)
            need.columns.insert(from);
    for (std::size_t i = 0; i < rows.inputs.size(); ++i) {
      Need& below = needs_[rows.inputs[i]];
      below.all = below.all || need.all;
      if (i + 1 == rows.inputs.size() && below.columns.empty())
        below.columns = std::move(need.columns);
      else
        below.columns.insert(need.columns.begin(), need.columns.end());
    }
  }

  /// Columns of a union are those of its tables that have their name and type.
  void ask_by_name(const Relation& rows, const Need& own) {
    const UnionColumns columns(rows);
    for (const Relation* input : rows.inputs) {
      Need& below = needs_[input];
      below.all = below.all || own.all;
      for (const Column* column : input->columns) {
        const std::optional<std::size_t> place = columns.place_of(*column);
        if (place && own.columns.contains(rows.columns[*place])) below.columns.insert(column);
      }
    }
  }

  std::unordered_map<const Relation*, Need> needs_;
};

}  // namespace

void prune_columns(Analysis& analysis) { Prune(analysis).run(); }

}  // namespace redoubt::kql::detail

#include <algorithm>
#include <unordered_map>

#include "kql/detail/plan_map.h"
#include "kql/detail/rewrites.h"
#include "kql/ingestion.h"
#include "kql/plan_walk.h"

namespace redoubt::kql::detail {

namespace {

bool is_ingestion_time(const Expression& value) {
  return value.kind == ExpressionKind::Call && value.function != nullptr &&
         value.function->name == "ingestion_time";
}

/// Operators whose rows are rows of their input, so that the hidden column comes with them.
bool keeps_rows(NodeKind op) {
  static constexpr NodeKind kOperators[] = {
      NodeKind::As,          NodeKind::AssertSchema,  NodeKind::Consume,        NodeKind::Extend,
      NodeKind::Filter,      NodeKind::MvExpand,      NodeKind::Parse,          NodeKind::ParseKv,
      NodeKind::ParseWhere,  NodeKind::Project,       NodeKind::ProjectAway,    NodeKind::ProjectByNames,
      NodeKind::ProjectKeep, NodeKind::ProjectRename, NodeKind::ProjectReorder, NodeKind::Sample,
      NodeKind::Serialize,   NodeKind::Sort,          NodeKind::Take,           NodeKind::Top};
  return std::find(std::begin(kOperators), std::end(kOperators), op) != std::end(kOperators);
}

/// Rows with the hidden column; no rows: nothing stored is below them.
struct Carried {
  const Relation* rows = nullptr;
  const Column* column = nullptr;
};

class CarryIngestionTime : public PlanMap {
 public:
  using PlanMap::PlanMap;

 protected:
  const Relation* map(const Relation* rows, const Relation&) override {
    if (rows->inputs.size() != 1 || !asks(*rows)) return rows;
    const Carried input = carried(rows->inputs.front());
    if (input.rows == nullptr) return rows;
    Relation* const out = copy(*rows);
    std::vector<const Expression*> arguments(rows->arguments.begin(), rows->arguments.end());
    std::vector<Assignment> assignments(rows->assignments.begin(), rows->assignments.end());
    std::vector<SortKey> order(rows->order.begin(), rows->order.end());
    Replaced known;
    for (const Expression*& one : arguments)
      one = replaced(one, input.column, known);
    for (Assignment& one : assignments)
      one.value = replaced(one.value, input.column, known);
    for (SortKey& key : order)
      key.value = replaced(key.value, input.column, known);
    out->inputs = keep(std::vector<const Relation*>{input.rows});
    out->arguments = keep(arguments);
    out->assignments = keep(assignments);
    out->order = keep(order);
    return rows->op == NodeKind::Filter ? narrowed(out, input.column) : out;
  }

 private:
  /// A condition has the columns of its input: other rewrites count on it. Behind it the column is hidden
  /// again.
  const Relation* narrowed(Relation* filter, const Column* column) {
    Relation* const out = copy(*filter);
    out->op = NodeKind::ProjectKeep;
    out->name = {};
    out->arguments = {};
    out->inputs = keep(std::vector<const Relation*>{filter});
    std::vector<const Column*> columns(filter->columns.begin(), filter->columns.end());
    columns.push_back(column);
    filter->columns = keep(columns);
    return out;
  }

  static bool asks(const Expression* root) {
    bool out = false;
    if (root != nullptr)
      each_expression(*root, [&](const Expression& value) { out = out || is_ingestion_time(value); });
    return out;
  }

  static bool asks(const Relation& rows) {
    bool out = false;
    each_expression(rows, [&](const Expression& value) { out = out || is_ingestion_time(value); });
    return out;
  }

  using Replaced = std::unordered_map<const Expression*, const Expression*>;

  /// The expression with the column in place of the calls. One that stands in several places of an operator
  /// stays one.
  const Expression* replaced(const Expression* root, const Column* column, Replaced& known) {
    const auto [entry, added] = known.try_emplace(root, root);
    if (added && asks(root))
      entry->second = substituted(*root, [&](const Expression& part) -> Substituted {
        if (!is_ingestion_time(part)) return std::nullopt;
        return reference(part, column);
      });
    return entry->second;
  }

  const Expression* reference(const Expression& call, const Column* column) {
    Expression* const out = copy(call);
    out->kind = ExpressionKind::Column;
    out->name = column->name;
    out->column = column;
    out->function = nullptr;
    out->constant = false;
    return out;
  }

  /// From the table up to the rows: a pipe may be long.
  Carried carried(const Relation* rows) {
    std::vector<const Relation*> chain;
    while (!known_.contains(rows)) {
      chain.push_back(rows);
      if (!keeps_rows(rows->op) || rows->inputs.size() != 1) break;
      rows = rows->inputs.front();
    }
    Carried below = known_.contains(rows) ? known_[rows] : Carried{};
    for (auto one = chain.rbegin(); one != chain.rend(); ++one)
      below = known_[*one] = with_column(**one, below);
    return below;
  }

  Carried with_column(const Relation& rows, const Carried& below) {
    if (rows.op == NodeKind::Name && rows.inputs.empty()) return of_table(rows);
    if (rows.op == NodeKind::Union) return of_union(rows);
    if (!keeps_rows(rows.op) || below.rows == nullptr) return {};
    const bool has_it =
        std::find(rows.columns.begin(), rows.columns.end(), below.column) != rows.columns.end();
    if (has_it && rows.inputs.front() == below.rows) return {&rows, below.column};
    return widened(rows, {below.rows}, below.column);
  }

  Carried of_table(const Relation& rows) {
    for (const Column* column : rows.columns)
      if (column->name == kIngestionColumn) return {&rows, column};
    return widened(rows, {}, new_column());
  }

  /// A union has the columns of its tables by their names; a table that is none has null there.
  Carried of_union(const Relation& rows) {
    if (++unions_ > kMaxUnions) return {};
    std::vector<const Relation*> inputs;
    bool any = false;
    for (const Relation* input : rows.inputs) {
      const Carried one = carried(input);
      inputs.push_back(one.rows == nullptr ? input : one.rows);
      any = any || one.rows != nullptr;
    }
    return any ? widened(rows, inputs, new_column()) : Carried{};
  }

  Carried widened(const Relation& rows, const std::vector<const Relation*>& inputs, const Column* column) {
    Relation* const out = copy(rows);
    std::vector<const Column*> columns(rows.columns.begin(), rows.columns.end());
    columns.push_back(column);
    out->inputs = keep(inputs);
    out->columns = keep(columns);
    return {out, column};
  }

  const Column* new_column() {
    Column* const out = arena().make<Column>();
    out->name = kIngestionColumn;
    out->type = Type::DateTime;
    return out;
  }

  /// Unions in unions are followed by calls.
  static constexpr int kMaxUnions = 200;

  std::unordered_map<const Relation*, Carried> known_;
  int unions_ = 0;
};

}  // namespace

void carry_ingestion_time(Analysis& analysis) {
  bool asked = false;
  each_node(
      analysis, [](const Relation&) {},
      [&](const Expression& value) { asked = asked || is_ingestion_time(value); });
  if (asked) CarryIngestionTime(analysis).run();
}

}  // namespace redoubt::kql::detail

#include <fmt/format.h>

#include <unordered_map>

#include "core/text.h"
#include "query/detail/graph_operators.h"
#include "query/detail/keys.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "make-graph operator".

namespace {

using kql::Column;
using kql::Value;

bool is_empty(const Value& value) {
  return value.is_null() || (value.is(kql::Type::String) && value.as_string().empty());
}

/// Makes a graph of tables. Rows of nodes with the same id are one node, which has of each column the first
/// value that is not empty; a node that only edges know has its id and nothing else.
class GraphMaker {
 public:
  explicit GraphMaker(Operation& operation)
      : operation_(operation), relation_(operation.relation), plan_(*operation.relation.graph) {}

  Result<Table> run() {
    for (std::size_t i = 1; i < relation_.inputs.size(); ++i) {
      RD_TRY(add_nodes(*relation_.inputs[i], plan_.ids[i - 1]));
    }
    told_ = ids_.size();
    RD_TRY(add_edges());
    RD_TRY(operation_.budget().spend(ids_.size() * (1 + plan_.nodes.size()) + 2 * sources_.size()));
    Table nodes(ids_.size());
    for (const Column* column : plan_.nodes)
      nodes.add(column, cells_of_nodes(*column));
    auto ids = std::make_shared<const Cells>(std::move(ids_));
    return rows_of(std::make_shared<const Graph>(std::move(nodes), operation_.input, std::move(ids),
                                                 std::move(sources_), std::move(targets_)));
  }

 private:
  struct NodeTable {
    const kql::Relation* relation = nullptr;
    Table rows;
    const Column* id = nullptr;
    std::vector<Number> numbers;  // of each row
  };

  static Result<const Cells*> ids_in(const Table& table, const Column* column) {
    const auto* const found = column == nullptr ? nullptr : table.find(column);
    if (found == nullptr) return unsupported("make-graph by what is no column");
    return found->get();
  }

  Number number_of(const Value& id) {
    std::string key;
    append_key(key, id);
    const auto [found, added] = numbers_.try_emplace(std::move(key), static_cast<Number>(ids_.size()));
    if (added) ids_.push_back(id);
    return found->second;
  }

  Result<void> add_nodes(const kql::Relation& relation, const Column* id) {
    NodeTable table{&relation, Table(), id, {}};
    table.rows = RD_TRY(operation_.executor.rows(relation));
    const Cells* const ids = RD_TRY(ids_in(table.rows, id));
    for (std::size_t row = 0; row < ids->size(); ++row) {
      RD_TRY(keep_going(operation_, row));
      table.numbers.push_back(number_of((*ids)[row]));
    }
    tables_.push_back(std::move(table));
    return {};
  }

  Result<void> add_edges() {
    const Cells* const sources = RD_TRY(ids_in(operation_.input, plan_.source));
    const Cells* const targets = RD_TRY(ids_in(operation_.input, plan_.target));
    for (std::size_t row = 0; row < sources->size(); ++row) {
      RD_TRY(keep_going(operation_, row));
      sources_.push_back(number_of((*sources)[row]));
      targets_.push_back(number_of((*targets)[row]));
    }
    return {};
  }

  Cells cells_of_nodes(const Column& column) const {
    Cells out(ids_.size(), Value::null(column.type));
    bool is_id = tables_.empty();
    for (const NodeTable& table : tables_) {
      const Column* const from = source_of(column, *table.relation);
      const auto* const cells = from == nullptr ? nullptr : table.rows.find(from);
      if (cells == nullptr) continue;
      is_id = is_id || from == table.id;
      for (std::size_t row = 0; row < table.numbers.size(); ++row)
        if (Value& cell = out[table.numbers[row]]; is_empty(cell)) cell = (**cells)[row];
    }
    for (std::size_t node = told_; is_id && node < out.size(); ++node)
      out[node] = as_cell(ids_[node], column.type);
    return out;
  }

  Operation& operation_;
  const kql::Relation& relation_;
  const kql::GraphPlan& plan_;
  std::vector<NodeTable> tables_;
  std::unordered_map<std::string, Number> numbers_;
  Cells ids_;
  std::size_t told_ = 0;  // so many nodes are in tables of nodes
  std::vector<Number> sources_;
  std::vector<Number> targets_;
};

/// The rows of each part of a table, by the part's number.
using PartRows = std::vector<std::vector<std::size_t>>;

/// Parts are those of the edges; nodes of others are left out.
class Parts {
 public:
  explicit Parts(Operation& operation) : operation_(operation) {}

  Result<void> add(const Table& table, const kql::Expression* key) {
    if (key == nullptr)
      return fail(Error::Kind::InvalidInput, "QRY0006",
                  "a table of nodes lacks the column of partitioned-by");
    const std::shared_ptr<const Cells> keys = RD_TRY(cells_of(operation_.executor, {key}, table));
    const bool edges = rows_.empty();
    PartRows rows(numbers_.size());
    for (std::size_t row = 0; row < keys->size(); ++row) {
      const std::string part = row_key({&keys, 1}, row);
      if (edges && numbers_.try_emplace(part, numbers_.size()).second) rows.emplace_back();
      if (const auto found = numbers_.find(part); found != numbers_.end()) rows[found->second].push_back(row);
    }
    rows_.push_back(std::move(rows));
    return {};
  }

  std::size_t count() const { return numbers_.size(); }
  const std::vector<std::size_t>& rows(std::size_t table, std::size_t part) const {
    return rows_[table][part];
  }

 private:
  Operation& operation_;
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<PartRows> rows_;  // by table
};

/// The query is applied to the graph of each part.
Result<Table> partitioned(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  const std::size_t count = relation.graph->parts;
  std::vector<Table> tables{operation.input};
  for (std::size_t i = 1; i < count; ++i) {
    Table nodes = RD_TRY(operation.executor.rows(*relation.inputs[i]));
    tables.push_back(std::move(nodes));
  }
  Parts parts(operation);
  for (std::size_t i = 0; i < count; ++i) {
    RD_TRY(parts.add(tables[i], operation.argument(i)));
  }
  Appender out(relation.columns);
  for (std::size_t part = 0; part < parts.count(); ++part) {
    std::vector<Executor::Given> given;
    for (std::size_t i = 0; i < count; ++i)
      given.push_back({relation.inputs[count + 1 + i], tables[i].take(parts.rows(i, part))});
    const Table result = RD_TRY(operation.executor.rows_given(*relation.inputs[count], std::move(given)));
    out.append(result);
  }
  return std::move(out).table();
}

}  // namespace

Result<Table> make_graph(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  if (relation.graph == nullptr)
    return unsupported(fmt::format("a stored graph: {}", on_one_line(relation.text)));
  if (relation.graph->parts != 0) return partitioned(operation);
  return GraphMaker(operation).run();
}

}  // namespace redoubt::query::detail

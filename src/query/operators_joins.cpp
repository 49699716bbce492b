#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "kql/union_columns.h"
#include "query/detail/operators.h"

namespace redoubt::query::detail {

namespace {

using kql::NodeKind;
using kql::Value;

constexpr std::size_t kNone = Table::kNoRow;

/// What a kind of join gives of the rows of each side.
struct JoinKind {
  std::string_view name;
  bool pairs = true;        ///< rows that fit together
  bool left_alone = false;  ///< left rows without a partner
  bool right_alone = false;
  bool left_once = false;  ///< left rows with one
  bool right_once = false;
};
constexpr JoinKind kKinds[] = {{.name = "inner"},
                               {.name = "innerunique"},
                               {.name = "leftouter", .left_alone = true},
                               {.name = "rightouter", .right_alone = true},
                               {.name = "fullouter", .left_alone = true, .right_alone = true},
                               {.name = "leftsemi", .pairs = false, .left_once = true},
                               {.name = "rightsemi", .pairs = false, .right_once = true},
                               {.name = "anti", .pairs = false, .left_alone = true},
                               {.name = "leftanti", .pairs = false, .left_alone = true},
                               {.name = "leftantisemi", .pairs = false, .left_alone = true},
                               {.name = "rightanti", .pairs = false, .right_alone = true},
                               {.name = "rightantisemi", .pairs = false, .right_alone = true}};

/// Numbers of rows that stand side by side.
struct Pairs {
  std::vector<std::size_t> left;
  std::vector<std::size_t> right;

  void add(std::size_t left_row, std::size_t right_row) {
    left.push_back(left_row);
    right.push_back(right_row);
  }
};

class Join {
 public:
  Join(Operation& operation, Table right) : operation_(operation), right_(std::move(right)) {}

  Result<Table> run() {
    const std::string_view name =
        operation_.relation.kind.empty() ? std::string_view("innerunique") : operation_.relation.kind;
    const JoinKind* kind = nullptr;
    for (const JoinKind& one : kKinds)
      if (one.name == name) kind = &one;
    if (kind == nullptr) return unsupported(fmt::format("join kind={}", name));
    for (const kql::JoinKey& key : operation_.relation.on) {
      left_keys_.push_back(*left().find(key.left));
      right_keys_.push_back(*right_.find(key.right));
    }
    Pairs found = RD_TRY(operation_.relation.on.empty() ? by_condition() : by_keys(name == "innerunique"));
    return table(chosen(*kind, found), !kind->pairs && (kind->right_once || kind->right_alone));
  }

 private:
  const Table& left() const { return operation_.input; }

  /// A null fits a null, as Microsoft's engine has it.
  Result<Pairs> by_keys(bool unique) {
    std::unordered_map<std::string, std::vector<std::size_t>> rows;
    for (std::size_t row = 0; row < right_.rows(); ++row)
      rows[row_key(right_keys_, row)].push_back(row);
    Pairs out;
    std::unordered_map<std::string, bool> seen;
    for (std::size_t row = 0; row < left().rows(); ++row) {
      std::string key = row_key(left_keys_, row);
      const auto partners = rows.find(key);
      if (unique && !seen.try_emplace(std::move(key), true).second) continue;
      if (partners == rows.end()) continue;
      RD_TRY(operation_.budget().spend(partners->second.size()));
      for (const std::size_t partner : partners->second)
        out.add(row, partner);
    }
    return out;
  }

  Result<Pairs> by_condition() {
    const kql::Expression* const condition = operation_.argument(0);
    if (condition == nullptr) return unsupported("a join without a condition");
    Program program = RD_TRY(Program::compile(operation_.executor, {{condition}}, {&left(), &right_}));
    Pairs out;
    for (std::size_t row = 0; row < left().rows(); ++row) {
      RD_TRY(operation_.budget().spend(right_.rows()));
      for (std::size_t partner = 0; partner < right_.rows(); ++partner) {
        RD_TRY(program.work_out(row, partner));
        const Value& holds = program.result(0);
        if (holds.is(kql::Type::Bool) && !holds.is_null() && holds.as_bool()) out.add(row, partner);
      }
    }
    return out;
  }

  Pairs chosen(const JoinKind& kind, const Pairs& found) const {
    std::vector<bool> left_met(left().rows());
    std::vector<bool> right_met(right_.rows());
    for (const std::size_t row : found.left)
      left_met[row] = true;
    for (const std::size_t row : found.right)
      right_met[row] = true;
    Pairs out = kind.pairs ? found : Pairs();
    for (std::size_t row = 0; row < left_met.size(); ++row)
      if (left_met[row] ? kind.left_once : kind.left_alone) out.add(row, kNone);
    for (std::size_t row = 0; row < right_met.size(); ++row)
      if (right_met[row] ? kind.right_once : kind.right_alone) out.add(kNone, row);
    return out;
  }

  /// A column of the result is the one of its address on the left, then on the right; renamed ones are of the
  /// right.
  Result<Table> table(const Pairs& pairs, bool right_alone) const {
    RD_TRY(operation_.budget().spend(pairs.left.size() * operation_.relation.columns.size()));
    Table out(pairs.left.size());
    for (const kql::Column* column : operation_.relation.columns) {
      const auto side = [&](const Table& from, const kql::Column* wanted,
                            const std::vector<std::size_t>& rows) {
        const auto* const cells = from.find(wanted);
        if (cells == nullptr) return false;
        Cells values;
        values.reserve(rows.size());
        for (const std::size_t row : rows)
          values.push_back(row == kNone ? Value::null(column->type) : (**cells)[row]);
        out.add(column, std::move(values));
        return true;
      };
      // Both sides may have the very column, where they read one table.
      if (right_alone && side(right_, column, pairs.right)) continue;
      if (side(left(), column, pairs.left) || side(right_, column, pairs.right)) continue;
      if (column->origin != nullptr &&
          (side(right_, column->origin, pairs.right) || side(left(), column->origin, pairs.left)))
        continue;
      return unsupported(fmt::format("the column {} of a join", column->name));
    }
    return out;
  }

  Operation& operation_;
  Table right_;
  std::vector<std::shared_ptr<const Cells>> left_keys_;
  std::vector<std::shared_ptr<const Cells>> right_keys_;
};

Result<Table> join(Operation& operation) {
  if (operation.relation.inputs.size() != 2) return unsupported("a join with one side");
  Table right = RD_TRY(operation.executor.rows(*operation.relation.inputs[1]));
  return Join(operation, std::move(right)).run();
}

/// The rows of an input with the columns of the union. All of them: a renamed column is not the one whose
/// name it had.
Table part_of(Operation& operation, const kql::UnionColumns& columns, const Table& rows, std::size_t input) {
  const kql::Relation& relation = operation.relation;
  std::vector<std::shared_ptr<const Cells>> cells(relation.columns.size());
  for (const TableColumn& one : rows.columns())
    if (const std::optional<std::size_t> place = columns.place_of(*one.column))
      cells[*place] = typed_cells(one.cells, relation.columns[*place]->type);
  std::map<kql::Type, std::shared_ptr<const Cells>> nulls;
  Table out(rows.rows());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const kql::Column* const column = relation.columns[i];
    if (column == relation.source)
      cells[i] =
          std::make_shared<const Cells>(rows.rows(), Value::of_string(std::string(relation.sources[input])));
    if (cells[i] == nullptr) {
      std::shared_ptr<const Cells>& none = nulls[column->type];
      if (none == nullptr) none = std::make_shared<const Cells>(rows.rows(), Value::null(column->type));
      cells[i] = none;
    }
    out.add(column, std::move(cells[i]));
  }
  return out;
}

/// With isfuzzy an input of which a table is not there is left out, as long as another one is there.
Result<Table> union_of(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  const kql::UnionColumns columns(relation);
  const bool fuzzy = operation.option("isfuzzy") == "true";
  Appender out(relation.columns);
  std::optional<Error> missing;
  bool any = false;
  std::size_t rows_made = 0;
  for (std::size_t i = 0; i < relation.inputs.size(); ++i) {
    if (i == 0 && operation.lacks) {
      missing = operation.lacks;
      continue;
    }
    Result<Table> rows =
        i == 0 ? Result<Table>(std::move(operation.input)) : operation.executor.rows(*relation.inputs[i]);
    if (!rows && fuzzy && is_missing(rows.error())) {
      missing = rows.error();
      continue;
    }
    if (!rows) return rows;
    const Table part = part_of(operation, columns, *rows, i);
    RD_TRY(operation.budget().spend(part.rows() * relation.columns.size()));
    out.append(part);
    any = true;
    rows_made += part.rows();
    if (rows_made >= operation.enough) break;
  }
  if (!any && missing) return tl::unexpected(*std::move(missing));
  return std::move(out).table();
}

constexpr OperatorRow kRows[] = {
    {NodeKind::Join, join}, {NodeKind::Lookup, join}, {NodeKind::Union, union_of}};

}  // namespace

OperatorRows join_operators() { return kRows; }

}  // namespace redoubt::query::detail

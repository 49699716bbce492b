#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "core/text.h"
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
    return table(chosen(*kind, found));
  }

 private:
  const Table& left() const { return operation_.input; }

  static bool has_null(std::span<const std::shared_ptr<const Cells>> keys, std::size_t row) {
    return std::any_of(keys.begin(), keys.end(), [&](const auto& cells) { return (*cells)[row].is_null(); });
  }

  Result<Pairs> by_keys(bool unique) {
    std::unordered_map<std::string, std::vector<std::size_t>> rows;
    for (std::size_t row = 0; row < right_.rows(); ++row)
      if (!has_null(right_keys_, row)) rows[row_key(right_keys_, row)].push_back(row);
    Pairs out;
    std::unordered_map<std::string, bool> seen;
    for (std::size_t row = 0; row < left().rows(); ++row) {
      if (has_null(left_keys_, row)) continue;
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
  Result<Table> table(const Pairs& pairs) const {
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

std::string source_name(const kql::Relation& input, std::size_t number) {
  static constexpr NodeKind kNamed[] = {NodeKind::Name, NodeKind::As, NodeKind::Filter};
  if (!input.name.empty() && std::find(std::begin(kNamed), std::end(kNamed), input.op) != std::end(kNamed))
    return std::string(input.name);
  return fmt::format("union_arg{}", number);
}

Result<Table> union_of(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  std::optional<std::string_view> source = operation.option("withsource");
  if (!source) source = operation.option("with_source");
  const bool fuzzy = operation.option("isfuzzy") == "true";
  Appender out(relation.columns);
  for (std::size_t i = 0; i < relation.inputs.size(); ++i) {
    const kql::Relation& input = *relation.inputs[i];
    Result<Table> given = i == 0 ? Result<Table>(std::move(operation.input)) : operation.executor.rows(input);
    // With isfuzzy a table that is not there has no rows.
    if (!given && fuzzy && given.error().code == "QRY0005") continue;
    if (!given) return tl::unexpected(given.error());
    const Table rows = std::move(*given);
    Table part(rows.rows());
    for (std::size_t j = 0; j < relation.columns.size(); ++j) {
      const kql::Column* const column = relation.columns[j];
      if (source && j == 0 && column->name == *source) {
        part.add(column, Cells(rows.rows(), Value::of_string(source_name(input, i))));
        continue;
      }
      const kql::Column* const from = source_of(*column, input);
      const auto* const cells = from == nullptr ? nullptr : rows.find(from);
      if (cells != nullptr)
        part.add(column, *cells);
      else
        part.add(column, Cells(rows.rows(), Value::null(column->type)));
    }
    RD_TRY(operation.budget().spend(part.rows() * relation.columns.size()));
    out.append(part);
  }
  return std::move(out).table();
}

constexpr OperatorRow kRows[] = {
    {NodeKind::Join, join}, {NodeKind::Lookup, join}, {NodeKind::Union, union_of}};

}  // namespace

OperatorRows join_operators() { return kRows; }

}  // namespace redoubt::query::detail

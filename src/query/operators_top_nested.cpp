#include <algorithm>

#include "query/detail/operators.h"
#include "query/detail/summary.h"

namespace redoubt::query::detail {

namespace {

using kql::Expression;
using kql::NodeKind;
using kql::Value;

/// A value of a level, below one of the level before.
struct Branch {
  std::size_t above = 0;
  Value value;
  Value aggregate;
  bool others = false;  ///< it stands for all that did not make it to the top, here or above
};

/// Where rows are that no branch has.
constexpr std::size_t kNowhere = Table::kNoRow;

/// What the plan says of a level.
struct Level {
  const Expression* number = nullptr;
  const Expression* of = nullptr;
  const Expression* others = nullptr;
  kql::Assignment by;
  const kql::SortKey* order = nullptr;
  bool others_below = false;  ///< this one, or one below it, has `with others`
};

/// A level after the other: rows of each branch are grouped by the value, the first groups become branches,
/// and what is left becomes one more branch where that level or one below it has `with others`. Levels
/// without it are null there. Source: Kusto Query Language reference, "top-nested operator".
class TopNested {
 public:
  explicit TopNested(Operation& operation) : operation_(operation), branch_of_(operation.input.rows(), 0) {}

  Result<Table> run() {
    const std::vector<Level> levels = levels_of();
    tree_.emplace_back(1);
    for (const Level& level : levels)
      RD_TRY(grow(level));
    return table();
  }

 private:
  struct Group {
    std::size_t branch = 0;
    Value value;
    Value aggregate;
    std::size_t made = kNowhere;  ///< the branch that it becomes
  };

  const kql::Relation& relation() const { return operation_.relation; }
  std::size_t rows() const { return operation_.input.rows(); }

  std::vector<Level> levels_of() const {
    std::vector<Level> out;
    for (std::size_t at = 0; at + 3 < relation().arguments.size(); at += 4) {
      const std::size_t number = at / 4;
      out.push_back({relation().arguments[at],
                     relation().arguments[at + 1],
                     relation().arguments[at + 2],
                     {relation().columns[2 * number + 1], relation().arguments[at + 3], 0},
                     &relation().order[number]});
    }
    bool below = false;
    for (auto level = out.rbegin(); level != out.rend(); ++level)
      level->others_below = below = below || level->others != nullptr;
    return out;
  }

  /// The aggregate of each group of rows; rows whose group is kNowhere do not count.
  Result<Cells> aggregates(const Level& level, const std::vector<std::size_t>& group_of, std::size_t groups) {
    Summary summary = RD_TRY(Summary::begin(operation_.executor, {&level.by, 1}, operation_.input));
    for (std::size_t row = 0; row < rows(); ++row) {
      RD_TRY(keep_going(operation_, row));
      if (group_of[row] != kNowhere) RD_TRY(summary.add(row, group_of[row]));
    }
    std::vector<Cells> cells = RD_TRY(summary.results(groups));
    return std::move(cells.front());
  }

  /// The values of the level below each branch, in the order of their first rows. Rows of `others` keep none.
  Result<std::vector<Group>> groups(const Level& level, std::vector<std::size_t>& group_of) {
    const std::shared_ptr<const Cells> of =
        RD_TRY(cells_of(operation_.executor, {level.of}, operation_.input));
    Cells branches;
    for (const std::size_t branch : branch_of_)
      branches.push_back(Value::of_long(static_cast<std::int64_t>(branch)));
    const std::shared_ptr<const Cells> keys[] = {std::make_shared<const Cells>(std::move(branches)), of};
    const Groups found = grouped(keys, rows());
    std::vector<Group> out;
    std::vector<std::size_t> number(found.first.size(), kNowhere);
    for (std::size_t i = 0; i < found.first.size(); ++i) {
      const std::size_t branch = branch_of_[found.first[i]];
      if (branch == kNowhere || tree_.back()[branch].others) continue;
      number[i] = out.size();
      out.push_back({branch, (*of)[found.first[i]], {}, kNowhere});
    }
    group_of.resize(rows());
    for (std::size_t row = 0; row < rows(); ++row)
      group_of[row] = number[found.of_row[row]];
    Cells cells = RD_TRY(aggregates(level, group_of, out.size()));
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i].aggregate = std::move(cells[i]);
    return out;
  }

  /// The groups below each branch, in their order.
  std::vector<std::vector<std::size_t>> in_order(const Level& level, const std::vector<Group>& all) const {
    std::vector<std::vector<std::size_t>> out(tree_.back().size());
    for (std::size_t i = 0; i < all.size(); ++i)
      out[all[i].branch].push_back(i);
    for (std::vector<std::size_t>& below : out)
      std::stable_sort(below.begin(), below.end(), [&](std::size_t left, std::size_t right) {
        return order_by(all[left].aggregate, all[right].aggregate, *level.order) < 0;
      });
    return out;
  }

  Result<void> grow(const Level& level) {
    std::vector<std::size_t> group_of;
    std::vector<Group> all = RD_TRY(groups(level, group_of));
    const std::int64_t number = RD_TRY(operation_.executor.number(level.number, INT64_MAX));
    const std::vector<std::vector<std::size_t>> below = in_order(level, all);
    std::vector<std::size_t> others(below.size(), kNowhere);
    std::vector<Branch> made;
    for (std::size_t branch = 0; branch < below.size(); ++branch) {
      const std::size_t top = std::min(below[branch].size(), static_cast<std::size_t>(number));
      for (std::size_t i = 0; i < top; ++i) {
        Group& group = all[below[branch][i]];
        group.made = made.size();
        made.push_back({branch, group.value, group.aggregate});
      }
      const bool left_over = top < below[branch].size() && level.others_below;
      if (!left_over && !tree_.back()[branch].others) continue;
      others[branch] = made.size();
      made.push_back({branch, Value::null(level.of->type), Value::null(level.by.column->type), true});
    }
    RD_TRY(operation_.budget().spend(2 * made.size()));
    move_rows(group_of, all, others);
    tree_.push_back(std::move(made));
    return level.others == nullptr ? Result<void>() : sum_up_others(level);
  }

  void move_rows(const std::vector<std::size_t>& group_of, const std::vector<Group>& all,
                 const std::vector<std::size_t>& others) {
    for (std::size_t row = 0; row < rows(); ++row) {
      std::size_t& branch = branch_of_[row];
      if (branch == kNowhere) continue;
      const std::size_t made = group_of[row] == kNowhere ? kNowhere : all[group_of[row]].made;
      branch = made == kNowhere ? others[branch] : made;
    }
  }

  Result<void> sum_up_others(const Level& level) {
    std::vector<Branch>& branches = tree_.back();
    std::vector<std::size_t> group_of = branch_of_;
    for (std::size_t& group : group_of)
      if (group != kNowhere && !branches[group].others) group = kNowhere;
    const Cells cells = RD_TRY(aggregates(level, group_of, branches.size()));
    const Value value = RD_TRY(operation_.executor.constant(*level.others));
    for (std::size_t i = 0; i < branches.size(); ++i) {
      if (!branches[i].others) continue;
      branches[i].value = value;
      branches[i].aggregate = cells[i];
    }
    return {};
  }

  /// A row for each branch of the last level, with those above it.
  Table table() const {
    const std::size_t levels = tree_.size() - 1;
    std::vector<Cells> cells(2 * levels, Cells(tree_.back().size()));
    for (std::size_t leaf = 0; leaf < tree_.back().size(); ++leaf) {
      std::size_t at = leaf;
      for (std::size_t level = levels; level > 0; --level) {
        const Branch& branch = tree_[level][at];
        const std::size_t column = 2 * (level - 1);
        cells[column][leaf] = as_cell(branch.value, relation().columns[column]->type);
        cells[column + 1][leaf] = as_cell(branch.aggregate, relation().columns[column + 1]->type);
        at = branch.above;
      }
    }
    Table out(tree_.back().size());
    for (std::size_t i = 0; i < cells.size(); ++i)
      out.set(relation().columns[i], std::make_shared<const Cells>(std::move(cells[i])));
    return out;
  }

  Operation& operation_;
  std::vector<std::vector<Branch>> tree_;  ///< the branches of each level; the first is the root alone
  std::vector<std::size_t> branch_of_;     ///< of each row, at the level that grew last
};

Result<Table> top_nested(Operation& operation) { return TopNested(operation).run(); }

constexpr OperatorRow kRows[] = {{NodeKind::TopNested, top_nested}};

}  // namespace

OperatorRows nested_operators() { return kRows; }

}  // namespace redoubt::query::detail

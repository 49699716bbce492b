#include <algorithm>
#include <unordered_set>

#include "kql/plan_walk.h"
#include "query/detail/operators.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "scan operator"; that a match goes on while its first step repeats
// is what Microsoft's engine answers.

namespace {

using kql::NodeKind;
using kql::Value;

/// The states of the steps: row k is that of step k. A state has a record of its step and of those before it,
/// which are columns `step.column`; a declared column alone is that of the record that is looked at.
class ScanStates {
 public:
  ScanStates(const kql::Relation& relation, std::vector<Value> defaults);

  const Table& table() const { return table_; }
  /// Columns that are not as the input has them.
  std::span<const kql::Column* const> own() const { return own_; }
  bool active(std::size_t step) const { return matches_[step] >= 0; }
  std::int64_t match(std::size_t step) const { return matches_[step]; }

  /// Nothing is kept, and matches are numbered from 0 on.
  void reset();
  void begin_match(std::size_t step) { matches_[step] = next_match_++; }
  /// The state of a step becomes that of the next one.
  void promote(std::size_t step);

  /// Begins with a row of the input: nothing is assigned yet.
  void look_at(const Table& input, std::size_t row);
  void assign(const kql::Column* column, Value value);
  const std::vector<Value>& record() const { return record_; }
  /// The record becomes that of the step in its state.
  void store(const Table& input, std::size_t row, std::size_t step);

 private:
  struct Field {
    std::size_t step = 0;
    const kql::Column* source = nullptr;
    Value empty;
    std::shared_ptr<Cells> cells;
  };

  std::shared_ptr<Cells> add(const kql::Column* column, const Value& value);
  void add_fields(const kql::Relation& relation, const std::vector<Value>& defaults);
  void clear(std::size_t step);

  Table table_;
  std::vector<Field> fields_;            ///< those that somebody asks for
  std::vector<const kql::Column*> own_;  ///< declared columns, then those of the input that a step assigns
  std::vector<Value> record_;            ///< what they are in the record that is looked at
  std::vector<Value> defaults_;          ///< of those that are declared
  std::vector<std::shared_ptr<Cells>> shown_;
  std::vector<std::int64_t> matches_;
  std::int64_t next_match_ = 0;
};

ScanStates::ScanStates(const kql::Relation& relation, std::vector<Value> defaults)
    : table_(relation.scan->steps.size()), matches_(relation.scan->steps.size(), -1) {
  const kql::ScanPlan& plan = *relation.scan;
  const auto declared = plan.columns.last(plan.defaults.size());
  own_.assign(declared.begin(), declared.end());
  for (const kql::ScanStep& step : plan.steps)
    for (const kql::Column* column : step.assigned)
      if (column != nullptr && std::find(own_.begin(), own_.end(), column) == own_.end())
        own_.push_back(column);
  for (std::size_t i = 0; i < declared.size(); ++i)
    shown_.push_back(add(declared[i], defaults[i]));
  add_fields(relation, defaults);
  record_.resize(own_.size());
  defaults_ = std::move(defaults);
}

std::shared_ptr<Cells> ScanStates::add(const kql::Column* column, const Value& value) {
  auto cells = std::make_shared<Cells>(table_.rows(), value);
  table_.add(column, cells);
  return cells;
}

void ScanStates::add_fields(const kql::Relation& relation, const std::vector<Value>& defaults) {
  const kql::ScanPlan& plan = *relation.scan;
  std::unordered_set<const kql::Column*> asked;
  for (const kql::Expression* argument : relation.arguments)
    if (argument != nullptr)
      kql::each_expression(*argument, [&](const kql::Expression& value) {
        if (value.kind == kql::ExpressionKind::Column) asked.insert(value.column);
      });
  const std::size_t before = plan.columns.size() - plan.defaults.size();
  for (std::size_t step = 0; step < plan.steps.size(); ++step)
    for (std::size_t i = 0; i < plan.steps[step].state.size(); ++i) {
      const kql::Column* const column = plan.steps[step].state[i];
      if (!asked.contains(column)) continue;
      const Value empty = i < before ? Value::null(column->type) : defaults[i - before];
      fields_.push_back({step, plan.columns[i], empty, add(column, empty)});
    }
}

void ScanStates::reset() {
  for (std::size_t step = 0; step < matches_.size(); ++step)
    clear(step);
  next_match_ = 0;
}

void ScanStates::clear(std::size_t step) {
  for (const Field& field : fields_)
    (*field.cells)[step] = field.empty;
  matches_[step] = -1;
}

void ScanStates::promote(std::size_t step) {
  for (const Field& field : fields_)
    (*field.cells)[step + 1] = (*field.cells)[step];
  matches_[step + 1] = matches_[step];
  clear(step);
}

void ScanStates::look_at(const Table& input, std::size_t row) {
  for (std::size_t i = 0; i < own_.size(); ++i) {
    if (i < defaults_.size()) {
      assign(own_[i], defaults_[i]);
    } else {
      const auto* const cells = input.find(own_[i]);
      record_[i] = cells == nullptr ? Value::null(own_[i]->type) : (**cells)[row];
    }
  }
}

void ScanStates::assign(const kql::Column* column, Value value) {
  for (std::size_t i = 0; i < own_.size(); ++i) {
    if (own_[i] != column) continue;
    record_[i] = as_cell(std::move(value), column->type);
    if (i < shown_.size()) std::fill(shown_[i]->begin(), shown_[i]->end(), record_[i]);
    return;
  }
}

void ScanStates::store(const Table& input, std::size_t row, std::size_t step) {
  for (const Field& field : fields_) {
    if (field.step != step) continue;
    const auto own = std::find(own_.begin(), own_.end(), field.source);
    if (own != own_.end()) {
      (*field.cells)[step] = record_[static_cast<std::size_t>(own - own_.begin())];
      continue;
    }
    const auto* const cells = input.find(field.source);
    if (cells != nullptr) (*field.cells)[step] = (**cells)[row];
  }
}

/// A step with its expressions ready.
struct ReadyStep {
  const kql::ScanStep* step = nullptr;
  Program condition;
  std::vector<Program> values;
};

/// A record of the result: a row of the input, and what the columns of the scan's own are in it.
struct ScanRecord {
  std::size_t row = 0;
  std::int64_t match = 0;
  std::vector<Value> own;
};

class Scan {
 public:
  Scan(Operation& operation, ScanStates states) : operation_(operation), states_(std::move(states)) {}

  Result<Table> run() {
    const kql::Relation& relation = operation_.relation;
    if (!relation.order.empty()) {
      const std::vector<std::size_t> order = RD_TRY(sorted_rows(operation_, relation.order, input()));
      operation_.input = input().take(order);
    }
    for (const kql::ScanStep& step : relation.scan->steps)
      RD_TRY(get_ready(step));
    pending_.resize(steps_.size());
    std::vector<std::shared_ptr<const Cells>> keys;
    for (std::size_t i = 0; i < relation.scan->keys; ++i) {
      std::shared_ptr<const Cells> cells =
          RD_TRY(cells_of(operation_.executor, {operation_.argument(i)}, input()));
      keys.push_back(std::move(cells));
    }
    for (const std::vector<std::size_t>& rows : rows_of_groups(grouped(keys, input().rows())))
      RD_TRY(go_through(rows));
    return table();
  }

 private:
  const Table& input() const { return operation_.input; }

  Result<Program> ready(std::size_t argument) {
    return Program::compile(operation_.executor, {{operation_.argument(argument)}},
                            {&operation_.input, &states_.table()});
  }

  Result<void> get_ready(const kql::ScanStep& step) {
    Program condition = RD_TRY(ready(step.first));
    std::vector<Program> values;
    for (std::size_t i = 0; i < step.assigned.size(); ++i) {
      Program value = RD_TRY(ready(step.first + 1 + i));
      values.push_back(std::move(value));
    }
    steps_.push_back({&step, std::move(condition), std::move(values)});
    return {};
  }

  Result<void> go_through(std::span<const std::size_t> rows) {
    states_.reset();
    for (const std::size_t row : rows) {
      RD_TRY(operation_.budget().spend(1));
      for (std::size_t step = steps_.size(); step > 0; --step) {
        RD_TRY(hold_against(step - 1, row));
      }
    }
    for (std::size_t step = 0; step < steps_.size(); ++step)
      release(step);
    return {};
  }

  /// The record goes a match of the step before on, or else repeats or begins one of this step.
  Result<void> hold_against(std::size_t step, std::size_t row) {
    states_.look_at(input(), row);
    if (step > 0 && states_.active(step - 1)) {
      const bool fits = RD_TRY(holds(step, row, step - 1));
      if (fits) {
        release(step);
        release(step - 1);
        states_.promote(step - 1);
        return accept(step, row);
      }
    }
    if (step > 0 && !states_.active(step)) return {};
    const bool fits = RD_TRY(holds(step, row, step));
    if (!fits) return {};
    if (!states_.active(step)) states_.begin_match(step);
    return accept(step, row);
  }

  Result<bool> holds(std::size_t step, std::size_t row, std::size_t state) {
    Program& condition = steps_[step].condition;
    RD_TRY(condition.work_out(row, state));
    const Value& value = condition.result(0);
    return value.is(kql::Type::Bool) && !value.is_null() && value.as_bool();
  }

  Result<void> accept(std::size_t step, std::size_t row) {
    ReadyStep& ready = steps_[step];
    for (std::size_t i = 0; i < ready.values.size(); ++i) {
      RD_TRY(ready.values[i].work_out(row, step));
      states_.assign(ready.step->assigned[i], ready.values[i].result(0));
    }
    states_.store(input(), row, step);
    if (ready.step->output == "none") return {};
    ScanRecord record{row, states_.match(step), states_.record()};
    if (ready.step->output == "last")
      pending_[step] = std::move(record);
    else
      out_.push_back(std::move(record));
    return {};
  }

  /// The last of records that were repeated comes out.
  void release(std::size_t step) {
    if (pending_[step]) out_.push_back(std::move(*pending_[step]));
    pending_[step].reset();
  }

  Table table() {
    std::vector<std::size_t> rows;
    std::vector<Cells> own(states_.own().size());
    Cells matches;
    for (ScanRecord& record : out_) {
      rows.push_back(record.row);
      matches.push_back(Value::of_long(record.match));
      for (std::size_t i = 0; i < own.size(); ++i)
        own[i].push_back(std::move(record.own[i]));
    }
    Table out = input().take(rows);
    for (std::size_t i = 0; i < own.size(); ++i)
      out.set(states_.own()[i], std::make_shared<const Cells>(std::move(own[i])));
    if (const kql::Column* const id = operation_.relation.scan->match_id) out.add(id, std::move(matches));
    return out;
  }

  Operation& operation_;
  ScanStates states_;
  std::vector<ReadyStep> steps_;
  std::vector<std::optional<ScanRecord>> pending_;
  std::vector<ScanRecord> out_;
};

Result<Table> scan(Operation& operation) {
  const kql::ScanPlan* const plan = operation.relation.scan;
  if (plan == nullptr) return unsupported("a scan without steps");
  std::vector<Value> defaults;
  const auto declared = plan->columns.last(plan->defaults.size());
  for (std::size_t i = 0; i < declared.size(); ++i) {
    Value value = Value::null(declared[i]->type);
    if (plan->defaults[i] != kql::kNoArgument)
      value = RD_TRY(operation.executor.constant(*operation.argument(plan->defaults[i])));
    defaults.push_back(as_cell(std::move(value), declared[i]->type));
  }
  return Scan(operation, ScanStates(operation.relation, std::move(defaults))).run();
}

constexpr OperatorRow kRows[] = {{NodeKind::Scan, scan}};

}  // namespace

OperatorRows scan_operators() { return kRows; }

}  // namespace redoubt::query::detail

#include "query/detail/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "kql/plan_walk.h"

namespace redoubt::query::detail {

using kql::Expression;
using kql::ExpressionKind;
using kql::Type;
using kql::Value;

namespace {

bool is_aggregate(const Expression& value) {
  return (value.kind == ExpressionKind::Call || value.kind == ExpressionKind::Columns) &&
         value.function != nullptr && value.function->kind == kql::FunctionKind::Aggregate;
}

bool holds(const Value& predicate) {
  if (predicate.is(Type::Bool)) return !predicate.is_null() && predicate.as_bool();
  const Value truth = kql::convert(predicate, Type::Bool);
  return !truth.is_null() && truth.as_bool();
}

/// count(x) of another type counts all rows, whatever x is.
bool is_predicate(const Expression& argument) {
  return argument.type == Type::Bool || argument.type == Type::Unknown;
}

}  // namespace

Aggregate& Summary::Call::of_group(std::size_t group) {
  if (groups.size() <= group) groups.resize(group + 1);
  if (groups[group] == nullptr) groups[group] = row->make(shared);
  return *groups[group];
}

Result<Summary::Call> Summary::call_of(Executor& executor, const Expression& value,
                                       std::vector<Root>& roots) {
  Call out;
  out.row = find_aggregate(*value.function);
  if (out.row == nullptr) return unsupported(fmt::format("the aggregate {}()", value.function->name));
  out.shared.expression = &value;
  out.shared.context = &executor.evaluation();
  for (std::size_t i = 0; i < value.operands.size(); ++i) {
    const Expression& operand = *value.operands[i];
    if (operand.kind == ExpressionKind::Star) continue;
    if (i == out.row->predicate && is_predicate(operand)) {
      out.predicate = roots.size();
    } else {
      out.roots.push_back(roots.size());
      out.shared.types.push_back(operand.type);
    }
    roots.push_back({&operand});
  }
  return out;
}

Result<Summary> Summary::begin(Executor& executor, std::span<const kql::Assignment> made,
                               const Table& table) {
  std::vector<const Expression*> aggregates;
  kql::ExpressionWalk walk;
  for (const kql::Assignment& one : made)
    walk.each(one.value, [&](const Expression& value) {
      if (is_aggregate(value)) aggregates.push_back(&value);
    });
  std::vector<Call> calls;
  std::vector<Root> roots;
  for (const Expression* value : aggregates) {
    Call call = RD_TRY(call_of(executor, *value, roots));
    calls.push_back(std::move(call));
  }
  Program program = RD_TRY(Program::compile(executor, roots, {&table}));
  Summary out(executor, std::move(program));
  out.made_ = made;
  out.calls_ = std::move(calls);
  for (Call& call : out.calls_)
    for (const std::size_t root : call.roots)
      call.shared.constants.push_back(out.program_.constant(root));
  return out;
}

Result<void> Summary::add(std::size_t row, std::size_t group) {
  RD_TRY(program_.work_out(row));
  for (Call& call : calls_) {
    if (call.predicate != kNoPredicate && !holds(program_.result(call.predicate))) continue;
    arguments_.clear();
    for (const std::size_t root : call.roots)
      arguments_.push_back(&program_.result(root));
    RD_TRY(call.of_group(group).add(Arguments(arguments_)));
  }
  return {};
}

/// What the calls give for the group, which is then forgotten.
Result<void> Summary::end_group(std::size_t group, std::span<std::vector<Value>> given) {
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    given[i] = RD_TRY(calls_[i].of_group(group).results());
    calls_[i].groups[group].reset();
  }
  return {};
}

Result<std::vector<Cells>> Summary::results(std::size_t groups) {
  std::vector<Cells> out(made_.size());
  // What the calls gave for the group, at places that stay.
  std::vector<std::vector<Value>> given(calls_.size());
  std::deque<Value> slots(calls_.size());
  Program::Known known;
  std::vector<Root> roots;
  std::vector<std::size_t> direct(made_.size(), calls_.size());  // the call that an assignment is
  std::unordered_map<const Expression*, std::size_t> numbers;
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    known[calls_[i].shared.expression] = &slots[i];
    numbers[calls_[i].shared.expression] = i;
  }
  for (std::size_t i = 0; i < made_.size(); ++i) {
    roots.push_back({made_[i].value, made_[i].part});
    if (const auto call = numbers.find(made_[i].value); call != numbers.end()) direct[i] = call->second;
  }
  const Table none(1);
  Program program = RD_TRY(Program::compile(*executor_, roots, {&none}, &known));
  for (std::size_t group = 0; group < groups; ++group) {
    RD_TRY(end_group(group, given));
    for (std::size_t i = 0; i < calls_.size(); ++i)
      slots[i] = as_cell(given[i].empty() ? Value() : given[i].front(), calls_[i].shared.expression->type);
    RD_TRY(program.work_out(0));
    for (std::size_t i = 0; i < made_.size(); ++i) {
      const bool part = direct[i] < calls_.size() && made_[i].part < given[direct[i]].size();
      Value value = part ? given[direct[i]][made_[i].part] : program.result(i);
      out[i].push_back(as_cell(std::move(value), made_[i].column->type));
    }
  }
  return out;
}

}  // namespace redoubt::query::detail

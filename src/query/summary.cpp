#include "query/detail/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "kql/plan_walk.h"

namespace redoubt::query::detail {

using kql::Expression;
using kql::ExpressionKind;
using kql::Value;

namespace {

bool is_aggregate(const Expression& value) {
  return (value.kind == ExpressionKind::Call || value.kind == ExpressionKind::Columns) &&
         value.function != nullptr && value.function->kind == kql::FunctionKind::Aggregate;
}

}  // namespace

Result<Summary> Summary::begin(Executor& executor, std::span<const kql::Assignment> made, const Table& table) {
  std::vector<Call> calls;
  std::vector<Root> roots;
  for (const kql::Assignment& one : made)
    kql::each_expression(*one.value, [&](const Expression& value) {
      const bool known = std::any_of(calls.begin(), calls.end(),
                                     [&](const Call& call) { return call.expression == &value; });
      if (!is_aggregate(value) || known) return;
      Call call{&value, roots.size(), 0, {}};
      for (const Expression* operand : value.operands)
        if (operand->kind != ExpressionKind::Star) roots.push_back({operand});
      call.roots = roots.size() - call.first_root;
      calls.push_back(std::move(call));
    });
  Program program = RD_TRY(Program::compile(executor, std::move(roots), {&table}));
  Summary out(executor, std::move(program));
  out.made_ = made;
  out.calls_ = std::move(calls);
  return out;
}

Result<void> Summary::add(std::size_t row, std::size_t group) {
  RD_TRY(program_.work_out(row));
  for (Call& call : calls_) {
    if (call.groups.size() <= group) call.groups.resize(group + 1);
    std::unique_ptr<Aggregate>& aggregate = call.groups[group];
    if (aggregate == nullptr) aggregate = make_aggregate(*call.expression, executor_->evaluation());
    if (aggregate == nullptr)
      return unsupported(fmt::format("the aggregate {}()", call.expression->function->name));
    arguments_.resize(call.roots);
    for (std::size_t i = 0; i < call.roots; ++i)
      arguments_[i] = program_.result(call.first_root + i);
    RD_TRY(aggregate->add(arguments_));
  }
  return {};
}

Result<std::vector<Cells>> Summary::results(std::size_t groups) {
  std::vector<Cells> out(made_.size());
  // What the calls gave for the group, at places that stay.
  std::deque<std::vector<Value>> given(calls_.size());
  Program::Known known;
  std::deque<Value> slots(calls_.size());
  for (std::size_t i = 0; i < calls_.size(); ++i)
    known[calls_[i].expression] = &slots[i];
  std::vector<Root> roots;
  for (const kql::Assignment& one : made_)
    roots.push_back({one.value, one.part});
  const Table none(1);
  Program program = RD_TRY(Program::compile(*executor_, roots, {&none}, &known));
  for (std::size_t group = 0; group < groups; ++group) {
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      Call& call = calls_[i];
      if (call.groups.size() <= group) call.groups.resize(group + 1);
      if (call.groups[group] == nullptr)
        call.groups[group] = make_aggregate(*call.expression, executor_->evaluation());
      if (call.groups[group] == nullptr)
        return unsupported(fmt::format("the aggregate {}()", call.expression->function->name));
      given[i] = RD_TRY(call.groups[group]->results());
      call.groups[group].reset();
      slots[i] = given[i].empty() ? Value() : given[i].front();
    }
    RD_TRY(program.work_out(0));
    for (std::size_t i = 0; i < made_.size(); ++i) {
      Value value = program.result(i);
      for (std::size_t j = 0; j < calls_.size(); ++j)
        if (calls_[j].expression == made_[i].value && made_[i].part < given[j].size())
          value = given[j][made_[i].part];
      out[i].push_back(as_cell(std::move(value), made_[i].column->type));
    }
  }
  return out;
}

}  // namespace redoubt::query::detail

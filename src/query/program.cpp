#include "query/detail/program.h"

#include <random>

#include "kql/pattern.h"
#include "query/detail/keys.h"
#include "query/detail/operators.h"

namespace redoubt::query::detail {

using kql::ExpressionKind;
using kql::TokenKind;
using kql::Type;
using kql::Value;

namespace {

std::mt19937_64& chance() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return engine;
}

Value chance_value(std::string_view name, std::span<const Value> arguments) {
  if (name == "new_guid") {
    kql::Guid guid;
    for (std::uint8_t& byte : guid.bytes)
      byte = static_cast<std::uint8_t>(chance()());
    guid.bytes[6] = static_cast<std::uint8_t>((guid.bytes[6] & 0x0FU) | 0x40U);  // RFC 4122, version 4
    guid.bytes[8] = static_cast<std::uint8_t>((guid.bytes[8] & 0x3FU) | 0x80U);
    return Value::of_guid(guid);
  }
  const Value most = arguments.empty() ? Value() : kql::convert(arguments[0], Type::Long);
  if (most.is_null() || most.as_long() <= 1)
    return Value::of_real(std::uniform_real_distribution<double>(0, 1)(chance()));
  return Value::of_real(
      static_cast<double>(std::uniform_int_distribution<std::int64_t>(0, most.as_long() - 1)(chance())));
}

}  // namespace

std::span<const Value> Program::arguments_of(const Step& step, std::size_t from) {
  const std::size_t count = step.operands.size() - from;
  if (arguments_.size() < count) arguments_.resize(count);
  for (std::size_t i = 0; i < count; ++i)
    arguments_[i] = *steps_[step.operands[from + i]].current;
  return {arguments_.data(), count};
}

/// Names and values, without those that are null or empty.
std::span<const Value> Program::full_pairs(const Step& step) {
  const std::span<const Value> all = arguments_of(step);
  std::size_t kept = 0;
  for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
    const Value& value = all[i + 1];
    if (value.is_null() || (value.is(Type::String) && value.as_string().empty())) continue;
    std::swap(arguments_[kept], arguments_[i]);
    std::swap(arguments_[kept + 1], arguments_[i + 1]);
    kept += 2;
  }
  return all.first(kept);
}

Result<void> Program::work_out(Step& step) {
  const auto operand = [&](std::size_t i) -> const Value& { return *steps_[step.operands[i]].current; };
  switch (step.kind) {
    case Kind::Call:
      step.value = RD_TRY(kql::evaluate(
          *step.function, step.full_only ? full_pairs(step) : arguments_of(step), *evaluation_));
      return {};
    case Kind::Unary:
      step.value = kql::apply(step.op, operand(0));
      return {};
    case Kind::Binary:
      step.value = kql::apply(step.op, operand(0), operand(1), *evaluation_);
      // A text neither matches a pattern that is none nor does it not.
      if (step.op == TokenKind::MatchesRegexKeyword && step.value.is_null() && !operand(0).is_null() &&
          !operand(1).is_null())
        return kql::check_pattern(kql::to_text(operand(1)));
      return {};
    case Kind::List:
      step.value = kql::apply(step.op, operand(0), arguments_of(step, 1));
      return {};
    case Kind::Set: {
      const Value& left = operand(0);
      const Value plain = left.is(Type::Dynamic) ? kql::unwrap(left) : Value();
      const Value& value = left.is(Type::Dynamic) ? plain : left;
      const bool found = !value.is_null() && step.set->contains(list_key(value, step.any_case));
      step.value = Value::of_bool(found != step.negated);
      return {};
    }
    case Kind::Member:
      step.value = kql::element_of(operand(0), operand(1));
      return {};
    case Kind::Chance:
      step.value = chance_value(step.function->name, arguments_of(step));
      return {};
    default:
      return {};
  }
}

Result<void> Program::work_out(std::span<const std::size_t> rows) {
  for (const std::uint32_t at : moving_) {
    Step& step = steps_[at];
    if (step.kind == Kind::Column)
      step.current = &(*step.cells)[rows[step.table]];
    else
      RD_TRY(work_out(step));
  }
  return {};
}

Value as_cell(Value value, Type type) {
  if (value.type() == type || type == Type::Unknown) return value;
  if (value.is_null()) return Value::null(type);
  return kql::convert(value, type);
}

Result<std::shared_ptr<const Cells>> cells_of(Executor& executor, const Root& root, const Table& table) {
  if (root.value->kind == ExpressionKind::Column)
    if (const auto* const found = table.find(root.value->column)) return *found;
  Program program = RD_TRY(Program::compile(executor, {root}, {&table}));
  RD_TRY(executor.budget().spend(table.rows()));
  Cells out;
  out.reserve(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (row % kRowsBetweenChecks == 0) RD_TRY(executor.budget().spend(0));
    RD_TRY(program.work_out(row));
    out.push_back(program.result(0));
  }
  return std::make_shared<const Cells>(std::move(out));
}

}  // namespace redoubt::query::detail

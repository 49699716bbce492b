#include <algorithm>

#include "kql/detail/made_literal.h"
#include "kql/detail/plan_map.h"
#include "kql/detail/rewrites.h"
#include "kql/detail/time_columns.h"
#include "kql/plan_walk.h"

namespace redoubt::kql {

namespace detail {

namespace {

TokenKind mirrored(TokenKind op) {
  switch (op) {
    case TokenKind::Less:
      return TokenKind::Greater;
    case TokenKind::LessEqual:
      return TokenKind::GreaterEqual;
    case TokenKind::Greater:
      return TokenKind::Less;
    case TokenKind::GreaterEqual:
      return TokenKind::LessEqual;
    default:
      return op;
  }
}

const Column* time_column(const Relation& read) {
  for (const std::string_view name : kTimeColumns)
    for (const Column* column : read.columns)
      if (column->name == name && (column->type == Type::DateTime || column->type == Type::Unknown))
        return column;
  return nullptr;
}

class TimeRanges : public PlanMap {
 public:
  using PlanMap::PlanMap;

 protected:
  const Expression* map(const Expression* value) override { return value; }

  const Relation* map(const Relation* rows, const Relation&) override {
    if (rows->op != NodeKind::Filter || rows->inputs.empty() || rows->arguments.empty()) return rows;
    const Relation* const read = rows->inputs.front();
    const Column* const column = read->op == NodeKind::Name ? time_column(*read) : nullptr;
    if (column == nullptr) return rows;
    TimeRange range{column};
    for (const Expression* one : conjuncts_of(rows->arguments.front()))
      narrow(range, *one);
    if (range.from == nullptr && range.to == nullptr) return rows;
    Relation* const limited = copy(*read);
    limited->time = arena().make<TimeRange>(range);
    Relation* const out = copy(*rows);
    out->inputs = keep(std::vector<const Relation*>{limited});
    return out;
  }

 private:
  /// The first bound of each side counts: the condition stays, so that the range may be too wide, never too
  /// narrow.
  static void narrow(TimeRange& range, const Expression& condition) {
    if (condition.kind != ExpressionKind::Operator || condition.operands.size() < 2) return;
    const auto is_time = [&](const Expression* value) {
      return value->kind == ExpressionKind::Column && value->column == range.column;
    };
    const std::span<const Expression* const> operands = condition.operands;
    if (condition.op == TokenKind::BetweenKeyword && operands.size() == 3) {
      if (!is_time(operands[0]) || !operands[1]->constant || !operands[2]->constant) return;
      if (operands[2]->type == Type::Timespan) return;
      set_from(range, operands[1], false);
      set_to(range, operands[2], false);
      return;
    }
    if (operands.size() != 2) return;
    const bool turned = is_time(operands[1]);
    const Expression* const bound = operands[turned ? 0 : 1];
    if ((!turned && !is_time(operands[0])) || !bound->constant) return;
    const TokenKind op = turned ? mirrored(condition.op) : condition.op;
    if (op == TokenKind::Greater || op == TokenKind::GreaterEqual || op == TokenKind::EqualEqual)
      set_from(range, bound, op == TokenKind::Greater);
    if (op == TokenKind::Less || op == TokenKind::LessEqual || op == TokenKind::EqualEqual)
      set_to(range, bound, op == TokenKind::Less);
  }

  static void set_from(TimeRange& range, const Expression* bound, bool excluded) {
    if (range.from != nullptr) return;
    range.from = bound;
    range.from_excluded = excluded;
  }
  static void set_to(TimeRange& range, const Expression* bound, bool excluded) {
    if (range.to != nullptr) return;
    range.to = bound;
    range.to_excluded = excluded;
  }
};

/// Puts a condition on every stored table with a time.
class TimeLimit : public PlanMap {
 public:
  TimeLimit(Analysis& analysis, const TimeSpan& span) : PlanMap(analysis), span_(span) {}

 protected:
  const Expression* map(const Expression* value) override { return value; }

  const Relation* map(const Relation* rows, const Relation&) override {
    const bool stored = rows->op == NodeKind::Name && !rows->name.empty();
    const Column* const column = stored ? time_column(*rows) : nullptr;
    if (column == nullptr) return rows;
    Relation* const out = copy(*rows);
    out->op = NodeKind::Filter;
    out->inputs = keep(std::vector<const Relation*>{rows});
    out->arguments = keep(std::vector<const Expression*>{
        both(TokenKind::AndKeyword, bound(*column, TokenKind::GreaterEqual, span_.from),
             bound(*column, TokenKind::LessEqual, span_.to))});
    return out;
  }

 private:
  const Expression* both(TokenKind op, const Expression* left, const Expression* right) {
    Expression* const out = arena().make<Expression>();
    out->kind = ExpressionKind::Operator;
    out->type = Type::Bool;
    out->op = op;
    out->operands = keep(std::vector<const Expression*>{left, right});
    return out;
  }

  const Expression* bound(const Column& column, TokenKind op, Instant end) {
    Expression* const read = arena().make<Expression>();
    read->kind = ExpressionKind::Column;
    read->type = Type::DateTime;
    read->name = column.name;
    read->column = &column;
    return both(op, read, make_literal(arena(), Value::of_datetime(end.ticks), nullptr));
  }

  TimeSpan span_;
};

}  // namespace

void find_time_ranges(Analysis& analysis) { TimeRanges(analysis).run(); }

}  // namespace detail

void limit_time(Analysis& analysis, const TimeSpan& span) { detail::TimeLimit(analysis, span).run(); }

}  // namespace redoubt::kql

// `and` and `or`.

#include <fmt/format.h>

#include "kql/plan_walk.h"
#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::ExpressionKind;
using kql::TokenKind;
using kql::Type;
using kql::Value;

namespace {

/// What is said in `a or b or c`, or with `and`: each once.
std::vector<const Expression*> parts_of(const Expression& chain) {
  std::vector<const Expression*> out;
  std::vector<const Expression*> stack{&chain};
  std::set<const Expression*> seen;
  while (!stack.empty()) {
    const Expression& one = kql::behind_names(*stack.back());
    stack.pop_back();
    if (!seen.insert(&one).second) continue;
    if (one.kind != ExpressionKind::Operator || one.op != chain.op || one.operands.size() != 2) {
      out.push_back(&one);
      continue;
    }
    stack.push_back(one.operands[1]);
    stack.push_back(one.operands[0]);
  }
  return out;
}

/// Tests of so many texts for one thing, as search makes them, become one.
constexpr std::size_t kManyTests = 4;

bool asks_the_same(const Expression& one, const Expression& other) {
  return one.kind == ExpressionKind::Operator && other.kind == ExpressionKind::Operator &&
         one.op == other.op && one.operands.size() == 2 && other.operands.size() == 2 &&
         one.operands[1] == other.operands[1] && is_text_operator(one.op);
}

}  // namespace

/// Tests that ask the same of different values. Nothing: one by one is better.
std::optional<SqlValue> ScalarSql::sought_in_many(std::span<const Expression* const> tests) {
  if (tests.size() < kManyTests) return std::nullopt;
  const std::optional<Value> right = known(*tests.front()->operands[1]);
  if (!right) return std::nullopt;
  std::vector<SqlValue> values;
  for (const Expression* test : tests) {
    std::optional<SqlValue> value = of(*test->operands[0]);
    if (!value) return std::nullopt;
    values.push_back(*std::move(value));
  }
  return any_text_test(*this, tests.front()->op, values, kql::to_text(*right));
}

/// `(a AND b AND c)`: an engine counts brackets in each other. What is said twice in it is said once.
std::optional<SqlValue> ScalarSql::logical(const Expression& chain, bool truth_only) {
  const bool either = chain.op == TokenKind::OrKeyword;
  const std::vector<const Expression*> parts = parts_of(chain);
  SqlValue out{.type = Type::Bool, .size = 0};
  for (std::size_t i = 0; i < parts.size();) {
    std::size_t end = i + 1;
    while (either && end < parts.size() && asks_the_same(*parts[i], *parts[end]))
      ++end;
    std::optional<SqlValue> part = sought_in_many(std::span(parts).subspan(i, end - i));
    if (!part) {
      part = truth_only ? condition(*parts[i]) : of(*parts[i], Type::Bool);
      end = i + 1;
    }
    i = end;
    if (!part || out.size + part->size > kMaxSize) return std::nullopt;
    const std::string_view sign = either ? " OR " : " AND ";
    out.text += fmt::format("{}{}", out.text.empty() ? std::string_view() : sign, part->text);
    out.size += part->size;
    out.nullable = out.nullable || part->nullable;
  }
  out.text = fmt::format("({})", out.text);
  return out;
}

}  // namespace redoubt::query::sql

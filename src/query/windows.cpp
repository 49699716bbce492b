#include <algorithm>

#include "query/detail/program.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "Window functions overview" and the page of each.

namespace {

using kql::Type;
using kql::Value;

Cells neighbour(const WindowCall& call, Type type, std::int64_t direction) {
  const std::int64_t offset = call.whole(1, 1) * direction;
  Cells out;
  out.reserve(call.rows);
  for (std::size_t row = 0; row < call.rows; ++row) {
    const std::int64_t other = static_cast<std::int64_t>(row) + offset;
    if (other >= 0 && other < static_cast<std::int64_t>(call.rows))
      out.push_back(call.at(0, static_cast<std::size_t>(other)));
    else
      out.push_back(call.has(2) ? as_cell(call.at(2, row), type) : Value::null(type));
  }
  return out;
}

Cells prev(const WindowCall& call, Type type) { return neighbour(call, type, -1); }
Cells next(const WindowCall& call, Type type) { return neighbour(call, type, 1); }

Cells row_number(const WindowCall& call, Type) {
  const std::int64_t first = call.whole(0, 1);
  std::int64_t number = first;
  Cells out;
  for (std::size_t row = 0; row < call.rows; ++row) {
    if (call.restarts(1, row)) number = first;
    out.push_back(Value::of_long(number++));
  }
  return out;
}

Cells row_cumsum(const WindowCall& call, Type type) {
  Value sum = Value::null(type);
  Cells out;
  for (std::size_t row = 0; row < call.rows; ++row) {
    if (call.restarts(1, row)) sum = Value::null(type);
    const Value& term = call.at(0, row);
    if (!term.is_null()) sum = sum.is_null() ? as_cell(term, type) : apply(kql::TokenKind::Plus, sum, term);
    out.push_back(sum);
  }
  return out;
}

/// With `dense` equal terms do not leave gaps behind them.
Cells rank(const WindowCall& call, bool dense) {
  std::int64_t number = 0;
  std::int64_t count = 0;
  Cells out;
  for (std::size_t row = 0; row < call.rows; ++row) {
    const bool restart = row == 0 || call.restarts(1, row);
    if (restart) number = count = 0;
    ++count;
    if (restart || !call.at(0, row).same_as(call.at(0, row - 1))) number = dense ? number + 1 : count;
    out.push_back(Value::of_long(number));
  }
  return out;
}

Cells row_rank_dense(const WindowCall& call, Type) { return rank(call, true); }
Cells row_rank_min(const WindowCall& call, Type) { return rank(call, false); }

/// The first time of the session that each row is of.
Cells row_window_session(const WindowCall& call, Type type) {
  Cells out;
  Value first = Value::null(type);
  Value last = Value::null(type);
  const auto past = [&](const Value& from, const Value& now, std::size_t limit, std::size_t row) {
    if (!call.has(limit) || from.is_null() || now.is_null()) return false;
    const Value gap = apply(kql::TokenKind::Minus, now, from);
    return kql::order_of(gap, call.at(limit, row)) > 0;
  };
  for (std::size_t row = 0; row < call.rows; ++row) {
    const Value& now = call.at(0, row);
    const bool restart = row == 0 || first.is_null() || call.restarts(3, row) || past(first, now, 1, row) ||
                         past(last, now, 2, row);
    if (restart) first = now;
    last = now;
    out.push_back(first);
  }
  return out;
}

struct Row {
  std::string_view name;
  WindowFunction function;
};
constexpr Row kRows[] = {{"next", next},
                         {"prev", prev},
                         {"row_cumsum", row_cumsum},
                         {"row_number", row_number},
                         {"row_rank", row_rank_dense},
                         {"row_rank_dense", row_rank_dense},
                         {"row_rank_min", row_rank_min},
                         {"row_window_session", row_window_session}};

}  // namespace

std::int64_t WindowCall::whole(std::size_t i, std::int64_t otherwise) const {
  if (!has(i) || rows == 0) return otherwise;
  const Value value = kql::convert(at(i, 0), Type::Long);
  return value.is_null() ? otherwise : value.as_long();
}

bool WindowCall::restarts(std::size_t i, std::size_t row) const {
  if (!has(i)) return false;
  const Value value = kql::convert(at(i, row), Type::Bool);
  return !value.is_null() && value.as_bool();
}

WindowFunction window_function(std::string_view name) {
  for (const Row& row : kRows)
    if (row.name == name) return row.function;
  return nullptr;
}

}  // namespace redoubt::query::detail

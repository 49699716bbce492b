#include <fmt/format.h>

#include <algorithm>

#include "kql/plan_walk.h"
#include "query/sql/relation_sql.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::ExpressionKind;
using kql::TokenKind;
using kql::Type;
using kql::Value;

namespace {

/// Rows that a neighbour is looked for.
constexpr std::int64_t kFarthest = 1'000'000;

std::string_view name_of(const Expression& call) {
  return call.function->alias_of.empty() ? call.function->name : call.function->alias_of;
}

bool is_window(const Expression& value) {
  static constexpr std::string_view kNames[] = {
      "next",     "prev",           "row_cumsum",   "row_number",
      "row_rank", "row_rank_dense", "row_rank_min", "row_window_session"};
  return value.kind == ExpressionKind::Call && value.function != nullptr &&
         std::find(std::begin(kNames), std::end(kNames), name_of(value)) != std::end(kNames);
}

/// Types whose values are equal to themselves.
bool is_partition_key(const SqlValue& value) {
  return value.type != Type::Real && value.type != Type::Decimal && value.type != Type::Dynamic;
}

std::string order_text(std::span<const Select::Order> keys) {
  std::string out;
  for (const Select::Order& key : keys)
    out += fmt::format("{}{} {}{}", out.empty() ? "ORDER BY " : ", ", key.value.text,
                       key.descending ? "DESC" : "ASC",
                       !key.value.nullable ? ""
                       : key.nulls_first   ? " NULLS FIRST"
                                           : " NULLS LAST");
  return out;
}

/// The column behind `prev(column)` of the row before; null: it is no such call.
const Expression* before(const Expression& value) {
  if (value.kind != ExpressionKind::Call || value.function == nullptr || name_of(value) != "prev")
    return nullptr;
  return value.operands.size() == 1 ? value.operands[0] : nullptr;
}

/// Windows look at the row before, and nowhere else.
bool has_only_before(const Expression& value) {
  bool out = true;
  kql::each_expression(
      value, [&](const Expression& one) { out = out && (!is_window(one) || before(one) != nullptr); });
  return out;
}

}  // namespace

bool RelationSql::has_windows(const Expression& value) {
  bool out = false;
  kql::each_expression(value, [&](const Expression& one) { out = out || is_window(one); });
  return out;
}

bool RelationSql::has_windows(const kql::Relation& relation) {
  bool out = false;
  kql::ExpressionWalk walk;
  for (const kql::Assignment& one : relation.assignments)
    walk.each(one.value, [&](const Expression& value) { out = out || is_window(value); });
  return out;
}

/// What `prev(k) != k` for the first keys of the order, or for one of them, says: how many keys these are.
/// Where it says anything else: nothing.
std::optional<std::size_t> RelationSql::restart_keys(Select& select, const Expression& restart) {
  const Expression& condition = kql::behind_names(restart);
  if (condition.kind != ExpressionKind::Operator || condition.operands.size() != 2) return std::nullopt;
  const Expression& left = kql::behind_names(*condition.operands[0]);
  const Expression& right = kql::behind_names(*condition.operands[1]);
  if (condition.op == TokenKind::OrKeyword) {
    const std::optional<std::size_t> a = restart_keys(select, left);
    const std::optional<std::size_t> b = restart_keys(select, right);
    // Keys one behind the other.
    return a && b && *b == *a + 1 ? b : std::nullopt;
  }
  if (condition.op != TokenKind::BangEqual) return std::nullopt;
  const Expression* const of = before(left) != nullptr ? before(left) : before(right);
  const Expression& now = before(left) != nullptr ? right : left;
  if (of == nullptr) return std::nullopt;
  const std::optional<SqlValue> key = scalars(select).of(*of);
  const std::optional<SqlValue> other = scalars(select).of(now);
  if (!key || !other || key->text != other->text || !is_partition_key(*key)) return std::nullopt;
  for (std::size_t i = 0; i < select.order.size(); ++i)
    if (select.order[i].value.text == key->text) return i + 1;
  return std::nullopt;
}

/// Whether rows of equal keys come in the same order in another window is not known: there is one, unless the
/// order is total.
std::optional<std::string> RelationSql::window_of(Select& select, std::size_t partition_keys) {
  const std::span<const Select::Order> keys(select.order);
  std::string partition;
  for (const Select::Order& key : keys.first(partition_keys))
    partition += (partition.empty() ? "PARTITION BY " : ", ") + key.value.text;
  const std::string order = order_text(keys.subspan(partition_keys));
  for (const Select::Window& one : select.windows)
    if (one.partition == partition && one.order == order) return one.name;
  if (!select.is_total && !select.windows.empty()) return std::nullopt;
  select.windows.push_back({names_.next(), partition, order});
  return select.windows.back().name;
}

/// prev() and next().
std::optional<SqlValue> RelationSql::neighbour(Select& select, const Expression& call, bool is_prev) {
  ScalarSql scalar = scalars(select);
  const std::optional<SqlValue> of = scalar.of(*call.operands[0]);
  std::optional<Value> offset = Value::of_long(1);
  if (call.operands.size() > 1) offset = scalar.known(*call.operands[1]);
  if (!of || !offset || offset->is_null() || of->type != call.type) return std::nullopt;
  const std::int64_t rows = kql::convert(*offset, Type::Long).as_long();
  if (rows < 0 || rows > kFarthest) return std::nullopt;
  const SqlValue value = plain(*of);
  const bool text = value.type == Type::String || value.type == Type::Dynamic;
  // Where there is no such row, the engine gives an empty text, or NULL.
  std::string missing;
  if (call.operands.size() > 2) {
    const std::optional<Value> given = scalar.known(*call.operands[2]);
    const std::optional<SqlValue> literal = given ? constant(kql::convert(*given, call.type)) : std::nullopt;
    if (!literal) return std::nullopt;
    missing = ", " + literal->text;
  }
  const std::optional<std::string> over = window_of(select, 0);
  if (!over) return std::nullopt;
  std::string held = text ? value.text : fmt::format("toNullable({})", value.text);
  if (text && !missing.empty()) held = fmt::format("CAST({} AS String)", value.text);
  const std::string frame = is_prev ? fmt::format("{} PRECEDING AND CURRENT ROW", rows)
                                    : fmt::format("CURRENT ROW AND {} FOLLOWING", rows);
  return ScalarSql::made(value.type, !text, {&value, &value},
                         fmt::format("{}InFrame({}, {}{}) OVER ({} ROWS BETWEEN {})",
                                     is_prev ? "lag" : "lead", held, rows, missing, *over, frame));
}

/// row_number() and row_cumsum(), which begin anew where the first keys of the order change.
std::optional<SqlValue> RelationSql::running(Select& select, const Expression& call, bool is_number) {
  ScalarSql scalar = scalars(select);
  std::size_t keys = 0;
  if (call.operands.size() > 1) {
    const std::optional<std::size_t> found = restart_keys(select, *call.operands[1]);
    if (!found) return std::nullopt;
    keys = *found;
  }
  const std::optional<std::string> over = window_of(select, keys);
  if (!over) return std::nullopt;
  SqlValue out;
  if (is_number) {
    const std::optional<Value> first =
        call.operands.empty() ? std::optional(Value::of_long(1)) : scalar.known(*call.operands[0]);
    if (!first || first->is_null()) return std::nullopt;
    const std::int64_t from = kql::convert(*first, Type::Long).as_long();
    out = {.text = fmt::format("(toInt64(row_number() OVER ({})) + toInt64('{}'))", *over, from - 1),
           .type = Type::Long,
           .size = 2};
  } else {
    const std::optional<SqlValue> of = scalar.of(*call.operands[0]);
    if (!of || of->type != call.type ||
        (of->type != Type::Long && of->type != Type::Timespan && of->type != Type::Real))
      return std::nullopt;
    out = ScalarSql::made(
        of->type, of->nullable, {&*of, &*of},
        fmt::format("sum({}) OVER ({} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)", of->text, *over));
  }
  select.restarts = std::max(select.restarts, keys);
  return out;
}

std::optional<SqlValue> RelationSql::window(Select& select, const Expression& call) {
  if (!is_window(call) || select.order.empty()) return std::nullopt;
  const std::string_view name = name_of(call);
  if (name == "prev" || name == "next") return neighbour(select, call, name == "prev");
  if (name == "row_number" || name == "row_cumsum") return running(select, call, name == "row_number");
  return std::nullopt;
}

/// The order that the windows saw, so that nothing puts rows of equal keys into another one.
void RelationSql::fix_order(Select& select) {
  if (select.is_total || select.order.empty()) return;
  const std::optional<std::string> over = window_of(select, select.restarts);
  if (!over) return;
  SqlValue number{.text = fmt::format("row_number() OVER ({})", *over), .type = Type::Long};
  number.text = named(select, number.text);
  select.order.push_back({number, false, false});
  select.is_total = true;
}

/// Columns `prev(k)` of the first key: whoever keeps only rows whose k is that of the row before, may as well
/// have each k apart from the others.
void RelationSql::note_neighbours(Select& select, const kql::Relation& relation) {
  for (const kql::Assignment& one : relation.assignments)
    if (has_windows(*one.value) && !has_only_before(*one.value)) return;
  for (const kql::Assignment& one : relation.assignments) {
    const Expression* const of = before(kql::behind_names(*one.value));
    const std::optional<SqlValue> value = value_of(select, one.column);
    const std::optional<SqlValue> key = of == nullptr ? std::nullopt : scalars(select).of(*of);
    if (key && value && key->text == select.order[0].value.text && is_partition_key(*key))
      select.neighbours.push_back(
          {value->text, key->text,
           fmt::format("if(row_number() OVER ({}) > 1, {}, {})", select.windows[0].name,
                       value->nullable ? key->text : fmt::format("CAST({} AS String)", key->text),
                       value->nullable ? "NULL" : "''")});
  }
}

/// The same rows with windows that are parted by the first key.
Select RelationSql::parted(Select select) {
  for (const Select::Neighbour& neighbour : select.neighbours) {
    const std::string name = " AS " + neighbour.before;
    for (std::string& one : select.with)
      if (one.ends_with(name)) one = neighbour.parted + name;
  }
  for (Select::Window& one : select.windows) {
    one.partition = "PARTITION BY " + select.neighbours[0].key;
    one.order = select.order_behind_first;
  }
  return select;
}

std::optional<Select> RelationSql::windowed(const kql::Relation& relation) {
  std::optional<Select> input = open_input(relation);
  if (!input || input->order.empty() || !input->array_join.empty()) return std::nullopt;
  Select out = *input;
  windows_ = true;
  bool can = assign(out, relation);
  if (!can) {
    // Once more over rows with a number each: their order is known then.
    fix_order(*input);
    input = closed(*input, relation.inputs[0]->columns);
    if (input) out = *input;
    can = input && assign(out, relation);
  }
  windows_ = false;
  if (!can) return std::nullopt;
  note_neighbours(out, relation);
  if (!out.neighbours.empty())
    out.order_behind_first = order_text(std::span<const Select::Order>(out.order).subspan(1));
  fix_order(out);
  return closed(out, relation.columns);
}

/// Of a condition that keeps no row whose first key is another one than before.
void RelationSql::part_windows(Select& select, const Expression& condition) {
  for (const Expression* one : kql::conjuncts_of(&condition)) {
    const Expression& equal = kql::behind_names(*one);
    if (equal.kind != ExpressionKind::Operator || equal.op != TokenKind::EqualEqual ||
        equal.operands.size() != 2)
      continue;
    const std::optional<SqlValue> left = scalars(select).of(*equal.operands[0]);
    const std::optional<SqlValue> right = scalars(select).of(*equal.operands[1]);
    if (!left || !right) continue;
    for (const Select::Neighbour& neighbour : select.neighbours)
      if ((left->text == neighbour.before && right->text == neighbour.key) ||
          (left->text == neighbour.key && right->text == neighbour.before))
        select.from = select.from_if_parted;
  }
}

}  // namespace redoubt::query::sql

#include <fmt/format.h>

#include <algorithm>

#include "query/sql/relation_sql.h"

namespace redoubt::query::sql {

using kql::Relation;
using kql::Type;

namespace {

struct Kind {
  std::string_view name;
  std::string_view join;
  std::string_view swapped;  ///< the same with the sides in each other's place; empty: there is no such
  bool left_nulls = false;   ///< columns of the left side may be missing
  bool right_nulls = false;
  bool turned = false;  ///< in SQL the sides are exchanged
};
constexpr Kind kKinds[] = {{"inner", "INNER JOIN", "INNER JOIN"},
                           {"innerunique", "INNER JOIN", "INNER JOIN"},
                           {"leftouter", "LEFT JOIN", "RIGHT JOIN", false, true},
                           {"rightouter", "RIGHT JOIN", "LEFT JOIN", true, false},
                           {"fullouter", "FULL JOIN", "FULL JOIN", true, true},
                           {"leftsemi", "LEFT SEMI JOIN", {}},
                           {"rightsemi", "LEFT SEMI JOIN", {}, false, false, true},
                           {"anti", "LEFT ANTI JOIN", {}},
                           {"leftanti", "LEFT ANTI JOIN", {}},
                           {"leftantisemi", "LEFT ANTI JOIN", {}},
                           {"rightanti", "LEFT ANTI JOIN", {}, false, false, true},
                           {"rightantisemi", "LEFT ANTI JOIN", {}, false, false, true}};

/// Whether the rows on the left differ in the keys.
bool is_unique(const Select& left, const std::vector<std::string>& keys) {
  return !left.unique.empty() &&
         std::all_of(left.unique.begin(), left.unique.end(), [&](const std::string& one) {
           return std::find(keys.begin(), keys.end(), one) != keys.end();
         });
}

/// How the sides are joined. The engine keeps the rows of what stands on the right; of two tables the left
/// one is the smaller, if one is. Of innerunique, left rows with equal keys are one: a half join takes one of
/// them for each row on the other side.
std::string joined(const Kind& kind, const Select& left, const Select& right,
                   const std::vector<std::string>& keys, const std::string& left_name,
                   const std::string& right_name) {
  if (kind.turned)
    return fmt::format("{} AS {} {} {} AS {}", right.from, right_name, kind.join, left.from, left_name);
  const bool is_inner = kind.name == "inner" || kind.name == "innerunique";
  const bool swap = (left.is_small && !right.is_small) || (is_inner && left.is_small == right.is_small);
  const bool is_unique_already = kind.name == "innerunique" && is_unique(left, keys);
  if (kind.name == "innerunique" && !is_unique_already && !right.is_small)
    return fmt::format("{} AS {} LEFT SEMI JOIN {} AS {}", right.from, right_name, left.from, left_name);
  const std::string from =
      kind.name == "innerunique" && !is_unique_already
          ? fmt::format("(SELECT * FROM {} LIMIT 1 BY {})", left.from, fmt::join(keys, ", "))
          : left.from;
  if (!swap || kind.swapped.empty())
    return fmt::format("{} AS {} {} {} AS {}", from, left_name, kind.join, right.from, right_name);
  return fmt::format("{} AS {} {} {} AS {}", right.from, right_name, kind.swapped, from, left_name);
}

/// A value of a side that may be missing: a text is empty then.
SqlValue maybe_missing(SqlValue value) {
  if (value.type == Type::String || value.type == Type::Dynamic) {
    value = plain(std::move(value));
    value.text = fmt::format("ifNull({}, '')", value.text);
  } else {
    value.nullable = true;
  }
  return value;
}

/// Arrays can't be missing: they become texts beforehand.
void without_arrays(Select& side) {
  for (auto& [column, value] : side.columns)
    if (value.form == Form::Texts) value = plain(std::move(value));
}

}  // namespace

std::optional<Select> RelationSql::join(const Relation& relation) {
  if (relation.inputs.size() != 2 || relation.on.empty()) return std::nullopt;
  const std::string_view name = relation.kind.empty() ? std::string_view("innerunique") : relation.kind;
  const Kind* kind = nullptr;
  for (const Kind& one : kKinds)
    if (one.name == name) kind = &one;
  std::optional<Select> left = input_of(relation, 0);
  std::optional<Select> right = left ? input_or_rows(relation, 1) : std::nullopt;
  if (kind == nullptr || !left || !right) return std::nullopt;
  left->order.resize(left->tail.empty() ? 0 : left->order.size());
  right->order.resize(right->tail.empty() ? 0 : right->order.size());
  if (kind->left_nulls) without_arrays(*left);
  if (kind->right_nulls) without_arrays(*right);
  left = closed(*left, relation.inputs[0]->columns);
  right = closed(*right, relation.inputs[1]->columns);
  if (!left || !right) return std::nullopt;
  std::vector<std::string> keys;
  std::string on;
  for (const kql::JoinKey& key : relation.on) {
    const std::optional<SqlValue> a = value_of(*left, key.left);
    const std::optional<SqlValue> b = value_of(*right, key.right);
    if (!a || !b || (a->type == Type::Real) != (b->type == Type::Real)) return std::nullopt;
    const std::string left_key = as_key(plain(*a)).text;
    keys.push_back(left_key);
    // Two nulls fit together.
    const std::string_view sign = a->nullable && b->nullable ? "IS NOT DISTINCT FROM" : "=";
    on += fmt::format("{}{} {} {}", on.empty() ? "" : " AND ", left_key, sign, as_key(plain(*b)).text);
  }
  Select out;
  out.reads = left->reads + right->reads;
  out.depth = std::max(left->depth, right->depth);
  const std::string left_name = names_.next();
  out.from = joined(*kind, *left, *right, keys, left_name, names_.next()) + " ON " + on;
  for (const kql::Column* column : relation.columns) {
    const auto of = [&](const Select& side, const kql::Column* wanted, bool nulls) {
      const auto found = side.columns.find(wanted);
      if (found == side.columns.end()) return false;
      out.columns[column] = nulls ? maybe_missing(found->second) : found->second;
      return true;
    };
    // Both sides may have the very column, where they read one table.
    const bool from_right = kind->turned && of(*right, column, false);
    if (from_right || of(*left, column, kind->left_nulls) || of(*right, column, kind->right_nulls)) continue;
    if (column->origin != nullptr &&
        (of(*right, column->origin, kind->right_nulls) || of(*left, column->origin, kind->left_nulls)))
      continue;
    return std::nullopt;
  }
  return closed(out, relation.columns);
}

}  // namespace redoubt::query::sql

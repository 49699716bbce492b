#include "query/sql/relation_sql.h"

#include <fmt/format.h>

#include <algorithm>

#include "kql/plan_walk.h"
#include "query/sql/inputs.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::NodeKind;
using kql::Relation;
using kql::Type;

namespace {

/// A SELECT that has grown so large becomes a table of its own: names in it are written out by the engine.
constexpr std::uint64_t kMaxSize = 2'000;
/// Tables in each other, and those that are read times that: more is too much for an engine (kMaxText).
constexpr std::uint32_t kMaxDepth = 80;
constexpr std::uint64_t kMaxReads = 1'800;
/// To plan conditions that all have to hold takes an engine time that grows with their square.
constexpr std::size_t kMaxConditions = 500;
/// Rows in memory that are given to the engine.
constexpr std::size_t kMaxInputRows = 1'000'000;

/// Of a column in a list, beside what it is: its name there, or what turns it into the form of a result.
constexpr std::size_t kColumnText = 24;

bool is_too_large(const Select& select, kql::ColumnList columns, std::size_t max_text) {
  if (select.depth > kMaxDepth || select.reads * std::max(select.depth, 1U) > kMaxReads) return true;
  std::size_t size = select.text_size() + columns.size() * kColumnText;
  for (const kql::Column* column : columns)
    for (const kql::Column* from = column; from != nullptr; from = from->origin)
      if (const auto found = select.columns.find(from); found != select.columns.end()) {
        size += std::max(found->second.text.size(), found->second.ways.written.size());
        break;
      }
  return size > max_text;
}

}  // namespace

const RelationSql::Row RelationSql::kRows[] = {
    {NodeKind::As, &RelationSql::same},
    {NodeKind::AssertSchema, &RelationSql::same},
    {NodeKind::Count, &RelationSql::count},
    {NodeKind::DataTable, &RelationSql::data_table},
    {NodeKind::Distinct, &RelationSql::distinct},
    {NodeKind::Extend, &RelationSql::project},
    {NodeKind::Filter, &RelationSql::filter},
    {NodeKind::Join, &RelationSql::join},
    {NodeKind::Lookup, &RelationSql::join},
    {NodeKind::MakeSeries, &RelationSql::make_series},
    {NodeKind::MvExpand, &RelationSql::mv_expand},
    {NodeKind::Name, &RelationSql::stored},
    {NodeKind::Parse, &RelationSql::parse},
    {NodeKind::ParseWhere, &RelationSql::parse},
    {NodeKind::Print, &RelationSql::print},
    {NodeKind::Project, &RelationSql::project},
    {NodeKind::ProjectAway, &RelationSql::project},
    {NodeKind::ProjectByNames, &RelationSql::project},
    {NodeKind::ProjectKeep, &RelationSql::project},
    {NodeKind::ProjectRename, &RelationSql::project},
    {NodeKind::ProjectReorder, &RelationSql::project},
    {NodeKind::Range, &RelationSql::range},
    {NodeKind::Render, &RelationSql::same},
    {NodeKind::Serialize, &RelationSql::project},
    {NodeKind::Sort, &RelationSql::sort},
    {NodeKind::Summarize, &RelationSql::summarize},
    {NodeKind::Take, &RelationSql::take},
    {NodeKind::Top, &RelationSql::top},
    {NodeKind::Union, &RelationSql::union_of},
};

bool RelationSql::can(const Relation& relation) {
  return select_of(relation) != nullptr && (everything_ || stored_[&relation]);
}

std::optional<SqlQuery> RelationSql::query(const Relation& relation) {
  return can(relation) ? query_of(*select_of(relation), relation.columns) : std::nullopt;
}

std::optional<SqlQuery> RelationSql::likely(const Relation& filter) {
  if (filter.op != NodeKind::Filter || filter.inputs.size() != 1 || !can(*filter.inputs[0]))
    return std::nullopt;
  std::optional<Select> out = open_input(filter);
  if (!out || !out->neighbours.empty()) return std::nullopt;
  const std::size_t before = out->where.size();
  for (const Expression* part : kql::conjuncts_of(filter.arguments[0])) {
    Select narrowed = *out;  // what a part that can't be said has named is forgotten
    if (narrow(narrowed, *part)) out = std::move(narrowed);
  }
  if (out->where.size() == before || is_too_large(*out, filter.inputs[0]->columns, kMaxText))
    return std::nullopt;
  return query_of(*out, filter.inputs[0]->columns);
}

std::optional<SqlQuery> RelationSql::query_of(const Select& select, kql::ColumnList columns) const {
  const std::optional<std::string> list = list_of(select, columns, true);
  if (!list) return std::nullopt;
  SqlQuery out{.text = select.text(*list), .types = {}};
  out.has_settings = out.text.find("toFloat64OrNull(") != std::string::npos;
  if (out.has_settings) out.text += " SETTINGS precise_float_parsing = 1";
  for (const kql::Column* column : columns)
    out.types.push_back(column->type);
  return out;
}

/// From where the rows come from up to the relation: a pipe may be long.
const Select* RelationSql::select_of(const Relation& relation) {
  std::vector<const Relation*> chain;
  for (const Relation* at = &relation; !selects_.contains(at); at = at->inputs.front()) {
    chain.push_back(at);
    if (at->inputs.empty()) break;
  }
  for (auto one = chain.rbegin(); one != chain.rend(); ++one) {
    std::optional<Select> select = made(**one);
    if (select && is_too_large(*select, (*one)->columns, kMaxText)) select.reset();
    selects_[*one] = select ? std::make_unique<Select>(std::move(*select)) : nullptr;
    bool& has_stored = stored_[*one];
    has_stored = (*one)->op == NodeKind::Name;
    for (const Relation* input : (*one)->inputs)
      has_stored = has_stored || stored_[input];
  }
  return selects_[&relation].get();
}

std::optional<Select> RelationSql::made(const Relation& relation) {
  if (relation.open) return std::nullopt;
  for (const Relation* input : relation.inputs)
    if (input == relation.inputs.front() && selects_.contains(input) && selects_[input] == nullptr)
      return std::nullopt;
  for (const Row& row : kRows)
    if (row.op == relation.op) return (this->*row.make)(relation);
  return std::nullopt;
}

// ---- pieces

std::optional<SqlValue> RelationSql::value_of(const Select& select, const kql::Column* column) {
  for (const kql::Column* from = column; from != nullptr; from = from->origin)
    if (const auto found = select.columns.find(from); found != select.columns.end()) return found->second;
  return std::nullopt;
}

std::string RelationSql::named(Select& select, const std::string& text) {
  std::string& name = select.named[text];
  if (name.empty()) {
    name = names_.next();
    select.with.push_back(fmt::format("{} AS {}", text, name));
  }
  return name;
}

ScalarSql RelationSql::scalars(Select& select, ScalarSql::Aggregates aggregates) {
  ScalarSql out(
      executor_, [&select](const kql::Column& column) { return value_of(select, &column); },
      [this, &select](const std::string& text) { return named(select, text); }, std::move(aggregates));
  out.set_short(select.is_small_table);
  if (windows_) out.set_windows([this, &select](const Expression& call) { return window(select, call); });
  return out;
}

/// `value AS name` of each column; with `as_result` in the forms that leave SQL.
std::optional<std::string> RelationSql::list_of(const Select& select, kql::ColumnList columns,
                                                bool as_result) const {
  std::string out;
  for (const kql::Column* column : columns) {
    std::optional<SqlValue> value = value_of(select, column);
    if (!value) return std::nullopt;
    if (as_result) value = plain(std::move(*value));
    if (as_result && !value->ways.written.empty()) value->text = value->ways.written;
    out += (out.empty() ? "" : ", ") + value->text;
  }
  return out.empty() ? std::string("1") : out;
}

std::optional<Select> RelationSql::closed(const Select& select, kql::ColumnList columns) {
  Select out;
  std::string list;
  std::unordered_map<std::string, std::string> known;
  const auto exposed = [&](const SqlValue& value) {
    std::string& name = known[value.text];
    if (name.empty()) {
      name = names_.next();
      list += fmt::format("{}{} AS {}", list.empty() ? "" : ", ", value.text, name);
    }
    SqlValue made = value;
    made.text = name;
    made.size = 1;
    made.constant.reset();
    made.ways = {};
    made.words = false;
    return made;
  };
  for (const kql::Column* column : columns) {
    const std::optional<SqlValue> value = value_of(select, column);
    if (!value) return std::nullopt;
    out.columns[column] = exposed(*value);
  }
  for (const Select::Order& key : select.order)
    out.order.push_back({exposed(key.value), key.descending, key.nulls_first});
  // The inner order only matters where rows are cut off by it.
  Select inner = select;
  if (inner.tail.empty()) inner.order.clear();
  out.from = fmt::format("({})", inner.text(list.empty() ? "1" : list));
  out.is_total = select.is_total;
  out.is_small = select.is_small;
  out.reads = select.reads;
  out.depth = select.depth + 1;
  out.conditions = select.conditions;
  for (const std::string& one : select.unique)
    if (known.contains(one)) out.unique.push_back(known[one]);
  if (out.unique.size() != select.unique.size()) out.unique.clear();
  if (select.windows.empty()) return out;
  for (const Select::Neighbour& one : select.neighbours)
    if (known.contains(one.before) && known.contains(one.key))
      out.neighbours.push_back({known[one.before], known[one.key], {}});
  if (!out.neighbours.empty()) out.from_if_parted = fmt::format("({})", parted(inner).text(list));
  return out;
}

/// The input as it is. Rows of it may be limited already.
std::optional<Select> RelationSql::input_of(const Relation& relation, std::size_t number) {
  if (number >= relation.inputs.size()) return std::nullopt;
  const Select* const input = select_of(*relation.inputs[number]);
  return input == nullptr ? std::nullopt : std::optional(*input);
}

std::optional<Select> RelationSql::input_or_rows(const Relation& relation, std::size_t number) {
  if (std::optional<Select> select = input_of(relation, number)) return select;
  if (number >= relation.inputs.size() || relation.inputs[number]->open) return std::nullopt;
  const Relation& input = *relation.inputs[number];
  for (const kql::Column* column : input.columns)
    if (column_type(column->type, true).empty()) return std::nullopt;
  Result<Table> rows = executor_.rows(input);
  if (!rows || rows->rows() > kMaxInputRows) return std::nullopt;
  rows_.push_back({fmt::format("rd_rows_{}", rows_.size() + 1), std::move(*rows)});
  Select out;
  out.is_small = true;
  out.from = rows_.back().name;
  for (std::size_t i = 0; i < input.columns.size(); ++i) {
    const kql::Column& column = *input.columns[i];
    const bool text = column.type == Type::String || column.type == Type::Dynamic;
    out.columns[&column] = {
        .text = fmt::format("{}.c{}", out.from, i), .type = column.type, .nullable = !text};
  }
  return out;
}

std::vector<store::Input> RelationSql::inputs_of(std::string_view sql) const {
  std::vector<store::Input> out;
  const NamedColumns named(sql);
  for (const Rows& rows : rows_) {
    const std::vector<std::size_t>* const columns = named.of(rows.name);
    if (columns == nullptr) continue;
    std::vector<Type> types;
    for (const TableColumn& one : rows.table.columns())
      types.push_back(one.column->type);
    const auto cell = [table = rows.table](std::size_t column, std::size_t row) {
      return (*table.columns()[column].cells)[row];
    };
    out.push_back(sql::input_of(rows.name, *columns, types, cell, rows.table.rows()));
  }
  return out;
}

/// The input, to which conditions and columns can be added.
std::optional<Select> RelationSql::open_input(const Relation& relation) {
  std::optional<Select> input = input_of(relation);
  if (!input) return std::nullopt;
  if (input->tail.empty() && !input->distinct && input->size < kMaxSize) return input;
  return closed(*input, relation.inputs[0]->columns);
}

bool RelationSql::assign(Select& select, const Relation& relation) {
  ScalarSql scalar = scalars(select);
  std::vector<std::pair<const kql::Column*, SqlValue>> values;
  for (const kql::Assignment& one : relation.assignments) {
    if (one.value == nullptr || one.column == nullptr) return false;
    std::optional<SqlValue> value = scalar.of(*one.value);
    if (!value || value->size > ScalarSql::kMaxSize) return false;
    if (value->type != one.column->type) value = scalar.converted(std::move(*value), one.column->type);
    if (!value) return false;
    values.emplace_back(one.column, std::move(*value));
  }
  // All see the input, none the others.
  for (auto& [column, value] : values) {
    select.size += value.size;
    if (!value.is_simple() && !value.constant) {
      const std::uint32_t size = value.size;
      value.text = named(select, value.text);
      value.size = size;
    }
    select.columns[column] = std::move(value);
  }
  return true;
}

bool RelationSql::set_order(Select& select, const Relation& relation) {
  ScalarSql scalar = scalars(select);
  select.order.clear();
  select.is_total = false;
  for (const kql::SortKey& key : relation.order) {
    std::optional<SqlValue> value = scalar.of(*key.value);
    if (!value || value->type == Type::Dynamic || value->type == Type::Decimal) return false;
    if (value->constant) continue;
    select.order.push_back({std::move(*value), key.descending, key.nulls_first});
  }
  return true;
}

// ---- operators

std::optional<Select> RelationSql::same(const Relation& relation) { return input_of(relation); }

std::optional<Select> RelationSql::filter(const Relation& relation) {
  std::optional<Select> out = open_input(relation);
  if (!out) return std::nullopt;
  if (!out->neighbours.empty()) part_windows(*out, *relation.arguments[0]);
  out->neighbours.clear();
  if (!narrow(*out, *relation.arguments[0])) return std::nullopt;
  return out;
}

bool RelationSql::narrow(Select& select, const Expression& condition) {
  const std::optional<SqlValue> said = scalars(select).condition(condition);
  if (!said || said->size > ScalarSql::kMaxSize) return false;
  select.conditions += kql::conjuncts_of(&condition).size();
  if (select.conditions > kMaxConditions) return false;
  select.size += said->size;
  select.where.push_back(said->text);
  return true;
}

std::optional<Select> RelationSql::project(const Relation& relation) {
  if (has_windows(relation)) return windowed(relation);
  std::optional<Select> out = open_input(relation);
  if (!out || !assign(*out, relation)) return std::nullopt;
  return out;
}

std::optional<Select> RelationSql::sort(const Relation& relation) {
  std::optional<Select> out = open_input(relation);
  if (!out || !set_order(*out, relation)) return std::nullopt;
  return out;
}

std::optional<Select> RelationSql::take(const Relation& relation) {
  std::optional<Select> out = open_input(relation);
  const Result<std::int64_t> count = executor_.number(relation.arguments[0], 0);
  if (!out || !count) return std::nullopt;
  out->tail = fmt::format("LIMIT {}", *count);
  out->is_small = true;
  return out;
}

std::optional<Select> RelationSql::top(const Relation& relation) {
  std::optional<Select> out = open_input(relation);
  const Result<std::int64_t> count = executor_.number(relation.arguments[0], 0);
  if (!out || !count || !set_order(*out, relation)) return std::nullopt;
  out->tail = fmt::format("LIMIT {}", *count);
  out->is_small = true;
  return out;
}

}  // namespace redoubt::query::sql

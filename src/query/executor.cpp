#include "query/detail/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "kql/plan_walk.h"
#include "query/detail/program.h"

namespace redoubt::query::detail {

namespace {

using kql::Expression;
using kql::NodeKind;
using kql::Relation;

OperatorFunction function_of(NodeKind op) {
  static constexpr OperatorRows (*kTables[])() = {
      row_operators,    source_operators,    column_operators, group_operators,  join_operators,
      search_operators, expansion_operators, parse_operators,  series_operators, partition_operators,
      scan_operators,   plugin_operators,    graph_operators,  nested_operators};
  for (const auto table : kTables)
    for (const OperatorRow& row : table())
      if (row.op == op) return row.run;
  return nullptr;
}

/// A condition may ask for its rows more than once. A result is such an expression.
constexpr std::size_t kUsesOfExpression = 2;

/// A union that does without a table that is not there.
bool is_fuzzy(const Relation& rows) {
  return rows.op == NodeKind::Union &&
         std::any_of(rows.options.begin(), rows.options.end(),
                     [](const kql::Option& one) { return one.name == "isfuzzy" && one.value == "true"; });
}

/// Operators that only choose and name columns.
bool keeps_rows(NodeKind op) {
  static constexpr NodeKind kOperators[] = {NodeKind::As,          NodeKind::ProjectAway,
                                            NodeKind::ProjectKeep, NodeKind::ProjectRename,
                                            NodeKind::Render,      NodeKind::ProjectReorder};
  return std::find(std::begin(kOperators), std::end(kOperators), op) != std::end(kOperators);
}

}  // namespace

tl::unexpected<Error> unsupported(std::string_view what, std::string hint) {
  return fail(Error::Kind::Unsupported, "QRY0001", fmt::format("cannot be run here: {}", what), {},
              std::move(hint));
}

bool is_missing(const Error& error) { return error.code == "QRY0005"; }

std::optional<std::string_view> Operation::option(std::string_view name) const {
  for (const kql::Option& one : relation.options)
    if (one.name == name) return one.value;
  return std::nullopt;
}

Executor::Executor(const kql::Analysis& analysis, TableSource& source,
                   const kql::EvaluationContext& evaluation, Budget& budget)
    : syntax_(analysis.syntax), source_(source), evaluation_(evaluation), budget_(budget) {
  frames_.push_back(std::make_unique<Frame>());
  source_.attach(this);
  kql::each_node(
      analysis,
      [&](const Relation& rows) {
        for (const Relation* input : rows.inputs)
          ++uses_[input];
      },
      [&](const Expression& value) {
        for (const Relation* rows : value.relations)
          uses_[rows] += kUsesOfExpression;
      });
}

Executor::~Executor() { source_.attach(nullptr); }

const Table* Executor::find(const Relation* relation) const {
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
    if ((*frame)->begin == relation) return &(*frame)->table;
    if (const auto made = (*frame)->made.find(relation); made != (*frame)->made.end()) return &made->second;
  }
  return nullptr;
}

bool Executor::is_used_again(const Relation& relation) const {
  const auto uses = uses_.find(&relation);
  return uses != uses_.end() && uses->second > 1;
}

void Executor::keep(const Relation& relation, const Table& table) {
  std::size_t at = frames_.size() - 1;
  while (at > 0 && !hangs_on(relation, *frames_[at]))
    --at;
  if (is_used_again(relation) || at + 1 < frames_.size()) frames_[at]->made.emplace(&relation, table);
}

/// Whether the rows hang on those that the frame begins with, or on its fixed column.
bool Executor::hangs_on(const Relation& query, const Frame& frame) {
  std::unordered_map<const Relation*, bool>& known = begins_[frame.begin];
  std::vector<std::pair<const Relation*, bool>> stack{{&query, false}};
  bool fixed = false;
  const auto parts_of = [&](const Relation& rows) {
    std::vector<const Relation*> out(rows.inputs.begin(), rows.inputs.end());
    kql::each_expression(rows, [&](const Expression& value) {
      out.insert(out.end(), value.relations.begin(), value.relations.end());
      fixed = fixed || (frame.fixed.column != nullptr && value.column == frame.fixed.column);
    });
    return out;
  };
  while (!stack.empty()) {
    const auto [rows, opened] = stack.back();
    stack.pop_back();
    if (known.contains(rows)) continue;
    if (rows == frame.begin) {
      known[rows] = true;
      continue;
    }
    fixed = false;
    const std::vector<const Relation*> parts = parts_of(*rows);
    if (fixed) {
      known[rows] = true;
      continue;
    }
    if (opened) {
      known[rows] =
          std::any_of(parts.begin(), parts.end(), [&](const Relation* part) { return known[part]; });
      continue;
    }
    stack.emplace_back(rows, true);
    for (const Relation* part : parts)
      if (!known.contains(part)) stack.emplace_back(part, false);
  }
  return known[&query];
}

const kql::Column* Executor::new_column(std::string_view name, kql::Type type) {
  kql::Column* const out = arena_.make<kql::Column>();
  out->name = arena_.copy(name);
  out->type = type;
  return out;
}

Result<Table> Executor::first_rows(const Relation& relation, std::uint64_t count) {
  // Others that read it need all.
  const auto uses = uses_.find(&relation);
  wanted_ = uses == uses_.end() || uses->second <= kUsesOfExpression ? &relation : nullptr;
  wanted_count_ = count;
  Result<Table> out = rows(relation);
  wanted_ = nullptr;
  return out;
}

/// Nothing: the source does not have them as one.
Result<std::optional<Table>> Executor::of_source(const Relation& relation) {
  if (frames_.size() > 1 || !source_.covers(relation)) return std::nullopt;
  Result<Table> read = source_.read(relation);
  if (!read && source_.gives_up(relation, read.error())) return std::nullopt;
  if (!read) return tl::unexpected(std::move(read).error());
  Table out = RD_TRY(taken(relation, *std::move(read)));
  keep(relation, out);
  return out;
}

Result<Table> Executor::taken(const Relation& relation, Table rows) {
  // Such as the time of loading, where the source does not know it.
  if (!relation.open && rows.columns().size() < relation.columns.size()) rows = rows.with(relation.columns);
  RD_TRY(budget_.spend(rows.rows() * relation.columns.size()));
  return rows;
}

/// Of the input of a filter, what its condition may hold on. Nothing: all of it is to be read.
Result<std::optional<Table>> Executor::likely_rows(const Relation& filter) {
  const Relation& input = *filter.inputs.front();
  if (frames_.size() > 1 || find(&input) != nullptr || is_used_again(input)) return std::nullopt;
  std::optional<Table> read = RD_TRY(source_.read_likely(filter));
  if (!read) return std::nullopt;
  Table out = RD_TRY(taken(input, *std::move(read)));
  return out;
}

/// What an operator can't do is told where it is written; those of saved functions stand in another text.
Error Executor::placed(const Relation& relation, Error error) const {
  static constexpr std::string_view kOfOperators[] = {"QRY0001", "QRY0005", "QRY0009"};
  const bool is_one = std::ranges::find(kOfOperators, error.code) != std::end(kOfOperators);
  const std::string_view query = syntax_.text;
  const char* const begin = relation.text.data();
  const bool is_here = !relation.text.empty() && std::less_equal<>()(query.data(), begin) &&
                       std::less<>()(begin, query.data() + query.size());
  if (is_one && is_here && error.where.file.empty() && error.where.line == 0)
    error.where = syntax_.where(static_cast<std::size_t>(begin - query.data()));
  return error;
}

/// The operators of a pipe that are to be worked out, from the last one down to where the rows are known.
/// Gives these; nothing: the first operator has no input.
Result<std::optional<Table>> Executor::steps_of(const Relation& relation, std::vector<Step>& out) {
  std::uint64_t enough = UINT64_MAX;
  for (const Relation* at = &relation;; at = at->inputs.front()) {
    if (const Table* const known = find(at)) return *known;
    std::optional<Table> given = RD_TRY(of_source(*at));
    if (given) return given;
    if (is_used_again(*at)) enough = UINT64_MAX;
    out.push_back({at, enough});
    if (at->inputs.empty()) return std::nullopt;
    if (at->op == NodeKind::Filter) {
      std::optional<Table> likely = RD_TRY(likely_rows(*at));
      if (likely) return likely;
    }
    if (at->op == NodeKind::Take) {
      const std::int64_t count = RD_TRY(number(at->arguments[0], 0));
      enough = std::min(enough, static_cast<std::uint64_t>(count));
    } else if (!keeps_rows(at->op)) {
      enough = UINT64_MAX;
    }
  }
}

Result<Table> Executor::rows(const Relation& relation) {
  std::vector<Step> steps;
  std::optional<Table> table = RD_TRY(steps_of(relation, steps));
  std::optional<Error> lacks;
  for (auto one = steps.rbegin(); one != steps.rend(); ++one) {
    const Relation& at = *one->rows;
    const OperatorFunction run = function_of(at.op);
    if (run == nullptr)
      return tl::unexpected(
          placed(at, unsupported(at.text.empty() ? kql::node_name(at.op) : at.text).value()));
    Operation operation{*this, at, table ? std::move(*table) : Table(), std::exchange(lacks, std::nullopt),
                        one->enough};
    Result<Table> made = run(operation);
    if (!made) {
      const auto next =
          std::find_if(one + 1, steps.rend(), [](const Step& step) { return is_fuzzy(*step.rows); });
      if (!is_missing(made.error()) || next == steps.rend())
        return tl::unexpected(placed(at, std::move(made).error()));
      lacks = made.error();
      table.reset();
      one = next - 1;
      continue;
    }
    // Columns that only the rows tell stay as they came.
    table = at.open ? std::move(*made) : made->with(at.columns);
    RD_TRY(budget_.spend(table->rows()));
    keep(at, *table);
  }
  return std::move(*table);
}

const kql::Value* Executor::fixed_value(const kql::Column* column) const {
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame)
    if (column != nullptr && (*frame)->fixed.column == column) return &(*frame)->fixed.value;
  return nullptr;
}

Result<Table> Executor::rows_given(const Relation& query, std::vector<Given> given) {
  const std::size_t before = frames_.size();
  for (Given& one : given) {
    frames_.push_back(std::make_unique<Frame>());
    frames_.back()->begin = one.begin;
    frames_.back()->table = std::move(one.table);
    frames_.back()->fixed = std::move(one.fixed);
  }
  Result<Table> out = rows(query);
  frames_.resize(before);
  return out;
}

Result<kql::Value> Executor::constant(const Expression& value) {
  Program program = RD_TRY(Program::compile(*this, {{&value}}, {}));
  RD_TRY(program.work_out(0));
  return program.result(0);
}

Result<std::int64_t> Executor::number(const Expression* value, std::int64_t otherwise) {
  if (value == nullptr) return otherwise;
  const kql::Value out = RD_TRY(constant(*value));
  const kql::Value whole = kql::convert(out, kql::Type::Long);
  if (whole.is_null())
    return fail(Error::Kind::InvalidInput, "QRY0006", "a number is expected: " + kql::to_text(out));
  return std::max<std::int64_t>(whole.as_long(), 0);
}

}  // namespace redoubt::query::detail

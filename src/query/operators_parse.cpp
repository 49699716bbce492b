#include <algorithm>

#include "query/detail/operators.h"
#include "query/detail/parse_pairs.h"
#include "query/detail/parse_pattern.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, "parse operator", "parse-where operator", "parse-kv operator".

namespace {

using kql::NodeKind;
using kql::Value;

/// What is parsed, as texts.
Result<std::vector<std::string>> texts_of(Operation& operation) {
  if (operation.argument(0) == nullptr) return unsupported("parse of nothing");
  const std::shared_ptr<const Cells> cells =
      RD_TRY(cells_of(operation.executor, {operation.argument(0)}, operation.input));
  std::vector<std::string> out;
  out.reserve(cells->size());
  for (const Value& value : *cells)
    out.push_back(kql::to_text(value));
  return out;
}

/// The columns that were read, beside those of the rows.
Table with_columns(const Table& rows, std::span<const kql::Column* const> columns, std::vector<Cells> cells) {
  Table out = rows;
  for (std::size_t i = 0; i < columns.size(); ++i)
    out.set(columns[i], std::make_shared<const Cells>(std::move(cells[i])));
  return out;
}

Result<Table> parse(Operation& operation) {
  const bool only_fitting = operation.relation.op == NodeKind::ParseWhere;
  const std::string_view kind = operation.option("kind").value_or("simple");
  const std::vector<std::string> texts = RD_TRY(texts_of(operation));
  ParsePattern pattern =
      RD_TRY(ParsePattern::compile(operation.relation.pattern, {kind == "regex", kind == "relaxed"},
                                   operation.option("flags").value_or("")));
  RD_TRY(operation.budget().spend(texts.size() * pattern.columns().size()));
  std::vector<Cells> cells(pattern.columns().size());
  std::vector<std::size_t> rows;
  std::vector<Value> values;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    RD_TRY(keep_going(operation, row));
    const bool fits = RD_TRY(pattern.read(texts[row], operation.executor.evaluation(), values));
    if (only_fitting && !fits) continue;
    rows.push_back(row);
    for (std::size_t i = 0; i < values.size(); ++i)
      cells[i].push_back(std::move(values[i]));
  }
  return with_columns(only_fitting ? operation.input.take(rows) : operation.input, pattern.columns(),
                      std::move(cells));
}

/// A key counts where it stands first.
Result<Table> parse_kv(Operation& operation) {
  const std::vector<std::string> texts = RD_TRY(texts_of(operation));
  const PairSyntax syntax = RD_TRY(PairSyntax::of(operation.relation.options));
  std::vector<const kql::Column*> columns;
  for (const kql::Column* column : operation.relation.columns)
    if (operation.input.find(column) == nullptr) columns.push_back(column);
  RD_TRY(operation.budget().spend(texts.size() * columns.size()));
  std::vector<Cells> cells(columns.size());
  for (std::size_t row = 0; row < texts.size(); ++row) {
    RD_TRY(keep_going(operation, row));
    const std::vector<Pair> pairs = pairs_of(texts[row], syntax);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto found = std::find_if(pairs.begin(), pairs.end(),
                                      [&](const Pair& pair) { return pair.first == columns[i]->name; });
      Value value = Value::null(columns[i]->type);
      if (found != pairs.end())
        value = RD_TRY(read_value(found->second, columns[i]->type, operation.executor.evaluation()));
      cells[i].push_back(std::move(value));
    }
  }
  return with_columns(operation.input, columns, std::move(cells));
}

constexpr OperatorRow kRows[] = {
    {NodeKind::Parse, parse}, {NodeKind::ParseKv, parse_kv}, {NodeKind::ParseWhere, parse}};

}  // namespace

OperatorRows parse_operators() { return kRows; }

}  // namespace redoubt::query::detail

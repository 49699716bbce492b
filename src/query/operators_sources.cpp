#include <fmt/format.h>

#include "kql/watchlist_items.h"
#include "query/detail/operators.h"
#include "query/external_files.h"

namespace redoubt::query::detail {

namespace {

using kql::NodeKind;
using kql::Value;

constexpr std::string_view kGetWatchlist = "_GetWatchlist";

/// The executor asks the source before it comes here.
Result<Table> stored(Operation& operation) { return operation.executor.source().read(operation.relation); }

Result<Table> data_table(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  const std::size_t width = relation.columns.size();
  if (width == 0) return Table();
  std::vector<Cells> cells(width);
  for (std::size_t i = 0; i < relation.arguments.size(); ++i) {
    const Value value = RD_TRY(operation.executor.constant(*relation.arguments[i]));
    cells[i % width].push_back(as_cell(value, relation.columns[i % width]->type));
  }
  return Table(relation.arguments.size() / width, relation.columns, std::move(cells));
}

Result<Table> print(Operation& operation) {
  return assigned(operation, Table(1), operation.relation.assignments);
}

Result<Table> range(Operation& operation) {
  const kql::Column* const column = operation.relation.columns[0];
  Value ends[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const Value end = RD_TRY(operation.executor.constant(*operation.argument(i)));
    ends[i] = i == 2 ? end : as_cell(end, column->type);
  }
  const auto& [from, to, step] = ends;
  Cells cells;
  if (!from.is_null() && !to.is_null() && !step.is_null()) {
    const Value zero = apply(kql::TokenKind::Minus, step, step);
    const std::partial_ordering direction = kql::order_of(step, zero);
    if (direction == 0) return fail(Error::Kind::InvalidInput, "QRY0006", "the step of range is zero");
    for (Value at = from; !at.is_null(); at = as_cell(apply(kql::TokenKind::Plus, at, step), column->type)) {
      const std::partial_ordering order = kql::order_of(at, to);
      if (direction > 0 ? order > 0 : order < 0) break;
      if (!cells.empty() && (direction > 0) != (kql::order_of(at, cells.back()) > 0)) break;  // it wrapped
      if (cells.size() % 4096 == 0) RD_TRY(operation.budget().spend(4096));
      cells.push_back(at);
    }
  }
  Table out(cells.size());
  out.add(column, std::move(cells));
  return out;
}

std::string copy_hint(const std::vector<std::string>& addresses) {
  const std::optional<std::string> path = addresses.empty() ? std::nullopt : external_path(addresses.front());
  return fmt::format("--external DIR names a folder with copies{}",
                     path ? fmt::format(": this one is DIR/{}", *path) : std::string());
}

/// Addresses keep what is behind `;`, a key, from nobody: only the part before it is looked up.
Result<Table> external_data(Operation& operation) {
  std::vector<std::string> addresses;
  for (const kql::Expression* argument : operation.relation.arguments) {
    const Value address = RD_TRY(operation.executor.constant(*argument));
    const std::string text = kql::to_text(address);
    addresses.push_back(text.substr(0, text.find(';')));
  }
  ExternalData* const external = operation.executor.source().external();
  if (external == nullptr)
    return fail(
        Error::Kind::Unsupported, "QRY0009",
        fmt::format("externaldata is not fetched: {}",
                    addresses.empty() ? "" : addresses.front().substr(0, addresses.front().find('?'))),
        {}, copy_hint(addresses));
  return external->read(addresses, operation.relation);
}

/// Functions that a workspace has; of them the watchlists are here (counted_source.h).
Result<Table> workspace_function(Operation& operation) {
  const kql::Relation& relation = operation.relation;
  if (operation.option(kql::kWatchlistOption)) return operation.executor.source().read(relation);
  if (!relation.text.starts_with(kGetWatchlist))
    return unsupported(relation.text, "--functions PATH gives functions of the workspace");
  return fail(Error::Kind::NotFound, "QRY0005", fmt::format("there is no watchlist: {}", relation.text), {},
              "--watchlists DIR gives watchlists: ALIAS.csv, or resources");
}

constexpr OperatorRow kRows[] = {{NodeKind::Call, workspace_function},
                                 {NodeKind::DataTable, data_table},
                                 {NodeKind::ExternalData, external_data},
                                 {NodeKind::Name, stored},
                                 {NodeKind::Print, print},
                                 {NodeKind::Range, range}};

}  // namespace

OperatorRows source_operators() { return kRows; }

}  // namespace redoubt::query::detail

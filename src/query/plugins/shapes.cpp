#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "kql/types.h"
#include "query/detail/plugin.h"

namespace redoubt::query::detail {

// Source: Kusto Query Language reference, pages "... plugin".

namespace {

using kql::Type;
using kql::Value;

Value text(std::string_view value) { return Value::of_string(std::string(value)); }

Result<Table> identity(const PluginCall& call) { return call.input(); }

/// A row for each cell.
Result<Table> narrow(const PluginCall& call) {
  const std::span<const TableColumn> columns = call.input().columns();
  RD_TRY(call.budget().spend(3 * call.rows() * columns.size()));
  std::vector<Cells> out(3);
  for (std::size_t row = 0; row < call.rows(); ++row)
    for (const TableColumn& one : columns) {
      out[0].push_back(Value::of_long(static_cast<std::int64_t>(row)));
      out[1].push_back(text(one.column->name));
      out[2].push_back(text(kql::to_text((*one.cells)[row])));
    }
  PluginTable table(call, call.rows() * columns.size());
  for (Cells& cells : out)
    table.add(std::move(cells));
  return std::move(table).table();
}

/// The first rows, and in a second table how many there are.
Result<Table> preview(const PluginCall& call) {
  const std::int64_t most = RD_TRY(call.whole("NumberOfRows", 0));
  const std::vector<std::size_t> first =
      all_rows(std::min(call.rows(), static_cast<std::size_t>(std::max<std::int64_t>(most, 0))));
  Table count(1);
  count.add(call.executor().new_column("Count", Type::Long),
            Cells{Value::of_long(static_cast<std::int64_t>(call.rows()))});
  call.executor().give_too(call.relation(), {count});
  return call.input().take(first);
}

Result<Table> estimate_rows_count(const PluginCall& call) {
  PluginTable out(call, 1);
  out.add(Cells{Value::of_long(static_cast<std::int64_t>(call.rows()))});
  return std::move(out).table();
}

/// What schemas say of a column.
struct MergedColumn {
  std::string name;
  std::int64_t first = 0;  ///< its ordinal where it comes first
  std::int64_t last = 0;   ///< the greatest of its ordinals
  bool moved = false;      ///< it has several
  std::string type;
  std::string system_type;
  std::string error;
};

constexpr std::string_view kSchemaColumns[] = {"ColumnName", "ColumnOrdinal", "DataType", "ColumnType"};

/// A type takes the other when all its values are of that, too.
void merge_type(MergedColumn& merged, const std::string& type, const std::string& system_type) {
  if (merged.type == type) return;
  const std::optional<Type> one = kql::find_type(merged.type);
  const std::optional<Type> other = kql::find_type(type);
  if (!one || !other || (!kql::promotes(*one, *other) && !kql::promotes(*other, *one))) {
    merged.error = fmt::format("ERROR(types do not fit: {}, {})", merged.type, type);
    return;
  }
  if (!kql::promotes(*one, *other)) return;
  merged.type = type;
  merged.system_type = system_type;
}

std::vector<MergedColumn> merged(const std::vector<std::shared_ptr<const Cells>>& cells, std::size_t rows) {
  std::vector<MergedColumn> out;
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto at = [&](std::size_t i) { return kql::to_text((*cells[i])[row]); };
    const Value number = kql::convert((*cells[1])[row], Type::Long);
    const std::int64_t ordinal = number.is_null() ? 0 : number.as_long();
    const auto [found, added] = known.try_emplace(at(0), out.size());
    if (added) {
      out.push_back({.name = at(0), .first = ordinal, .last = ordinal, .type = at(3), .system_type = at(2)});
      continue;
    }
    MergedColumn& same = out[found->second];
    same.moved = same.moved || same.first != ordinal;
    same.last = std::max(same.last, ordinal);
    merge_type(same, at(3), at(2));
  }
  return out;
}

/// One schema that all fit in, of those that getschema gave.
Result<Table> schema_merge(const PluginCall& call) {
  std::vector<std::shared_ptr<const Cells>> cells;
  for (const std::string_view name : kSchemaColumns)
    for (const TableColumn& one : call.input().columns())
      if (one.column->name == name) cells.push_back(one.cells);
  if (cells.size() != std::size(kSchemaColumns)) return refused("schema_merge takes what getschema gives");
  const Value keep = RD_TRY(call.value("PreserveOrder"));
  const bool in_order = keep.is_null() || !keep.is(Type::Bool) || keep.as_bool();
  std::vector<MergedColumn> columns = merged(cells, call.rows());
  std::stable_sort(columns.begin(), columns.end(),
                   [](const MergedColumn& a, const MergedColumn& b) { return a.last < b.last; });
  std::vector<Cells> out(4);
  std::int64_t ordinal = 0;
  for (MergedColumn& one : columns) {
    if (in_order && one.moved) one.error = "ERROR(columns are out of order)";
    out[0].push_back(text(one.name));
    out[1].push_back(Value::of_long(one.error.empty() ? ordinal++ : -1));
    out[2].push_back(
        text(one.error.empty() ? one.system_type : fmt::format("ERROR(unknown CSL type:{})", one.error)));
    out[3].push_back(text(one.error.empty() ? one.type : one.error));
  }
  PluginTable table(call, columns.size());
  for (Cells& one : out)
    table.add(std::move(one));
  return std::move(table).table();
}

constexpr PluginRow kRows[] = {{"estimate_rows_count", estimate_rows_count},
                               {"identity", identity},
                               {"identity_v3", identity},
                               {"narrow", narrow},
                               {"preview", preview},
                               {"schema_merge", schema_merge}};

}  // namespace

PluginRows shape_plugins() { return kRows; }

}  // namespace redoubt::query::detail

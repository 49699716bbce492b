#include "cli/kql_chart_series.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "kql/evaluate.h"
#include "kql/json_text.h"

namespace redoubt::cli {

namespace {

using kql::JsonKind;
using kql::Type;
using kql::Value;

constexpr std::size_t kMostRows = 1'000'000;

/// The elements of each cell of a column; empty for a null.
struct Arrays {
  std::size_t column = 0;
  std::vector<std::vector<std::string_view>> cells;
};

std::optional<Arrays> arrays_of(const query::ResultTable& table, std::size_t column) {
  if (table.columns[column].second != Type::Dynamic) return std::nullopt;
  Arrays out{column, {}};
  bool has_any = false;
  for (const Value& cell : table.cells[column]) {
    std::vector<std::string_view>& made = out.cells.emplace_back();
    if (cell.is_null()) continue;
    if (kql::json_kind(cell.json()) != JsonKind::Array) return std::nullopt;
    made = kql::json_elements(cell.json());
    has_any = has_any || !made.empty();
  }
  return has_any ? std::optional(std::move(out)) : std::nullopt;
}

Value element(std::string_view json, Type type) {
  return kql::convert(Value::of_dynamic(std::string(json)), type);
}

/// The first of these types that all elements are of; Unknown: none is.
Type type_of(const Arrays& arrays) {
  bool is_long = true;
  bool is_number = true;
  bool is_time = true;
  bool is_span = true;
  for (const std::vector<std::string_view>& cell : arrays.cells)
    for (const std::string_view json : cell) {
      const JsonKind kind = kql::json_kind(json);
      if (kind == JsonKind::Null) continue;
      is_long = is_long && kind == JsonKind::Long;
      is_number =
          is_number && (kind == JsonKind::Long || kind == JsonKind::Real ||
                        (kind == JsonKind::String && (json == "\"NaN\"" || json.ends_with("Infinity\""))));
      is_time = is_time && kind == JsonKind::String && !element(json, Type::DateTime).is_null();
      is_span = is_span && kind == JsonKind::String && !element(json, Type::Timespan).is_null();
    }
  if (is_long) return Type::Long;
  if (is_number) return Type::Real;
  if (is_time) return Type::DateTime;
  return is_span ? Type::Timespan : Type::Unknown;
}

/// How many rows each row becomes.
std::vector<std::size_t> lengths_of(const std::vector<Arrays>& all, std::size_t rows) {
  std::vector<std::size_t> out(rows, 0);
  for (const Arrays& one : all)
    for (std::size_t row = 0; row < rows; ++row)
      out[row] = std::max(out[row], one.cells[row].size());
  return out;
}

}  // namespace

query::ResultTable unrolled(const query::ResultTable& table) {
  std::vector<Arrays> all;
  std::vector<Type> types;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (std::optional<Arrays> found = arrays_of(table, i))
      if (const Type type = type_of(*found); type != Type::Unknown) {
        all.push_back(*std::move(found));
        types.push_back(type);
      }
  const std::vector<std::size_t> lengths = lengths_of(all, table.rows);
  std::size_t rows = 0;
  for (const std::size_t length : lengths)
    rows += length;
  if (all.empty() || rows > kMostRows) return table;
  query::ResultTable out = table;
  out.rows = rows;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    out.cells[i].clear();
    const auto found = std::ranges::find(all, i, &Arrays::column);
    const Type type =
        found == all.end() ? Type::Unknown : types[static_cast<std::size_t>(found - all.begin())];
    if (found != all.end()) out.columns[i].second = type;
    for (std::size_t row = 0; row < table.rows; ++row)
      for (std::size_t at = 0; at < lengths[row]; ++at)
        out.cells[i].push_back(found == all.end()              ? table.cells[i][row]
                               : at < found->cells[row].size() ? element(found->cells[row][at], type)
                                                               : Value::null(type));
  }
  return out;
}

}  // namespace redoubt::cli

#include "store/event_schema.h"

#include <algorithm>
#include <iterator>

#include "core/hash.h"
#include "store/detail/event_ddl.h"
#include "store/sql_text.h"

namespace redoubt::store {

namespace {

struct KindRow {
  std::string_view name;
  CellType cell;
  bool nullable;
};

/// In the order of ColumnKind.
constexpr KindRow kKinds[] = {
    {"bool", CellType::Bool, true},      {"int", CellType::Int32, true},
    {"long", CellType::Int64, true},     {"real", CellType::Float64, true},
    {"decimal", CellType::String, true}, {"string", CellType::String, false},
    {"datetime", CellType::Int64, true}, {"timespan", CellType::Int64, true},
    {"guid", CellType::String, true},    {"dynamic", CellType::String, false},
};

/// The engine hashes names of files that are longer.
constexpr std::size_t kLongestPlainName = 100;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/// A word that neither the engine nor the SQL of queries has another use for: `_part` and its like are the
/// engine's.
bool is_plain(std::string_view name) {
  if (name.empty() || name.size() > kLongestPlainName || name.starts_with("rd_")) return false;
  if (!is_letter(name.front()) && name.front() != '_') return false;
  if (name.front() == '_' && (name.size() < 2 || is_lower(name[1]))) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::string stored_name(std::string_view name) {
  return is_plain(name) ? std::string(name) : "rd_x" + sha1_hex(name);
}

}  // namespace

std::string_view name_of(ColumnKind kind) { return kKinds[static_cast<std::size_t>(kind)].name; }

std::optional<ColumnKind> find_column_kind(std::string_view name) {
  const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                   [&](const KindRow& row) { return row.name == name; });
  if (found == std::end(kKinds)) return std::nullopt;
  return static_cast<ColumnKind>(found - std::begin(kKinds));
}

const EventColumn* EventTable::find(std::string_view column) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const EventColumn& one) { return one.name == column; });
  return found == columns.end() ? nullptr : &*found;
}

const EventColumn* EventTable::time_column() const {
  for (const std::string_view known : kTimeColumns)
    if (const EventColumn* column = find(known);
        column != nullptr && column->kind == ColumnKind::DateTime && !column->is_late)
      return column;
  return nullptr;
}

ColumnShape shape_of(const EventColumn& column, bool is_time) {
  const KindRow& row = kKinds[static_cast<std::size_t>(column.kind)];
  return {column.name, row.cell, row.nullable && !is_time};
}

std::string stored_table(std::string_view table) { return stored_name(table); }

std::string stored_from(std::string_view table) {
  return sql_name(detail::kEventsDatabase) + "." + sql_name(stored_name(table));
}

std::string stored_column(std::string_view column) { return stored_name(column); }

}  // namespace redoubt::store

#include "query/sql/event_catalog.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "kql/ingestion.h"

namespace redoubt::query::sql {

namespace {

using kql::Type;
using store::ColumnKind;

/// In the order of ColumnKind.
constexpr Type kTypes[] = {Type::Bool,   Type::Int,      Type::Long,     Type::Real, Type::Decimal,
                           Type::String, Type::DateTime, Type::Timespan, Type::Guid, Type::Dynamic};

StoredTable::Column column_of(const store::EventColumn& column, bool is_time) {
  const Type type = type_of(column.kind);
  const bool never_null = is_time || type == Type::String || type == Type::Dynamic;
  return {sql_name(store::stored_column(column.name)), type, is_time ? Form::Time : Form::Plain, !never_null,
          column.word_index && type == Type::String};
}

}  // namespace

Type type_of(ColumnKind kind) { return kTypes[static_cast<std::size_t>(kind)]; }

std::optional<ColumnKind> kind_of(Type type) {
  const auto* const found = std::find(std::begin(kTypes), std::end(kTypes), type);
  if (found == std::end(kTypes)) return std::nullopt;
  return static_cast<ColumnKind>(found - std::begin(kTypes));
}

std::optional<StoredTable> EventCatalog::find(std::string_view name) const {
  const store::EventTable* const table = tables_.find(name);
  if (table == nullptr) return std::nullopt;
  StoredTable out{store::stored_from(name), {}};
  for (const store::EventColumn& column : table->columns)
    out.columns.emplace(column.name, column_of(column, &column == table->time_column()));
  out.columns.emplace(kql::kIngestionColumn, StoredTable::Column{.name = sql_name(store::kReceivedColumn),
                                                                 .type = Type::DateTime,
                                                                 .form = Form::Time,
                                                                 .nullable = false});
  return out;
}

kql::Schemas schemas_of(const store::EventTables& tables) {
  kql::Schemas out;
  for (const auto& [name, table] : tables.tables()) {
    std::vector<std::pair<std::string, Type>> columns;
    columns.reserve(table.columns.size());
    for (const store::EventColumn& column : table.columns)
      columns.emplace_back(column.name, type_of(column.kind));
    out.add_table(name, columns);
  }
  return out;
}

std::vector<store::EventTable> event_tables_of(const kql::Schemas& schemas) {
  std::vector<store::EventTable> out;
  for (const kql::Relation* const table : schemas.tables()) {
    store::EventTable made{.name = std::string(table->name)};
    for (const kql::Column* const column : table->columns) {
      const ColumnKind kind = kind_of(column->type).value_or(ColumnKind::Dynamic);
      made.columns.push_back(
          {.name = std::string(column->name), .kind = kind, .shared_texts = kind == ColumnKind::String});
    }
    out.push_back(std::move(made));
  }
  return out;
}

}  // namespace redoubt::query::sql

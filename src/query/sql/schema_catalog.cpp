#include "query/sql/schema_catalog.h"

namespace redoubt::query::sql {

StoredTable::Column stored_column(std::string_view name, kql::Type type) {
  const bool text = type == kql::Type::String || type == kql::Type::Dynamic;
  StoredTable::Column out{.name = sql_name(name), .type = type, .nullable = !text};
  if (name == "TimeGenerated" && type == kql::Type::DateTime) {
    out.form = Form::Time;
    out.nullable = false;
  }
  return out;
}

std::optional<StoredTable> SchemaCatalog::find(std::string_view name) const {
  const kql::Relation* const table = schemas_.find(name);
  if (table == nullptr) return std::nullopt;
  StoredTable out{.from = sql_name(table->name), .columns = {}};
  for (const kql::Column* column : table->columns)
    out.columns[std::string(column->name)] = stored_column(column->name, column->type);
  return out;
}

}  // namespace redoubt::query::sql

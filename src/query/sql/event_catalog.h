#pragma once

#include <vector>

#include "kql/schemas.h"
#include "query/sql/catalog.h"
#include "store/event_tables.h"

namespace redoubt::query::sql {

/// The tables of events as queries find them.
class EventCatalog : public Catalog {
 public:
  /// `tables` must outlive this.
  explicit EventCatalog(const store::EventTables& tables) : tables_(tables) {}

  std::optional<StoredTable> find(std::string_view name) const override;

 private:
  const store::EventTables& tables_;
};

kql::Type type_of(store::ColumnKind kind);
/// Nothing for what no column is.
std::optional<store::ColumnKind> kind_of(kql::Type type);

/// What queries over the tables are checked against.
kql::Schemas schemas_of(const store::EventTables& tables);

/// The tables of a schema as tables of events; texts of strings are kept once each.
std::vector<store::EventTable> event_tables_of(const kql::Schemas& schemas);

}  // namespace redoubt::query::sql

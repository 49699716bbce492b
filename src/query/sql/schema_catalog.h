#pragma once

#include "kql/schemas.h"
#include "query/sql/catalog.h"

namespace redoubt::query::sql {

/// How a column of the event store is held: the time of an event as it is compared, all else plain.
StoredTable::Column stored_column(std::string_view name, kql::Type type);

/// Tables that are known by their columns alone, named as the event store names them.
class SchemaCatalog : public Catalog {
 public:
  /// The schemas must outlive this.
  explicit SchemaCatalog(const kql::Schemas& schemas) : schemas_(schemas) {}

  std::optional<StoredTable> find(std::string_view name) const override;

 private:
  const kql::Schemas& schemas_;
};

}  // namespace redoubt::query::sql

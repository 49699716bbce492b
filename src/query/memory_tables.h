#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "kql/schemas.h"
#include "query/table_source.h"

namespace redoubt::query {

/// Tables whose rows are here, such as those that come with a query.
class MemoryTables : public TableSource {
 public:
  MemoryTables() { schemas_.close(); }

  /// A table of these columns; `cells` are by column, all of one length. One of the same name is replaced.
  void add(std::string_view name, const std::vector<std::pair<std::string, kql::Type>>& columns,
           std::vector<Cells> cells);
  const kql::Schemas& schemas() const { return schemas_; }

  Result<Table> read(const kql::Relation& table) override;

 private:
  struct Stored {
    std::vector<std::pair<std::string, kql::Type>> columns;
    std::vector<std::shared_ptr<const Cells>> cells;
    std::size_t rows = 0;
  };

  kql::Schemas schemas_;
  std::map<std::string, Stored, std::less<>> tables_;
};

}  // namespace redoubt::query

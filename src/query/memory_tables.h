#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "kql/schemas.h"
#include "query/packed_column.h"
#include "query/table_source.h"

namespace redoubt::query {

/// Tables whose rows are here, such as those that come with a query or were read from files.
class MemoryTables : public TableSource {
 public:
  /// A table of these columns; `cells` are by column, all of one length. One of the same name is replaced.
  void add(std::string_view name, const std::vector<std::pair<std::string, kql::Type>>& columns,
           std::vector<Cells> cells);
  /// The same, packed: only the columns that a query asks for become values, each time that it does.
  void add(std::string_view name, const std::vector<std::pair<std::string, kql::Type>>& columns,
           std::vector<PackedColumn> packed);
  const kql::Schemas& schemas() const { return schemas_; }

  /// What externaldata reads; it must outlive this.
  void set_external(ExternalData* external) { external_ = external; }
  ExternalData* external() override { return external_; }

  Result<Table> read(const kql::Relation& table) override;

  struct Stored {
    std::vector<std::pair<std::string, kql::Type>> columns;
    std::vector<std::shared_ptr<const Cells>> cells;  ///< by column
    std::vector<PackedColumn> packed;                 ///< in place of cells
    std::size_t rows = 0;

    std::shared_ptr<const Cells> column(std::size_t number) const;
    kql::Value value(std::size_t column, std::size_t row) const;
  };
  /// Null: there is no such table.
  const Stored* stored(std::string_view name) const;

 private:
  kql::Schemas schemas_;
  ExternalData* external_ = nullptr;
  std::map<std::string, Stored, std::less<>> tables_;
};

}  // namespace redoubt::query

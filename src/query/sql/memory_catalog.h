#pragma once

#include <map>
#include <string>
#include <vector>

#include "query/memory_tables.h"
#include "query/sql/catalog.h"
#include "store/engine.h"

namespace redoubt::query::sql {

/// Tables in memory that an engine reads as inputs of each statement.
class MemoryCatalog : public Catalog {
 public:
  /// To look at all of so many rows takes less time than to plan how.
  static constexpr std::size_t kFewRows = 20'000;

  /// The tables must outlive this, and stay as they are. Of up to `few_rows` they are small.
  explicit MemoryCatalog(const MemoryTables& tables, std::size_t few_rows = kFewRows);

  std::optional<StoredTable> find(std::string_view name) const override;
  std::vector<store::Input> inputs_of(std::string_view sql) const override;

 private:
  struct Entry {
    std::string input;
    StoredTable stored;
  };
  const MemoryTables& tables_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace redoubt::query::sql

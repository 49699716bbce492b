#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "query/sql/sql_value.h"
#include "store/engine.h"

namespace redoubt::query::sql {

/// A stored table as SQL finds it.
struct StoredTable {
  std::string from;  ///< what stands behind FROM, quoted
  struct Column {
    std::string name;  ///< quoted
    kql::Type type = kql::Type::Unknown;
    Form form = Form::Plain;
    bool nullable = true;
    bool words =
        false;  ///< its words are found by an index: of lower(column), and of where it has more than ASCII
  };
  std::unordered_map<std::string, Column> columns;  ///< by KQL name
  bool is_small =
      false;  ///< it is known to have so few rows that short statements matter more than fast ones
};

/// The stored tables there are.
class Catalog {
 public:
  Catalog() = default;
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;
  virtual ~Catalog() = default;

  /// Nothing: there is no such table.
  virtual std::optional<StoredTable> find(std::string_view name) const = 0;
  /// Of the tables in a statement those that the engine has to be given.
  virtual std::vector<store::Input> inputs_of(std::string_view sql) const {
    (void)sql;
    return {};
  }
};

}  // namespace redoubt::query::sql

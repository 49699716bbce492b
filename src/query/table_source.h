#pragma once

#include "core/result.h"
#include "query/table.h"

namespace redoubt::query {

/// Where the rows of stored tables come from.
class TableSource {
 public:
  TableSource() = default;
  TableSource(const TableSource&) = delete;
  TableSource& operator=(const TableSource&) = delete;
  virtual ~TableSource() = default;

  /// The columns that `table` (of kind Name) asks for, of all its rows. A row outside its time range may be
  /// left out.
  /// Errors: QRY0005 there is no such table.
  virtual Result<Table> read(const kql::Relation& table) = 0;
};

}  // namespace redoubt::query

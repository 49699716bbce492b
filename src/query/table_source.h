#pragma once

#include <optional>

#include "core/result.h"
#include "query/external_data.h"
#include "query/table.h"

namespace redoubt::query {

namespace detail {
class Executor;
}

/// Where the rows of stored tables come from.
class TableSource {
 public:
  TableSource() = default;
  TableSource(const TableSource&) = delete;
  TableSource& operator=(const TableSource&) = delete;
  virtual ~TableSource() = default;

  /// Called with who asks, as long as it does; null at its end.
  virtual void attach(detail::Executor* executor) { (void)executor; }

  /// Whether the rows of an operator can be asked for as if they were a table.
  virtual bool covers(const kql::Relation& relation) { return relation.op == kql::NodeKind::Name; }

  /// Whether so many rows, which read() gave, are all that a table has, not what is worked out of them.
  virtual bool is_whole_table(const kql::Relation& relation, std::size_t rows) const {
    (void)rows;
    return relation.op == kql::NodeKind::Name;
  }

  /// Of a filter that is not covered: rows of its input, without some of those on which the condition does
  /// not hold. Nothing: there is no quicker way than to read them all.
  virtual Result<std::optional<Table>> read_likely(const kql::Relation& filter) {
    (void)filter;
    return std::optional<Table>();
  }

  /// After read() failed so: whether the rows are to be worked out of what they are made of. Then covers()
  /// says no from now on.
  virtual bool gives_up(const kql::Relation& relation, const Error& error) {
    (void)relation;
    (void)error;
    return false;
  }

  /// What externaldata reads; null: nothing is known of any.
  virtual ExternalData* external() { return nullptr; }

  /// The columns that `table` (of kind Name, or covered) has, of all its rows. A row outside its time range
  /// may be left out. Errors: QRY0005 there is no such table.
  virtual Result<Table> read(const kql::Relation& table) = 0;
};

}  // namespace redoubt::query

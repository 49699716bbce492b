#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "kql/plan.h"
#include "query/sql/sql_value.h"

namespace redoubt::query::sql {

/// Gives names that no table has: rd_1, rd_2 ...
class Names {
 public:
  std::string next() { return "rd_" + std::to_string(++count_); }

 private:
  std::uint64_t count_ = 0;
};

/// A SELECT under construction. Operators one behind the other become one of it, as long as they can.
struct Select {
  std::string from;
  std::vector<std::string> with;                       ///< `expression AS name`, each may use those before it
  std::unordered_map<std::string, std::string> named;  ///< the name of an expression
  std::vector<std::string> where;
  std::vector<std::string> array_join;
  std::unordered_map<const kql::Column*, SqlValue> columns;
  struct Order {
    SqlValue value;
    bool descending = false;
    bool nulls_first = false;
  };
  std::vector<Order> order;
  bool is_total = false;  ///< no two rows are equal in the order
  struct Window {
    std::string name;
    std::string partition;  ///< `PARTITION BY x`, or empty
    std::string order;
  };
  std::vector<Window> windows;
  std::size_t restarts = 0;  ///< so many keys, the first of the order, part a window
  /// Of windows over all rows that look at the row before alone: the first key of the order, by which they
  /// may be parted where nobody looks at a row whose key is another one than that of the row before.
  struct Neighbour {
    std::string before;  ///< the name of that key of the row before
    std::string key;
    std::string parted;  ///< what `before` is in a parted window
  };
  std::vector<Neighbour> neighbours;
  std::string order_behind_first;   ///< of the windows, without the first key
  std::string from_if_parted;       ///< `from` with such windows
  std::vector<std::string> unique;  ///< no two rows are equal in these
  bool is_small_table = false;      ///< as StoredTable::is_small; of the table alone
  bool is_small = false;  ///< groups, or some rows: of two tables that are joined it rather is the smaller
  std::string tail;       ///< `LIMIT 5`, `GROUP BY x`: nothing can be added then
  bool distinct = false;
  std::uint64_t size = 0;      ///< nodes, with names written out
  std::uint64_t reads = 1;     ///< of tables; one that is read twice counts twice
  std::uint32_t depth = 0;     ///< of tables made of other tables
  std::size_t conditions = 0;  ///< that have to hold, here and below

  /// About as long as the text without its list.
  std::size_t text_size() const;

  /// Text with what follows the list of columns: FROM, WHERE, ORDER BY ...
  std::string text(const std::string& list) const;
};

}  // namespace redoubt::query::sql

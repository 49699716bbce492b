#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "kql/plan.h"

namespace redoubt::kql {

/// Which column of a union the columns of its inputs become: they themselves, if they are among its columns;
/// else the one of their name and type, in kind=inner, whose columns may have another type, of their name.
class UnionColumns {
 public:
  explicit UnionColumns(const Relation& rows);

  /// The number of the union's column that a column of an input becomes; nothing: it is not among them.
  std::optional<std::size_t> place_of(const Column& of_input) const;
  /// The column of an input that becomes one of the union. Null: it has none.
  const Column* source_of(std::size_t place, const Relation& input) const;

 private:
  /// The first place of a name in the inputs; next_ leads to others of it.
  boost::unordered_flat_map<std::string_view, std::size_t, std::hash<std::string_view>> places_;
  std::vector<std::size_t> next_;
  boost::unordered_flat_map<const Column*, std::size_t> same_;
  ColumnList columns_;
  bool any_type_ = false;
};

}  // namespace redoubt::kql

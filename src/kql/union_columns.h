#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kql/plan.h"

namespace redoubt::kql {

/// Which column of a union the columns of its inputs become: the one of their name and type; in kind=inner,
/// whose columns may have another type, the one of their name.
class UnionColumns {
 public:
  explicit UnionColumns(const Relation& rows);

  /// The number of the union's column that a column of an input becomes; nothing: it is not among them.
  std::optional<std::size_t> place_of(const Column& of_input) const;
  /// The column of an input that becomes one of the union. Null: it has none.
  const Column* source_of(std::size_t place, const Relation& input) const;

 private:
  std::unordered_map<std::string_view, std::vector<std::size_t>> places_;  ///< by the name in the inputs
  ColumnList columns_;
  bool any_type_ = false;
};

}  // namespace redoubt::kql

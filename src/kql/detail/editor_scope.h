#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kql/analysis.h"

namespace redoubt::kql::detail {

/// What names mean at an operator of an analysed text.
struct EditorScope {
  const Relation* rows = nullptr;
  const Relation* right = nullptr;
  const Relation* result = nullptr;
};

/// The operator whose word begins at the offset; all null: there is none.
EditorScope scope_at(const Analysis& analysis, std::uint32_t operator_offset);

/// Columns of rows, and such as are only known by the query naming them.
std::vector<const Column*> known_columns(const Analysis& analysis, const Relation* rows);

/// What statements in front of an offset declare and can be seen there; a later one of a name wins.
std::vector<const Declaration*> visible_declarations(const Analysis& analysis, std::uint32_t offset);

/// Tells the stored tables that columns come from.
class ColumnTables {
 public:
  explicit ColumnTables(const Analysis& analysis);
  /// Empty: an operator made the column.
  std::string_view table_of(const Column* column) const;

 private:
  std::unordered_map<const Column*, std::string_view> names_;
};

/// `a long, b string, ...`, of at most so many columns.
std::string columns_text(const Relation& rows, std::size_t most);

/// `(x: long, y: string = 'a')  saved function`.
std::string saved_text(const SavedFunction& function);

/// `(x: long, y: string = "a")` of a function, `string`, `table of a long, b string`.
std::string value_text(const Syntax& syntax, const Expression& value);

}  // namespace redoubt::kql::detail

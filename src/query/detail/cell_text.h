#pragma once

#include <optional>
#include <string_view>

#include "kql/types.h"
#include "kql/value.h"

namespace redoubt::query::detail {

/// How a cell stands in its file: in CSV a text that may mean anything, in JSON a string, or another value
/// (its JSON). A cell that is empty, null or not there has no text at all.
enum class CellForm : char { Text = 't', String = 's', Json = 'j' };

/// The types that a cell may be of by what it is; string is always among them, dynamic only for lists and
/// bags. Of texts and strings only what cannot mean anything else: whole numbers without leading zeros, times
/// of ISO 8601 (a day alone in CSV only: in JSON it is more often a version), or as the Azure portal writes
/// them (`1/31/2024, 11:22:33.123 PM`).
kql::TypeSet possible_types(CellForm form, std::string_view text);

/// Whether a cell says a time, or a day, in one of these ways.
bool is_time(CellForm form, std::string_view text);

/// What the cells of a column are, all together.
class ColumnKinds {
 public:
  void add(CellForm form, std::string_view text);
  /// What they have in common. Lists and bags beside other JSON make it dynamic, any other mixture string,
  /// and so does a column without a value.
  kql::Type type() const;

 private:
  kql::TypeSet common_ = kql::kAllTypes;
  bool any_ = false;
  bool containers_ = false;
};

/// The value of a cell as one of a type. Nothing: it is none; what is no JSON becomes a dynamic text.
std::optional<kql::Value> value_of(kql::Type type, CellForm form, std::string_view text);

}  // namespace redoubt::query::detail

#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kql/analysis.h"

namespace redoubt::kql::detail {

/// What the text of a plan says apart, and by what name it refers to it.
class PlanNames {
 public:
  PlanNames() = default;
  /// Large expressions that stand in several places are said once: otherwise a text can be exponential in
  /// its plan.
  explicit PlanNames(const Analysis& analysis);

  void name_rows(const Relation& rows, std::string name) { rows_[&rows] = std::move(name); }
  void forget_rows(const Relation& rows) { rows_.erase(&rows); }
  /// Null: they have none.
  const std::string* of_rows(const Relation& rows) const;

  bool is_apart(const Expression& value) const { return values_.contains(&value); }
  /// Of one that is apart. What was named first has still to be said.
  std::string_view of_value(const Expression& value);
  /// An expression that was named and not said yet, and its name.
  struct Unsaid {
    const Expression* value = nullptr;
    std::string name;
  };
  std::optional<Unsaid> next_unsaid();

 private:
  std::unordered_map<const Relation*, std::string> rows_;
  boost::unordered_flat_map<const Expression*, std::string> values_;  ///< empty: not named yet
  std::vector<const Expression*> named_;
  std::size_t said_ = 0;
};

/// An expression as KQL, on one line; one that is apart by its name.
std::string to_text(const Expression& expression, PlanNames& names);
/// The same of one that is apart, written out.
std::string definition_text(const Expression& expression, PlanNames& names);

}  // namespace redoubt::kql::detail

#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <unordered_set>
#include <vector>

#include "kql/analysis.h"

namespace redoubt::kql::detail {

/// The query that mv-apply or partition applies, and the rows that it begins with.
struct AppliedQuery {
  const Relation* query = nullptr;
  const Relation* begin = nullptr;
};
/// Nothing: the operator applies none.
std::optional<AppliedQuery> applied_query(const Relation& rows);

/// Which rows of a plan stand in such queries.
class AppliedQueries {
 public:
  explicit AppliedQueries(const Analysis& analysis);

  /// The innermost operator in whose query the rows hang on those that it begins with. Null: they are the
  /// same everywhere.
  const Relation* owner(const Relation& rows) const;
  /// Whether they are nothing but what a query begins with.
  bool is_begin(const Relation& rows) const { return begins_.contains(&rows); }
  /// How often queries read them as the rows that they begin with.
  std::size_t uses_as_begin(const Relation& rows) const;

 private:
  void add(const Relation& rows, const AppliedQuery& applied);
  std::vector<const Relation*> parts_of(const Relation& rows, const Relation& begin) const;

  boost::unordered_flat_map<const Relation*, std::size_t> places_;  ///< what others use comes before them
  boost::unordered_flat_map<const Relation*, const Relation*> owners_;
  boost::unordered_flat_map<const Relation*, std::size_t> uses_;
  std::unordered_set<const Relation*> begins_;
};

}  // namespace redoubt::kql::detail

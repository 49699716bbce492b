#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <optional>
#include <vector>

#include "kql/analysis.h"

namespace redoubt::kql::detail {

/// Builds a plan anew from what it reads up to its results. What does not change stays the same object.
class PlanMap {
 public:
  explicit PlanMap(Analysis& analysis) : analysis_(analysis), arena_(*analysis.arena) {}
  virtual ~PlanMap() = default;
  PlanMap(const PlanMap&) = delete;
  PlanMap& operator=(const PlanMap&) = delete;

  void run();

 protected:
  /// What stands in place of rows whose parts were mapped already; `before` is how they were.
  virtual const Relation* map(const Relation* rows, const Relation& before) {
    (void)before;
    return rows;
  }
  virtual const Expression* map(const Expression* value) { return value; }

  Relation* copy(const Relation& rows) { return arena_.make<Relation>(rows); }
  Expression* copy(const Expression& value) {
    ++copied_;
    return arena_.make<Expression>(value);
  }
  /// How many expressions were copied: what the map has cost.
  std::size_t copied() const { return copied_; }
  template <class T>
  std::span<const T> keep(const std::vector<T>& values) {
    return arena_.copy(std::span<const T>(values));
  }
  /// What stands in place of a part of an expression. Nothing: its own parts are looked at; null: there is
  /// nothing that could.
  using Substituted = std::optional<const Expression*>;
  using Substitute = std::function<Substituted(const Expression& part)>;
  /// The expression with what stands in place of its parts; null: one of them has nothing.
  const Expression* substituted(const Expression& root, const Substitute& substitute);

  Arena& arena() { return arena_; }
  Analysis& analysis() { return analysis_; }
  /// How many read some rows, counting results and places inside expressions. To be asked within run().
  std::size_t uses(const Relation* before);

 private:
  void count_uses();
  const Relation* mapped(const Relation* rows) const;
  const Expression* mapped(const Expression* value) const;
  const Relation* rebuilt(const Relation& rows);
  template <class Mapped>
  const Expression* rebuilt(const Expression& value, const Mapped& mapped);

  Analysis& analysis_;
  Arena& arena_;
  std::size_t copied_ = 0;
  // Those that changed.
  boost::unordered_flat_map<const Relation*, const Relation*> relations_;
  boost::unordered_flat_map<const Expression*, const Expression*> expressions_;
  std::optional<boost::unordered_flat_map<const Relation*, std::size_t>> uses_;  ///< counted when asked for
};

}  // namespace redoubt::kql::detail

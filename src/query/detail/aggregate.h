#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "kql/evaluate.h"
#include "kql/plan.h"

namespace redoubt::query::detail {

/// The arguments of one row, where they lie.
class Arguments {
 public:
  explicit Arguments(std::span<const kql::Value* const> values) : values_(values) {}

  std::size_t size() const { return values_.size(); }
  const kql::Value& operator[](std::size_t i) const { return *values_[i]; }

 private:
  std::span<const kql::Value* const> values_;
};

/// An aggregate over the rows of one group, as its page of the Kusto Query Language reference has it.
class Aggregate {
 public:
  Aggregate() = default;
  Aggregate(const Aggregate&) = delete;
  Aggregate& operator=(const Aggregate&) = delete;
  virtual ~Aggregate() = default;

  /// The arguments of one row, without the predicate of those that have one; of arg_max(), arg_min() and
  /// take_any() one for each column that they give.
  virtual Result<void> add(Arguments arguments) = 0;
  /// One value; of a call that gives several columns, one for each.
  virtual Result<std::vector<kql::Value>> results() = 0;
};

/// A call of an aggregate, shared by its groups. What it has to do with arguments is without the predicate.
struct AggregateCall {
  const kql::Expression* expression = nullptr;
  const kql::EvaluationContext* context = nullptr;
  std::vector<kql::Type> types;              ///< of the arguments
  std::vector<const kql::Value*> constants;  ///< the values of arguments that no row changes; else null

  /// The number that an argument is; `otherwise` where it is not written, or null.
  std::int64_t whole(std::size_t argument, std::int64_t otherwise) const;
  kql::Type type(std::size_t argument) const {
    return argument < types.size() ? types[argument] : kql::Type::Unknown;
  }
  const kql::EvaluationLimits& limits() const { return context->limits; }
  /// KQL0405
  tl::unexpected<Error> too_large() const;
};

/// A new aggregate for one group; the call outlives it.
using AggregateFactory = std::unique_ptr<Aggregate> (*)(const AggregateCall& call);

inline constexpr std::size_t kNoPredicate = SIZE_MAX;
struct AggregateRow {
  std::string_view name;
  AggregateFactory make;
  /// The argument that says whether a row counts.
  std::size_t predicate = kNoPredicate;
};
using AggregateRows = std::span<const AggregateRow>;

/// The row of an aggregate, by its name, else by the one that it is an alias of. Null: it is not known here.
const AggregateRow* find_aggregate(const kql::Function& function);

// The tables, a topic each.
AggregateRows number_aggregates();      ///< count, sum, avg, min ...
AggregateRows statistic_aggregates();   ///< variance, stdev, covariance
AggregateRows row_aggregates();         ///< arg_max, arg_min, take_any
AggregateRows collection_aggregates();  ///< make_list, make_set, make_bag
AggregateRows schema_aggregates();      ///< buildschema
AggregateRows distinct_aggregates();    ///< dcount, hll ...
AggregateRows percentile_aggregates();  ///< percentile, tdigest ...

template <class T>
std::unique_ptr<Aggregate> make_aggregate(const AggregateCall& call) {
  if constexpr (std::is_constructible_v<T, const AggregateCall&>)
    return std::make_unique<T>(call);
  else
    return std::make_unique<T>();
}

}  // namespace redoubt::query::detail

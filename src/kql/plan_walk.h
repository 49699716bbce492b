#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>
#include <vector>

#include "kql/analysis.h"

namespace redoubt::kql {

using RelationVisitor = std::function<void(const Relation&)>;
using ExpressionVisitor = std::function<void(const Expression&)>;

/// Visits once each table, operator and expression that the results of a query are made of, also those inside
/// expressions; what others use comes before them.
void each_node(const Analysis& analysis, const RelationVisitor& relation,
               const ExpressionVisitor& expression);

/// The tables and operators alone.
void each_relation(const Analysis& analysis, const RelationVisitor& take);

/// An expression and everything in it, each once; not what tables in it are made of.
void each_expression(const Expression& root, const ExpressionVisitor& take);

/// What several expressions say together, each part of them once: a call that gives many columns is the value
/// of each of these.
class ExpressionWalk {
 public:
  /// The parts that no call before it took. `root` may be null.
  void each(const Expression* root, const ExpressionVisitor& take);

 private:
  boost::unordered_flat_set<const Expression*> seen_;
  std::vector<const Expression*> stack_;
};

/// What an operator says by itself: arguments, values and keys, each expression in them once.
void each_expression(const Relation& rows, const ExpressionVisitor& take);

/// What a name of the query, or a call of its functions, stands for; other expressions themselves.
const Expression& behind_names(const Expression& value);

/// `a and b and c` as [a, b, c].
std::vector<const Expression*> conjuncts_of(const Expression* condition);

}  // namespace redoubt::kql

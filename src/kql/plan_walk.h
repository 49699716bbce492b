#pragma once

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

/// `a and b and c` as [a, b, c].
std::vector<const Expression*> conjuncts_of(const Expression* condition);

}  // namespace redoubt::kql

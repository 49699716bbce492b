#pragma once

#include <string>

#include "core/result.h"
#include "kql/analysis.h"
#include "kql/evaluate.h"
#include "query/sql/catalog.h"

namespace redoubt::query::sql {

/// How much of a query is said in SQL.
struct SqlShare {
  std::size_t statements = 0;
  std::size_t operators_in_memory = 0;
};

/// For each result of a query the SQL that the engine is asked, and the operators that are worked out in
/// memory on what it gives.
/// Errors: those of what has to be known before, such as toscalar() of rows that nobody has.
Result<std::string> explain(const kql::Analysis& analysis, const Catalog& catalog,
                            const kql::EvaluationContext& evaluation, SqlShare* share = nullptr);

}  // namespace redoubt::query::sql

#pragma once

#include <vector>

#include "kql/analysis.h"

namespace redoubt::kql {

struct AdviceOptions {
  /// Whoever runs the query limits its time: an analytics rule has its queryPeriod.
  bool time_is_limited = false;
};

/// What a query would better do, as hints in the order of the text; nothing for a query with errors.
///
/// KQL0601 no condition on time, KQL0602 contains where has would do, KQL0603 a join with a whole table,
/// KQL0604 every table is read, KQL0605 every column is looked in, KQL0606 a text is changed for a comparison
/// that has an operator, KQL0607 a deprecated name, KQL0608 a number that is compared with a text.
/// Source: Kusto Query Language, "Best practices for Kusto Query Language queries"; Azure Monitor, "Optimize
/// log queries".
std::vector<Problem> advise(const Analysis& analysis, const AdviceOptions& options = {});

}  // namespace redoubt::kql

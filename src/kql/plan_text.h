#pragma once

#include <string>

#include "kql/analysis.h"

namespace redoubt::kql {

/// The plan of a query for people: what each result is made of, in the order in which rows go through it,
/// what a join or union reads and what mv-apply and partition apply indented below it, what is used more than
/// once under a name of its own in front; a large expression that is, below the operator that has it first.
/// Linear in the plan, however often things are used.
///
///     table SigninLogs [TimeGenerated: datetime, ResultType: string]  TimeGenerated >= ago(1d)
///     | where ResultType != "0"
///     | summarize count_ = count() by ResultType
///     => ResultType: string, count_: long
std::string plan_text(const Analysis& analysis);

}  // namespace redoubt::kql

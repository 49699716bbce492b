#pragma once

#include <string>
#include <unordered_map>

#include "kql/analysis.h"

namespace redoubt::kql {

/// What tables are called that a text shows elsewhere.
using PartNames = std::unordered_map<const Relation*, std::string>;

/// An expression as KQL, on one line.
std::string to_text(const Expression& expression, const PartNames* names = nullptr);

/// The plan of a query for people: what each result is made of, in the order in which rows go through it,
/// what a join or union reads indented below it, what is used more than once under a name of its own in
/// front.
///
///     table SigninLogs [TimeGenerated: datetime, ResultType: string]  TimeGenerated >= ago(1d)
///     | where ResultType != "0"
///     | summarize count_ = count() by ResultType
///     => ResultType: string, count_: long
std::string plan_text(const Analysis& analysis);

}  // namespace redoubt::kql

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kql/analysis.h"
#include "kql/evaluate.h"
#include "kql/rewrite.h"
#include "query/limits.h"
#include "query/table_source.h"

namespace redoubt::query {

/// One table that a query gives.
struct ResultTable {
  std::string name;  ///< of a fork, a facet or `as`; may be empty
  std::vector<std::pair<std::string, kql::Type>> columns;
  std::vector<Cells> cells;  ///< by column
  std::size_t rows = 0;
  bool truncated = false;  ///< there were more rows than max_result_rows
  bool ordered = false;    ///< the order of the rows means something
  /// What the last render says: `kind` is the chart, the others its properties. Empty: there is none.
  std::vector<std::pair<std::string, std::string>> visualization;
};

/// What reading a stored table took. A table that a query reads several times stands there as often.
struct Scan {
  std::vector<std::string> tables;  ///< one, but for rows that are worked out of several
  std::uint64_t rows = 0;           ///< that the source gave
  bool is_whole = true;  ///< they are all rows of the table, not what a condition or a count left of them
  std::size_t columns = 0;
  std::chrono::nanoseconds time{0};
};

struct RunOptions {
  kql::EvaluationContext evaluation;
  kql::AnalysisLimits analysis;
  kql::RewriteOptions rewrites;
  QueryLimits limits;
  std::stop_token stop;
  /// What the query's parameters are given; those of the environment count where there are none here.
  kql::ParameterValues parameters;
  /// Stored tables with a time are limited to it.
  std::optional<kql::TimeSpan> span;
  /// Not null: gets what plugins gave on the way, with which whoever binds a query that failed finds why.
  kql::Discoveries* discoveries = nullptr;
};

/// What a query gives: every table, in the order of the text.
struct Answer {
  std::vector<ResultTable> tables;
  std::vector<kql::Problem> warnings;
  std::vector<Scan> scans;
  std::chrono::nanoseconds time{0};
};

/// KQL0305 (InvalidInput): the text is a management command, which is not run.
Result<void> check_no_command(const kql::Syntax& syntax);

/// Answers a query over the tables that the environment describes and `source` holds.
///
/// Plugins whose columns hang on their rows are run first, and the query is bound again with what they gave.
/// Errors, with their line and column where they have a place in the query: the first error of the analysis
/// by its code; KQL0305 a management command; QRY0001 what can not be run yet, naming it; QRY0002
/// to QRY0004 and QRY0021 limits; QRY0006 an option of the query that is set to what it may not be; QRY0005 a
/// table that is not there; QRY0007 a parameter that the query does not declare; errors of the evaluator
/// (KQL04xx).
Result<Answer> run(std::string_view query, const kql::Environment& environment, TableSource& source,
                   const RunOptions& options);

}  // namespace redoubt::query

#pragma once

#include <string>

#include "cli/context.h"
#include "core/result.h"
#include "kql/analysis.h"
#include "kql/query_files.h"
#include "report/table.h"

namespace redoubt::cli {

/// What there is to say about one query, and the line it is said of.
struct QueryProblem {
  Diagnostic diagnostic;
  std::string excerpt;       ///< of the file, ready to print
  std::uint32_t length = 0;  ///< characters of the file; 0: something is missing there
  Where end;                 ///< where it ends in the file
  std::string id;            ///< hex; the same when lines move
};

/// A problem of a query at its place in the file that the query was found in.
QueryProblem shown(const kql::Problem& problem, const kql::FoundQuery& query, const doc::Sources& sources,
                   const report::TableStyle& style);
/// One of a saved function, in the function's own file.
QueryProblem shown(const kql::SavedProblem& problem, const doc::Sources& sources,
                   const report::TableStyle& style);
/// A column that a rule takes from a result which lacks it, at its place in the file.
QueryProblem shown(const kql::TakenColumn& column, Diagnostic diagnostic, const kql::FoundQuery& query,
                   const doc::Sources& sources, const report::TableStyle& style);
/// All errors of a query, and of saved functions that it calls, on stderr.
void tell_errors(const kql::Analysis& analysis, const kql::FoundQuery& query, const doc::Sources& sources,
                 Context& context);
/// One, on stderr.
void tell(const QueryProblem& problem, Context& context);
/// Both lines, as text for a terminal.
std::string to_text(const QueryProblem& problem);

}  // namespace redoubt::cli

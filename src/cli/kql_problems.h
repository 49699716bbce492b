#pragma once

#include <string>

#include "core/result.h"
#include "kql/analysis.h"
#include "kql/query_files.h"
#include "report/table.h"

namespace redoubt::cli {

/// What there is to say about one query, and the line it is said of.
struct QueryProblem {
  Diagnostic diagnostic;
  std::string excerpt;  ///< of the file, ready to print
};

/// A problem of a query at its place in the file that the query was found in.
QueryProblem shown(const kql::Problem& problem, const kql::FoundQuery& query, const doc::Sources& sources,
                   const report::TableStyle& style);
/// One of a saved function, in the function's own file.
QueryProblem shown(const kql::SavedProblem& problem, const doc::Sources& sources,
                   const report::TableStyle& style);
/// Both lines, as text for a terminal.
std::string to_text(const QueryProblem& problem);

}  // namespace redoubt::cli

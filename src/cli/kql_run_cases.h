#pragma once

#include "cli/interrupt.h"
#include "cli/kql_session.h"

namespace redoubt::cli {

/// `kql run --cases FILE`: `{id, query, tables?, now?}` -> `{id, columns, rows, results?, error?}`. A case
/// without tables of its own is asked about those of the session. Ctrl-C stops one query.
Result<Exit> run_query_cases(const std::string& file, QuerySession& session, Interrupt& interrupt,
                             Context& context);

}  // namespace redoubt::cli

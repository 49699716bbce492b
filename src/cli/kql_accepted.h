#pragma once

#include "cli/arguments.h"
#include "cli/context.h"
#include "cli/kql_check_report.h"
#include "core/result.h"

namespace redoubt::cli {

/// `--baseline`, `--write-baseline` and what goes with them, for diagnostics.
std::vector<Option> accepted_options();

/// Names each problem, leaves out those that the baseline accepts and counts them, and writes one where that
/// is asked for. An entry is of one finding, or of a code (`policy`) and a file (`resource`).
/// Errors: those of baseline_options.h.
Result<void> accept_known(const Arguments& arguments, Context& context, QueryCheck& check);

}  // namespace redoubt::cli

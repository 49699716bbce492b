#pragma once

#include <span>

#include "core/result.h"
#include "report/sarif.h"

namespace redoubt::report {

/// Diagnostics as a run: a rule for each code, what it says being that of its first diagnostic. Errors are of
/// level error, warnings of level warning, hints are notes.
SarifRun to_sarif_run(std::span<const Diagnostic> diagnostics);

}  // namespace redoubt::report

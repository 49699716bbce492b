#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "report/sarif.h"

namespace redoubt::report {

/// Diagnostics as a run: a rule for each code, described as docs/reference/errors.md does. Errors are of
/// level error, warnings of level warning, hints are notes.
SarifRun to_sarif_run(std::span<const Diagnostic> diagnostics);

/// A name of each diagnostic, hex, that stays the same when lines move: of its code, file and message, and of
/// which one it is among those alike.
std::vector<std::string> fingerprints_of(std::span<const Diagnostic> diagnostics);

}  // namespace redoubt::report

#pragma once

#include <string>

#include "cli/arguments.h"
#include "cli/command.h"
#include "core/level.h"
#include "core/result.h"

namespace redoubt::cli {

/// The option `--fail-on LEVEL`.
Option fail_on_option(Level fallback);
/// The same for what gives diagnostics: `error`, `warning` and `hint` are other names of high, medium and
/// low.
Option fail_on_diagnostic_option();
/// The level that was asked for.
Level fail_on(const Arguments& arguments);

/// Whether hints are shown: with --verbose, and where they decide the exit code.
bool shows_hints(const Arguments& arguments, bool verbose);

/// Level of a diagnostic: error = high, warning = medium, hint = low.
Level level_of(Severity severity);

/// Exit::Findings when `worst` is at or above the asked level.
Exit exit_for(Level worst, Level asked);

}  // namespace redoubt::cli

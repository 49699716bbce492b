#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/context.h"
#include "core/result.h"
#include "posture/baseline.h"
#include "posture/scan.h"

namespace redoubt::cli {

/// `--baseline`, `--write-baseline` and what goes with it.
std::vector<Option> baseline_options();

/// The file that the options read: --baseline, else the one that is to be written where it exists. Empty:
/// none.
std::string baseline_file(const Arguments& arguments);

/// CLI0047 (Usage) for --write-baseline without --reason or --owner, these without it, or a wrong --expires.
Result<void> check_baseline_options(const Arguments& arguments);

/// Errors (Usage): those of doc, and what is wrong in it, all of which is told.
Result<posture::Baseline> read_baseline(const std::string& path, Context& context);

/// Writes entries of what is to be accepted behind what the file holds; reason, owner and expiry are those of
/// the options. Errors: CLI0007, CLI0008.
Result<void> write_baseline(const Arguments& arguments, Context& context,
                            std::vector<posture::BaselineEntry> findings);
/// The same of what is noncompliant and not accepted.
Result<void> write_baseline(const Arguments& arguments, Context& context, posture::Scan& scan);

}  // namespace redoubt::cli

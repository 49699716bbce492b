#pragma once

#include <vector>

#include "arm/expand.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "core/result.h"

namespace redoubt::cli {

/// `--scope`, `--location`, `--tenant`, `--now`: what a user can say about a deployment.
std::vector<Option> deployment_options();

/// The time given by `--now`, if it was. CLI0020 (Usage) for what is no time.
Result<std::optional<Instant>> read_now(const Arguments& arguments);

/// Reads them. CLI0020 (Usage) for a scope that is no id of a scope or a time that is no time.
Result<arm::ExpandOptions> read_deployment_options(const Arguments& arguments);

}  // namespace redoubt::cli

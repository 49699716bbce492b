#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/arguments.h"
#include "cli/command.h"
#include "core/result.h"

namespace redoubt::cli {

/// Severity of a finding, in rising order; as a `--fail-on` value None asks for no failure.
enum class Level : std::uint8_t { None, Low, Medium, High, Critical };

/// `none`, `low`, `medium`, `high`, `critical`.
std::string_view name_of(Level level);

/// The option `--fail-on LEVEL`.
Option fail_on_option(Level fallback);
/// The level that was asked for.
Level fail_on(const Arguments& arguments);

/// Level of a diagnostic: error = high, warning = medium, hint = low.
Level level_of(Severity severity);

/// Exit::Findings when `worst` is at or above the asked level.
Exit exit_for(Level worst, Level asked);

}  // namespace redoubt::cli

#pragma once

#include <span>
#include <string>

#include "cli/command.h"

namespace redoubt::cli {

/// docs/reference/cli.md.
std::string command_reference(std::span<const Command> commands);

/// A completion script for bash: command names, options, values with a fixed choice, else files.
std::string bash_completions(std::span<const Command> commands);

}  // namespace redoubt::cli

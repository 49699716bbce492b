#pragma once

#include <span>
#include <string>

#include "cli/command.h"
#include "cli/console.h"

namespace redoubt::cli {

/// The program: reads the words, runs the command they name, answers with the exit code.
/// Exceptions are left to the caller, the one place that catches what nobody expected.
int run(int argc, char** argv);

/// The same with a command table and streams of one's own; `words` do not include the program's name.
Exit run(std::span<const std::string> words, std::span<const Command> commands, Console& console);

}  // namespace redoubt::cli

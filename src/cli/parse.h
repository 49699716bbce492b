#pragma once

#include <span>
#include <string>

#include "cli/arguments.h"
#include "cli/command.h"

namespace redoubt::cli {

/// Reads the words after a command's name by its table. With `--help` among them nothing is required.
///
/// Options may stand anywhere; what follows `--` are arguments; `-` is an argument.
/// Errors, all Usage: CLI0002 unknown option, CLI0003 an option without its value or given twice,
/// CLI0004 a value that is none of the choices, CLI0005 a missing argument, CLI0006 an argument too many.
Result<Arguments> parse(const Command& command, std::span<const std::string> words);

}  // namespace redoubt::cli

#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"

namespace redoubt::cli {

/// The words that a settings file (`--config`) adds to those of the command line: options of `command` that
/// were not given. The file is YAML, a mapping from names of options without dashes to text, a number, a list
/// of such (options that may be given several times) or true and false (switches). An option of another
/// command is left alone.
///
/// Errors, all Usage: CLI0011 it can't be read, CLI0012 its form, or a name that is no option of any command.
Result<std::vector<std::string>> words_of_settings(const std::string& file, const Command& command,
                                                   const Arguments& given, std::span<const Command> commands);

}  // namespace redoubt::cli

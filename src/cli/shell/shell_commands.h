#pragma once

#include <string>
#include <string_view>

#include "cli/shell/shell.h"
#include "kql/completion.h"

namespace redoubt::cli {

/// Does what a line says that begins with a dot, or with the word of a command. Errors: CLI0081 (Usage) there
/// is no such command, CLI0082 (Usage) its argument, CLI0083 (NotFound) there is no such table; those of what
/// it does.
Result<void> run_shell_command(Shell& shell, std::string_view line);

/// Whether a line begins with a dot and the word of a command.
bool is_shell_command(std::string_view line);

/// What could stand at the end of such a line.
kql::Completion complete_shell_command(std::string_view text, const kql::Environment& environment);

/// The commands, a line each, for help.
std::string shell_commands_text();

}  // namespace redoubt::cli

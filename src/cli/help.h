#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/command.h"

namespace redoubt::cli {

/// `redoubt --help`: what it is for, first examples, all commands. `width` in columns.
std::string overview_help(std::span<const Command> commands, std::size_t width);
/// `redoubt arm`: the commands of one area with their examples.
std::string area_help(std::span<const Command> commands, std::string_view area, std::size_t width);
/// `redoubt arm expand --help`: examples first, then usage, arguments and options.
std::string command_help(const Command& command, std::size_t width);

/// `redoubt arm expand TEMPLATE [options]`
std::string usage_line(const Command& command);
/// `-o, --output FILE`
std::string flags_text(const Option& option);
/// What the option does, with its choices and default.
std::string option_text(const Option& option);
/// Everything Redoubt exits with.
std::string exit_code_text();

}  // namespace redoubt::cli

#pragma once

#include <vector>

#include "cli/command.h"

namespace redoubt::cli {

/// Every command, in the order of help and reference: the areas' own functions put together.
std::vector<Command> all_commands();

// One function an area, each in a file of its own: <area>_commands.cpp.
std::vector<Command> arm_commands();
std::vector<Command> policy_check_commands();
std::vector<Command> policy_eval_commands();
std::vector<Command> posture_commands();
std::vector<Command> compare_commands();
std::vector<Command> diff_commands();
std::vector<Command> rescan_commands();
std::vector<Command> compliance_commands();
std::vector<Command> score_commands();
std::vector<Command> trend_commands();
std::vector<Command> preflight_commands();
std::vector<Command> zone_commands();
std::vector<Command> content_commands();
std::vector<Command> kql_check_commands();
std::vector<Command> kql_functions_commands();
std::vector<Command> kql_editor_commands();
std::vector<Command> kql_explain_commands();
std::vector<Command> kql_format_commands();
std::vector<Command> kql_run_commands();
std::vector<Command> kql_shell_commands();
std::vector<Command> logs_commands();
Command logs_load_command();
std::vector<Command> general_commands();

}  // namespace redoubt::cli

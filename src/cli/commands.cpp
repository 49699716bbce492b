#include "cli/commands.h"

#include <iterator>

namespace redoubt::cli {

namespace {

using AreaCommands = std::vector<Command> (*)();

constexpr AreaCommands kAreas[] = {
    arm_commands,        policy_check_commands, policy_eval_commands, posture_commands,
    compare_commands,    diff_commands,         rescan_commands,      compliance_commands,
    score_commands,      trend_commands,        preflight_commands,   zone_commands,
    kql_check_commands,  kql_explain_commands,  kql_format_commands,  kql_functions_commands,
    kql_editor_commands, kql_run_commands,      kql_shell_commands,   logs_commands,
    content_commands,    general_commands,
};

}  // namespace

std::vector<Command> all_commands() {
  std::vector<Command> commands;
  for (AreaCommands area : kAreas) {
    std::vector<Command> more = area();
    commands.insert(commands.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
  }
  return commands;
}

}  // namespace redoubt::cli

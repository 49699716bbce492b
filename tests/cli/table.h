#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace redoubt::cli {

/// A command table of its own, so that these tests do not change with the program's commands.
std::vector<Command> table_of_tests();

/// The words of a line as a shell would see them; quotes keep spaces.
std::vector<std::string> words_of(std::string_view line);

}  // namespace redoubt::cli

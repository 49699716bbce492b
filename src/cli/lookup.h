#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/command.h"

namespace redoubt::cli {

/// What the first words name: a command, an area (`redoubt arm`), or, with neither, the program itself.
struct Lookup {
  const Command* command = nullptr;
  std::string area;
  std::vector<std::string> words;  ///< the rest: options and arguments of the command
};

/// Options before the name are moved behind it. `commands` must outlive the answer.
/// Errors: CLI0001 (Usage) for words that name nothing, with what was probably meant.
Result<Lookup> look_up(std::span<const Command> commands, std::span<const std::string> words);

}  // namespace redoubt::cli

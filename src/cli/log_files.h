#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "core/result.h"

namespace redoubt::cli {

/// What a path means.
struct LogFiles {
  std::vector<std::string> read;
  std::vector<std::string> others;  ///< of a folder, whose names do not say that they hold events
};

/// The files that a path means: itself; of a folder those below it that hold events, which their names tell;
/// of a name with `*` or `?` those of its folder that it fits. Sorted by path, so that those of Azure's
/// exports (y=2024/m=03/d=01/...) come in their order; there may be none. DOC0001: the folder can't be read.
Result<LogFiles> log_files(const std::string& path);

/// Says what is not read: one line with the first names, with --verbose each.
void tell_others(const std::string& folder, const LogFiles& files, Context& context);

}  // namespace redoubt::cli

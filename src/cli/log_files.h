#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace redoubt::cli {

/// The files that a path means: itself; of a folder those below it that hold events, which their names tell;
/// of a name with `*` or `?` those of its folder that it fits. Sorted by path, so that those of Azure's
/// exports (y=2024/m=03/d=01/...) come in their order; there may be none. DOC0001: the folder can't be read.
Result<std::vector<std::string>> log_files(const std::string& path);

}  // namespace redoubt::cli

#pragma once

#include <string>

#include "cli/arguments.h"
#include "cli/command.h"

namespace redoubt::cli {

/// `--data DIR`: where Redoubt keeps what it is given.
Option data_option();
const std::string& data_directory(const Arguments& arguments);

}  // namespace redoubt::cli

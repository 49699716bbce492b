#pragma once

#include <string>

#include "core/result.h"
#include "doc/json.h"
#include "doc/sources.h"

namespace redoubt::cli {

/// Reads the JSON file that an option names. Whatever is wrong with it is wrong usage: exit 2, before any
/// work.
Result<Reading<doc::Document>> read_option_file(doc::Sources& sources, const std::string& path);

/// The same for `--parameters`. EST0103: it is no parameter file.
Result<Reading<doc::Document>> read_parameter_file(doc::Sources& sources, const std::string& path);

}  // namespace redoubt::cli

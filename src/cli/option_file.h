#pragma once

#include <string>

#include "cli/context.h"
#include "core/result.h"
#include "doc/json.h"
#include "doc/sources.h"

namespace redoubt::cli {

/// Reads the JSON file that an option names. Whatever is wrong with it is wrong usage: exit 2, before any
/// work.
Result<Reading<doc::Document>> read_option_file(doc::Sources& sources, const std::string& path,
                                                const doc::JsonLimits& limits = {});

/// The same for YAML; warnings of the reader, as of a member that stands twice, are told.
Result<doc::Document> read_option_yaml(doc::Sources& sources, const std::string& path, Context& context);

/// Tells what a reader of such a file said, in its order; the last error is the result, as Usage.
Result<void> tell_mistakes(const std::vector<Diagnostic>& diagnostics, Context& context);

/// Reads a parameter file. EST0103: it is no parameter file.
Result<Reading<doc::Document>> read_parameter_file(doc::Sources& sources, const std::string& path);

}  // namespace redoubt::cli

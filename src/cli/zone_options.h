#pragma once

#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "core/result.h"
#include "posture/zone.h"

namespace redoubt::cli {

/// `--alz`, `--architecture`, `--value`, `--policy`, `--assign`: where a landing zone is described.
std::vector<Option> zone_options();

/// Reads them. CLI0041 (Usage) for a `--value` that is not name=value.
Result<posture::ZoneSources> zone_sources(const Arguments& arguments);

/// The scope of a tree that `--at` names. CLI0040 (Usage) when there is none.
Result<const estate::ScopeNode*> find_scope(const estate::ScopeTree& tree, std::string_view name);

}  // namespace redoubt::cli

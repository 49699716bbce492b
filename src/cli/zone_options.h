#pragma once

#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "core/result.h"
#include "estate/load.h"
#include "posture/zone.h"

namespace redoubt::cli {

/// `--zone`, `--alz`, `--architecture`, `--value`, `--policy`, `--assign`: where a landing zone is described.
std::vector<Option> zone_options();

/// A zone file; an empty one without a path. Errors (Usage): those of read_zone_file; with `need_sources`
/// POS0018 for a path that is not there.
Result<posture::ZoneFile> read_zone(const std::string& path, doc::Sources& sources,
                                    std::vector<Diagnostic>& diagnostics, bool need_sources = true);

/// The zone file of a command that takes it as FILE and as --zone; may be empty. CLI0051 (Usage) for both.
Result<std::string> zone_file_of(const Arguments& arguments);

/// What the file says, and the options on top. CLI0041 (Usage) for a `--value` that is not name=value.
Result<posture::ZoneSources> zone_sources(const Arguments& arguments, const posture::ZoneFile& file);

/// Where the zone file says that its templates are deployed; what it leaves open is as in `base`.
/// CLI0020 (Usage) for a scope that is neither in the tree nor an id.
Result<std::vector<estate::Placement>> placements_of(const posture::ZoneFile& file,
                                                     const estate::ScopeTree& tree,
                                                     const arm::ExpandOptions& base,
                                                     const doc::Sources& sources);

/// The scope of a tree that `--at` names. CLI0040 (Usage) when there is none.
Result<const estate::ScopeNode*> find_scope(const estate::ScopeTree& tree, std::string_view name);

}  // namespace redoubt::cli

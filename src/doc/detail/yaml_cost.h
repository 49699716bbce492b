#pragma once

#include "doc/sources.h"
#include "doc/yaml.h"

namespace redoubt::doc::detail {

/// DOC0103 for what libyaml needs more than linear time for, found before it is parsed: long runs of blanks
/// inside scalars (it clears a buffer of their size at every word) and many or long %TAG directives (it
/// compares each with all others, and copies the prefix to every tag).
///
/// What counts are bytes: a comment's blanks count, too.
Result<void> check_cost(const Sources& sources, std::uint32_t file, std::string_view text,
                        const YamlLimits& limits);

}  // namespace redoubt::doc::detail

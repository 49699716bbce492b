#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arm/origins.h"
#include "estate/resource.h"
#include "policy/operators.h"

namespace redoubt::policy::detail {

/// Known slashes in the pieces of a text.
std::size_t slashes(std::span<const doc::Value> pieces);
/// Marks the open pieces as names of a path: none holds a slash.
void mark_segments(std::span<doc::Value> pieces);
/// Whether the pieces of a name have one for each segment of the type, so that no open one holds a slash.
bool is_whole_name(std::span<const doc::Value> pieces, std::string_view type);
/// The first piece behind the last known `mark`, after which the pieces are cut; 0 where there is none.
std::size_t behind_last(std::vector<doc::Value>& pieces, std::string_view mark);

/// The text of the pieces, a plain one where nothing is open.
doc::Value text_of_pieces(arm::Origins& origins, std::span<const doc::Value> pieces);

/// The id as conditions see it. Open scopes alone are compared as text; other open parts make it unknown,
/// known in part.
doc::Value id_value(arm::Origins& origins, const estate::Resource& resource);

/// Whether a child or extension lies below a resource, where one of their ids is open; what it hangs on goes
/// to `open`: the origins of the open parts.
Truth lies_below(arm::Origins& origins, const estate::Resource& resource, const estate::Resource& above,
                 std::vector<std::string>& open);

}  // namespace redoubt::policy::detail

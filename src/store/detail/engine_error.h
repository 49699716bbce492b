#pragma once

#include <string_view>

#include "core/result.h"

namespace redoubt::store::detail {

/// What the engine's own text means to the user: a code of ours, and the text without what names the whole
/// statement, lists all that might have stood there, or tells where in the engine it happened.
///
/// `text` is `Code: 60. DB::Exception: Unknown table expression identifier 'a' in scope ... (UNKNOWN_TABLE)`.
Error engine_error(std::string_view text);

/// STO0008.
tl::unexpected<Error> stopped();
/// STO0005, where it is not the engine that says so.
tl::unexpected<Error> out_of_time();
Error out_of_memory();

}  // namespace redoubt::store::detail

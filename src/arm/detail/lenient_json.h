#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "arm/function.h"

namespace redoubt::arm::detail {

/// Parses the text of a json() call into the call's arena: JSON, and what Newtonsoft.Json reads besides:
/// strings in single quotes and member names without quotes, as format() writes objects.
///
/// Bounded by kMaxTextBytes, 256 levels and kMaxItems nodes. Errors: ARM0302, with the place of the first
/// mistake but nothing of the text.
Result<doc::Value> parse_lenient_json(Call& call, std::string_view text);

}  // namespace redoubt::arm::detail

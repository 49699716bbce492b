#pragma once

#include <string>
#include <string_view>

namespace redoubt::testing {

/// The text or number of the member `id` of a JSON object, or nothing. No parser: it works on lines that are
/// no JSON too, which some cases are about.
std::string json_id(std::string_view line);

}  // namespace redoubt::testing

#pragma once

#include <string_view>

namespace redoubt::kql::detail {

/// Whether a name is like a pattern, in which `*` stands for any text. Case counts. Linear in both, times
/// stars.
bool matches_wildcard(std::string_view name, std::string_view pattern);

}  // namespace redoubt::kql::detail

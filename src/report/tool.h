#pragma once

#include <string_view>

namespace redoubt::report {

/// What `redoubt --version` prints and reports name as their maker; the build checks it against the project's
/// version.
inline constexpr std::string_view kToolName = "Redoubt";
inline constexpr std::string_view kToolVersion = "0.1.0";

}  // namespace redoubt::report

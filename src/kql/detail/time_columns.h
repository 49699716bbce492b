#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

namespace redoubt::kql::detail {

/// Of the standard columns, those that say when a row came to be: of Log Analytics and of Defender XDR.
/// Source: Azure Monitor, "Standard columns in Azure Monitor Logs"; Defender XDR, "Advanced hunting schema".
inline constexpr std::string_view kTimeColumns[] = {"TimeGenerated", "Timestamp"};

constexpr bool is_time_column(std::string_view name) {
  return std::find(std::begin(kTimeColumns), std::end(kTimeColumns), name) != std::end(kTimeColumns);
}

}  // namespace redoubt::kql::detail

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace redoubt {

/// Severity of a finding, in rising order; where a level is asked for, None asks for nothing.
enum class Level : std::uint8_t { None, Low, Medium, High, Critical };

inline constexpr std::string_view kLevelNames[] = {"none", "low", "medium", "high", "critical"};

std::string_view name_of(Level level);
/// In any case.
std::optional<Level> find_level(std::string_view name);

}  // namespace redoubt

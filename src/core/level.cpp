#include "core/level.h"

#include <iterator>

#include "core/text.h"

namespace redoubt {

std::string_view name_of(Level level) { return kLevelNames[static_cast<std::size_t>(level)]; }

std::optional<Level> find_level(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kLevelNames); ++i)
    if (equal_any_case(kLevelNames[i], name)) return static_cast<Level>(i);
  return std::nullopt;
}

}  // namespace redoubt

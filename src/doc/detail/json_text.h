#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "doc/sources.h"

namespace redoubt::doc::detail {

struct Rewritten {
  std::string text;
  Sources::Shifts shifts;
};

/// Escapes control characters that stand inside strings, as hand-written templates have them in multi-line
/// strings; comments are passed over. Nothing when there are none.
std::optional<Rewritten> escape_line_breaks(std::string_view text);

}  // namespace redoubt::doc::detail

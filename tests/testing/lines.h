#pragma once

#include <string>
#include <string_view>

#include "testing/cases.h"

namespace redoubt::testing {

/// Renders every line of a case by itself: one line of output a line of input.
Render by_line(Render render_line);

}  // namespace redoubt::testing

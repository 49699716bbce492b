#pragma once

#include <string>
#include <string_view>

namespace redoubt {

/// What to do about a path that can't be read: `hint`, and where stdin was meant that it is not read.
std::string path_hint(std::string_view path, std::string_view hint);

}  // namespace redoubt

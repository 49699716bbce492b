#pragma once

#include <string>
#include <string_view>

namespace redoubt::testing {

/// `\xNN`, `\n`, `\r` and `\t` stand for bytes, so that case files stay text; a backslash in front of
/// anything else stands for that.
std::string unescape(std::string_view text);

}  // namespace redoubt::testing

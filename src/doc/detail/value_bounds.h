#pragma once

#include <cstddef>
#include <string_view>

namespace redoubt::doc::detail {

/// Where the JSON list or object that `text` begins with ends; npos when it is never closed. Strings are
/// passed over, comments are not known.
std::size_t end_of_value(std::string_view text);

/// The piece of a JSON Lines text that `text` begins with: a line; or a value that goes over several lines;
/// or one of several values that share a line. `several_lines` is set to false once a bracket was never
/// closed: then it is a line that is wrong, and looking for its end again and again would take long.
std::string_view next_piece(std::string_view text, bool& several_lines);

}  // namespace redoubt::doc::detail

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace redoubt::report {

/// What a piece of text means; how that looks is decided in one place.
enum class Tone : std::uint8_t { Plain, Heading, Muted, Good, Notice, Bad, Critical };

/// True when `descriptor` is a terminal that shows colours and nobody asked for none: TERM is not `dumb`, and
/// NO_COLOR is absent or empty. Source: https://no-color.org
bool terminal_shows_color(int descriptor);

/// Columns of the terminal behind `descriptor`; 0 when it is none.
std::size_t terminal_width(int descriptor);

/// `text` between the ANSI sequences of `tone`, or as it is when `color` is false.
std::string paint(std::string_view text, Tone tone, bool color);

}  // namespace redoubt::report

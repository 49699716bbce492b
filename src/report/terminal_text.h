#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace redoubt::report {

/// Text that cannot steer a terminal: control characters, direction marks and bytes that are no UTF-8 are
/// written out (`\x1b`, `\u202e`); tabs become spaces. Line breaks stay.
///
/// Names in templates and exports come from strangers.
std::string printable(std::string_view text);
/// The same on one line: line breaks become spaces, so that a name can't forge a line of its own.
std::string printable_line(std::string_view text);

/// At most `bytes` of a text, whole characters, with ` ...` behind what was cut.
std::string clipped(std::string_view text, std::size_t bytes);

/// A printable line of at most so many columns, whole characters, with `...` behind what was cut. Of less
/// than four columns there is nothing but the `...`.
std::string shortened(std::string_view line, std::size_t width);

/// Columns that printable text takes: combining marks 0, East Asian wide characters and emoji 2, others 1.
/// Source: Unicode Standard Annex 11, classes W and F.
std::size_t display_width(std::string_view text);

/// `text` in lines of at most `width` columns, broken at spaces, inside long words after `/`, `.`, `,` and
/// the like, at any character as the last resort. Line breaks of the text stay. Width 0 is unlimited.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace redoubt::report

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "report/table.h"

namespace redoubt::report {

/// The line of a text that a place is in, and below it marks under `size` bytes from there (within the line,
/// at least one). Of a long line the part around the place. Made safe for a terminal; ends with a line break.
///
///     12 | | where Fo == 1
///        |         ^^
std::string excerpt(std::string_view text, std::size_t offset, std::size_t size, std::size_t line_number,
                    const TableStyle& style);

}  // namespace redoubt::report

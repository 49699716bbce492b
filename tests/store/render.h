#pragma once

#include <string>

#include "store/block.h"

namespace redoubt::store {

/// The columns with their types, then a line for each row: `x Int64 | s String?`, `1 | "a"`; null is `-`.
std::string to_text(const Block& block);

/// The cell alone.
std::string to_text(const Column& column, std::size_t row);

}  // namespace redoubt::store

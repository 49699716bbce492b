#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "store/engine.h"

namespace redoubt::store::detail {

/// STO0015 (Usage) an input without name, columns or blocks.
Result<void> check_input(const Input& input);

/// The statement that tells the columns of a SELECT's result.
std::string describe_statement(std::string_view sql);

/// Adds the columns that the rows of its answer name. Errors: STO0012 (Unsupported) a type that is not read.
Result<void> add_described(const Block& rows, Block& out);

}  // namespace redoubt::store::detail

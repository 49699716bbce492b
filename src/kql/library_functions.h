#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace redoubt::kql {

/// A function of the documents' library: KQL that a query declares with let, or a database keeps. The
/// language does not know it.
struct LibraryFunction {
  std::string_view name;
  std::uint8_t availability = 0;  ///< kAdx and so on (functions.h)
};

/// All of them, sorted by name. Each has the page learn.microsoft.com/kusto/functions-library/<its name with
/// `-` for `_`>.
std::span<const LibraryFunction> library_functions();

}  // namespace redoubt::kql

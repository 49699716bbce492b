#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kql/environment.h"
#include "kql/schemas.h"

namespace redoubt::kql {

/// What there is to say of a name in a query.
struct Hover {
  std::uint32_t begin = 0;  ///< bytes of the text that it is about
  std::uint32_t end = 0;
  std::string text;  ///< lines, the first one is the shortest answer; empty: there is nothing to say
};

/// Of the name at a byte of a query: the type of a column and its table, the signature of a function, the
/// value of a let, the columns of a table, what an operator does and gives. Linear in the text's size.
Hover hover(std::string_view text, std::uint32_t position, const Environment& environment);

}  // namespace redoubt::kql

#pragma once

#include <span>
#include <string_view>

#include "kql/token.h"

namespace redoubt::kql::detail {

/// Where a keyword may stand as a name.
enum class KeywordUse : std::uint8_t {
  Reserved,   ///< nowhere; it needs brackets
  Parameter,  ///< in a path
  Extended,   ///< where a name is declared
  Name        ///< everywhere
};

struct Keyword {
  std::string_view text;
  TokenKind kind;
  KeywordUse use;
};

/// All of them, sorted by their bytes, in the order of their kinds.
std::span<const Keyword> keywords();

/// The keyword that the front of a text is, if no letter or digit goes on behind it. The longest decides:
/// of `mv-expandx` none is.
const Keyword* keyword_at(std::string_view text);

}  // namespace redoubt::kql::detail

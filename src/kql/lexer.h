#pragma once

#include <string_view>
#include <vector>

#include "kql/token.h"

namespace redoubt::kql {

/// Splits a query into tokens, the last of them TokenKind::End. Tokens and what leads them cover the text:
/// `leading` and `size` of all add up to its size.
///
/// Input is UTF-8 of at most 2^32 - 1 bytes; any bytes are taken. Linear in the text's size.
/// Source: Kusto Query Language reference, "Syntax conventions", "String literals"; where it is silent,
/// Kusto.Language 12.4.1.
std::vector<Token> tokenize(std::string_view text);

}  // namespace redoubt::kql

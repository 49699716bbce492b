#pragma once

#include "kql/token.h"

namespace redoubt::kql::detail {

/// `==`-like operators of strings (`has`, `contains`, `matches regex` ...), and `:`, which is `has` in a
/// search.
bool is_string_operator(TokenKind kind);
/// `in`, `has_any` and their like, which take a list.
bool is_membership(TokenKind kind);
bool is_relation(TokenKind kind);
bool is_arithmetic(TokenKind kind);

}  // namespace redoubt::kql::detail

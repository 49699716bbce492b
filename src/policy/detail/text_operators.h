#pragma once

#include <string>
#include <string_view>

#include "policy/operators.h"

namespace redoubt::policy::detail {

// The operators on text that is open or known in part. What is known decides where no value of the open parts
// could turn the answer (semantics 2.3, item 2).

/// equals, with at least one side open. Open scopes are compared as text.
Truth open_equals(const doc::Value& left, const doc::Value& right, Comparison how);

/// contains on text, with at least one side open.
Truth open_contains(const doc::Value& left, const doc::Value& right, Comparison how);

/// like, match and matchInsensitively.
Truth fits_pattern(Operator op, const doc::Value* left, const doc::Value& right, Comparison how,
                   std::string& error);

/// The text of a scalar; `storage` holds it where the value itself is no text.
std::string_view view_scalar(const doc::Value& value, std::string& storage);

}  // namespace redoubt::policy::detail

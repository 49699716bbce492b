#pragma once

#include <string>

#include "kql/value.h"

namespace redoubt::query::detail {

/// Appends bytes that are the same for values that are the same (Value::same_as, and a number of another
/// width), so that several values one behind the other make a key of a group.
void append_key(std::string& key, const kql::Value& value);

/// What a value is looked up by in a list; empty: it is null, which is in none.
std::string list_key(const kql::Value& value, bool any_case);

}  // namespace redoubt::query::detail

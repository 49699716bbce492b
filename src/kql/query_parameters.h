#pragma once

#include <optional>
#include <string>

#include "kql/value.h"

namespace redoubt::kql {

/// The value that a text gives a parameter of a declared type: a literal of the language
/// (`datetime(2024-01-31)`, `1d`, `'text'`, `dynamic([1])`), or the value as it is written (`2024-01-31`,
/// `text`, `[1]`). A number becomes one of a wider type. Nothing: it is none of that type.
std::optional<Value> parameter_value(Type type, const std::string& text);

}  // namespace redoubt::kql

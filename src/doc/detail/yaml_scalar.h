#pragma once

#include <optional>
#include <string_view>

#include "doc/value.h"

namespace redoubt::doc::detail {

/// What a plain scalar without tag means in the core schema of YAML 1.2; a string refers to `text`.
/// Numbers beyond 64 bits are Real, too large ones infinite.
Value core_value(std::string_view text);

/// The standard tags that say of which type a scalar is.
enum class ScalarTag : std::uint8_t { String, Null, Bool, Int, Float };
/// Of the whole tag, such as `tag:yaml.org,2002:int`.
std::optional<ScalarTag> scalar_tag(std::string_view tag);

/// The value when the text can be read as the tag says.
std::optional<Value> tagged_value(ScalarTag tag, std::string_view text);

}  // namespace redoubt::doc::detail

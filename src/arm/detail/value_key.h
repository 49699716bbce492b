#pragma once

#include <string>

#include "doc/value.h"

namespace redoubt::arm::detail {

/// Appends what names a value in a key. Equal values, and only those, give equal keys; what is long is
/// replaced by its digest, unknowns are named by their id.
void append_key(std::string& key, const doc::Value& value);

}  // namespace redoubt::arm::detail

#pragma once

#include <string>

#include "arm/origins.h"
#include "policy/evaluate.h"

namespace redoubt::policy {

/// What a change of modify or append does, for people: `set tags.env to "prod"`, `change sku.name from "A" to
/// "B"`, `add "x" to properties.list`, `remove tags.old`.
std::string in_words(const Change& change, const arm::Origins& origins);

/// The same without the values: `set tags.env`.
std::string in_words(const Change& change);

}  // namespace redoubt::policy
